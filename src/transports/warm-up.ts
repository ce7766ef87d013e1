// The first response costs some ten milliseconds more than all later ones: undici's parser is WebAssembly,
// compiled where it is first run. So one canned response is parsed while we wait for the server's first.
import { Duplex } from 'node:stream';
import Client, { type DispatchHandler } from 'undici/lib/dispatcher/client.js';

const RESPONSE = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok';

/** Never touches the network; done when control is back in the event loop. */
export function warmUpParser(): void {
  const client = new Client('http://warm-up.invalid', {
    connect: (_target, callback) => queueMicrotask(() => callback(null, cannedSocket())),
    allowH2: false,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 1024,
    keepAliveTimeout: 1000,
    keepAliveTimeoutThreshold: 0,
  });
  const done = () => client.destroy(new Error('warmed up'), () => {});
  const handler: DispatchHandler = {
    onRequestStart() {},
    onResponseStarted() {},
    onResponseStart() {},
    onResponseData() {},
    onResponseEnd: done,
    onResponseError: done,
  };
  client.dispatch({ path: '/', method: 'GET', headers: [], body: null, blocking: false }, handler);
}

/** Answers whatever is written with the canned response. */
function cannedSocket(): Duplex {
  const socket = new Duplex({
    read() {},
    write(_chunk, _encoding, callback) {
      socket.push(RESPONSE);
      callback();
    },
  });
  return socket.on('error', () => {}); // destroyed with a reason when done
}
