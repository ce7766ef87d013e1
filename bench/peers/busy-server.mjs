// A Node server with an event loop and no line of its own: each answer costs 5 ms of its one thread.
import { createServer } from 'node:http';

const [, , port] = process.argv;
createServer((_, response) => {
  const untilMs = performance.now() + 5;
  while (performance.now() < untilMs);
  response.end('busy');
}).listen(Number(port), '127.0.0.1');
