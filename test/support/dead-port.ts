// A port that answers nothing, not even to a SYN: a stopped process whose queue of connections is full. No packet
// filter is needed for it, but Linux is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import type { TestContext } from 'node:test';

const LISTEN = `
  const server = require('node:net').createServer();
  server.listen({ host: process.argv[1], port: Number(process.argv[2]), backlog: 1 }, () => {
    process.stdout.write('x', () => process.kill(process.pid, 'SIGSTOP'));
  });`;
/** More than the queue of a backlog of 1 takes; those beyond it hang as everyone after them will. */
const FILLERS = 4;

/** Gone when the test ends. */
export async function startDeadPort(t: TestContext, host: string, port: number): Promise<void> {
  const child = spawn(process.execPath, ['-e', LISTEN, host, String(port)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const fillers = Array.from({ length: FILLERS }, () => net.connect({ host, port }).on('error', () => {}));
  t.after(() => {
    for (const filler of fillers) filler.destroy();
  });
  await Promise.all(fillers.slice(0, 2).map(filler => once(filler, 'connect')));
}
