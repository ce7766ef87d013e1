// The libraries that start functions at a pace or a few at a time. They send nothing themselves: what they start here
// is Node's own `fetch`, or got, which is how they are used.
import Bottleneck from 'bottleneck';
import got from 'got';
import pLimit from 'p-limit';
import PQueue from 'p-queue';
import pThrottle from 'p-throttle';
import { versionOf } from './versions.mjs';

const fetchOne = async ({ url, method, body }, signal) => {
  const response = await fetch(url, { method, body, signal });
  const bytes = await response.arrayBuffer();
  return { ok: response.status < 400, bytes: bytes.byteLength, why: String(response.status) };
};

/** Until `ms` from now, or for ever. */
const after = ms => (ms === undefined ? undefined : AbortSignal.timeout(ms));

/** @param start hands a function to the library: `(run) => promise of what it gave` */
async function all(requests, { onStart }, start, one = fetchOne) {
  const ends = [];
  for await (const request of requests) {
    const { url } = request;
    const end = start(signal => {
      onStart?.(url, performance.now());
      return one(request, signal);
    });
    ends.push(
      end.then(
        told => ({ url, ...told, atMs: performance.now() }),
        error => ({ url, ok: false, bytes: 0, why: reasonOf(error), atMs: performance.now() }),
      ),
    );
  }
  return await Promise.all(ends);
}

export function reasonOf(error) {
  return error.cause?.code ?? error.code ?? error.name ?? String(error);
}

const paced = (rate, extra) => (rate ? { interval: rate.windowMs, intervalCap: rate.count, ...extra } : {});

export const pQueue = strict => ({
  name: strict ? `p-queue ${versionOf('p-queue')}, strict` : `p-queue ${versionOf('p-queue')}`,
  abilities: strict ? ['rate'] : ['limit', 'timeout', 'rate', 'http'],
  async send(requests, limits) {
    const { limit, timeoutMs, rate } = limits;
    const queue = new PQueue({ concurrency: limit, timeout: timeoutMs, ...paced(rate, { strict }) });
    return await all(requests, limits, run => queue.add(({ signal } = {}) => run(signal)));
  },
});

/** As so many programs have it: the function knows nothing of the time-out of the queue. */
export const pQueueNoSignal = {
  name: 'p-queue, signal not handed on',
  abilities: ['limit', 'timeout'],
  async send(requests, limits) {
    const queue = new PQueue({ concurrency: limits.limit, timeout: limits.timeoutMs });
    return await all(requests, limits, run => queue.add(() => run()));
  },
};

/** The pair that has a limit, a rate and retries. */
export const pQueueGot = {
  name: 'p-queue + got',
  abilities: ['limit', 'timeout', 'rate', 'retries'],
  async send(requests, limits) {
    const { limit, timeoutMs, rate, retries = 0, onStart } = limits;
    const queue = new PQueue({ concurrency: limit, ...paced(rate, { strict: true }) });
    const one = gotOne({ timeoutMs, retries, onStart });
    return await all(requests, { ...limits, onStart: undefined }, run => queue.add(() => run()), one);
  },
};

export const pLimitFetch = {
  name: `p-limit ${versionOf('p-limit')}`,
  abilities: ['limit', 'timeout'],
  async send(requests, limits) {
    const limit = pLimit(limits.limit);
    return await all(requests, limits, run => limit(() => run(after(limits.timeoutMs))));
  },
};

export const pThrottleFetch = strict => ({
  name: strict ? `p-throttle ${versionOf('p-throttle')}, strict` : `p-throttle ${versionOf('p-throttle')}`,
  abilities: ['rate'],
  async send(requests, limits) {
    const { count, windowMs } = limits.rate;
    const throttled = pThrottle({ limit: count, interval: windowMs, strict })(run => run());
    return await all(requests, limits, run => throttled(run));
  },
});

const bottleneckRates = {
  reservoir: ({ count, windowMs }) => ({
    reservoir: count,
    reservoirRefreshAmount: count,
    reservoirRefreshInterval: windowMs, // a multiple of 250 ms, says its manual
  }),
  minTime: ({ count, windowMs }) => ({ minTime: windowMs / count }),
};

export const bottleneck = pace => ({
  name: `bottleneck ${versionOf('bottleneck')}${pace === 'minTime' ? ', minTime' : ', reservoir'}`,
  abilities: pace === 'minTime' ? ['limit', 'timeout', 'rate'] : ['rate'],
  async send(requests, limits) {
    const { limit, timeoutMs, rate } = limits;
    const limiter = new Bottleneck({ maxConcurrent: limit, ...(rate && bottleneckRates[pace](rate)) });
    const ends = await all(requests, limits, run => limiter.schedule({ expiration: timeoutMs }, () => run()));
    await limiter.disconnect();
    return ends;
  },
});

/** One request by got, with its own retries; `onStart` is told of each attempt. */
export function gotOne({ timeoutMs, retries, onStart, agent }) {
  return async ({ url, method, body }) => {
    const told = await got(url, {
      method,
      body,
      agent,
      retry: { limit: retries },
      timeout: { request: timeoutMs },
      responseType: 'buffer',
      hooks: { beforeRequest: [() => void onStart?.(url, performance.now())] },
    });
    return { ok: told.statusCode < 400, bytes: told.body.length, why: String(told.statusCode) };
  };
}

export { all };
