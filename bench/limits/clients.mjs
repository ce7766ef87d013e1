// The clients with limits and retries of their own: undici's RetryAgent and got.
import http from 'node:http';
import { Agent, interceptors, RetryAgent, request } from 'undici';
import { all, gotOne } from './queues.mjs';
import { versionOf } from './versions.mjs';

/** Its limit is the number of connections to an origin; it has no rate. */
export const retryAgent = {
  name: `undici ${versionOf('undici')} RetryAgent`,
  abilities: ['limit', 'timeout', 'retries', 'http'],
  async send(requests, limits) {
    const { limit, timeoutMs, retries = 0, onStart } = limits;
    const stamped = dispatch => (options, handler) => {
      onStart?.(options.origin + options.path, performance.now());
      return dispatch(options, handler);
    };
    const agent = new Agent({ connections: limit, pipelining: 1, headersTimeout: timeoutMs });
    const retrying = new RetryAgent(agent.compose(stamped), { maxRetries: retries });
    const dispatcher = retrying.compose(interceptors.decompress());
    const one = async ({ url, method, body }) => {
      const { statusCode, body: stream } = await request(url, { method, body, dispatcher });
      const bytes = await stream.bytes();
      return { ok: statusCode < 400, bytes: bytes.length, why: String(statusCode) };
    };
    const ends = await all(requests, { ...limits, onStart: undefined }, run => run(), one);
    await agent.destroy();
    return ends;
  },
};

/** Its limit is that of Node's agent: sockets to an origin. It has no rate. */
export const gotAlone = {
  name: `got ${versionOf('got')}`,
  abilities: ['limit', 'timeout', 'retries', 'http'],
  async send(requests, limits) {
    const { limit, timeoutMs, retries = 0, onStart } = limits;
    const agent = { http: new http.Agent({ keepAlive: true, maxSockets: limit }) };
    const one = gotOne({ timeoutMs, retries, onStart, agent });
    const ends = await all(requests, { ...limits, onStart: undefined }, run => run(), one);
    agent.http.destroy();
    return ends;
  },
};
