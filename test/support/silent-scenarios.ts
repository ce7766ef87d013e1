// Seeded runs in which there is no one cause that the data shows: another thing than a rule looks for, two things at
// once, or a server that tells nothing. Nothing may be said of them but what is listed beside them.
import type { Fault } from '../../src/simulation/faults.ts';
import type { ServiceTime } from '../../src/workload/service-time.ts';
import { diagnosedRun } from './diagnosed.ts';
import { hostsRun, trickledRun } from './diagnosed-engine.ts';
import { capacity, constant, roomy, type Scenario, service, sometimes } from './scenarios.ts';

export const SILENT_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'the same, and the server does not say so': {
    cause: null,
    run: (draw, seed) => capacity(draw, seed, true),
  },
  'the same, and the server does not say it': { cause: null, run: (draw, seed) => roomy(draw, seed, true) },
  'as many at once as the server serves': {
    cause: null,
    run: (draw, seed) => {
      const limit = draw.whole(1, 12);
      const ms = draw.between(20, 2000);
      return diagnosedRun({
        ...{ requests: limit * draw.whole(8, 40), limit, seed },
        network: { rttMs: ms * draw.of(0, 0.01, 0.04) },
        server: { workers: limit, serviceTime: service(draw, ms) },
      });
    },
  },
  'all at once, and a worker for each': {
    cause: null,
    run: (draw, seed) => {
      const requests = draw.whole(8, 200);
      const server = { workers: requests, serviceTime: service(draw, draw.between(20, 2000)) };
      return diagnosedRun({ ...{ requests, limit: null, seed, server }, network: { rttMs: draw.of(0, 20) } });
    },
  },
  'a rate as high as what the server serves': {
    cause: null,
    also: ['server_capacity'],
    run: (draw, seed) => {
      const workers = draw.whole(2, 8);
      const ms = draw.between(50, 400);
      const perSecond = (workers * 1000 * draw.between(0.93, 1.05)) / ms;
      return diagnosedRun({
        ...{ requests: workers * 40, limit: workers * 4, seed },
        polite: { rate: { count: perSecond, windowMs: 1000 } },
        server: { workers, serviceTime: constant(ms) },
      });
    },
  },
  'a handler that works, in threads': {
    cause: null,
    run: (draw, seed) => {
      const limit = draw.whole(4, 20);
      const ms = draw.between(20, 400);
      return diagnosedRun({
        ...{ requests: limit * draw.whole(8, 20), limit, seed, strategy: 'threads' },
        costs: { cpuMs: ms * draw.between(0.5, 4), workers: draw.whole(2, 4) },
        server: { workers: limit * draw.of(1, 2), serviceTime: service(draw, ms) },
      });
    },
  },
  'a rate that the limit does not let us reach': {
    cause: null,
    also: ['own_limit'],
    run: (draw, seed) => {
      const limit = draw.whole(1, 10);
      const ms = draw.between(20, 400);
      const perSecond = (limit * 1000 * draw.between(1.1, 4)) / ms;
      return diagnosedRun({
        ...{ requests: limit * 30, limit, seed, isSilent: draw.of(true, false) },
        polite: { rate: { count: perSecond, windowMs: 1000 } },
        server: { workers: limit * draw.of(1, 2), serviceTime: constant(ms) },
      });
    },
  },
  'a server so full that requests time out in its queue': {
    cause: null,
    also: ['retries'],
    run: (draw, seed) =>
      diagnosedRun({
        ...{ requests: 200, limit: null, seed },
        server: { workers: draw.whole(2, 4), serviceTime: service(draw, 2000) },
      }),
  },
  'a full backlog': {
    cause: null,
    also: ['retries'],
    run: (draw, seed) =>
      diagnosedRun({
        ...{ requests: 200, limit: draw.whole(20, 60), seed, polite: { retries: draw.of(0, 3) } },
        server: { workers: draw.whole(2, 4), backlog: draw.whole(1, 10), serviceTime: service(draw, 100) },
      }),
  },
  'a few that take very long': {
    cause: null,
    also: ['own_limit'],
    run: (draw, seed) => {
      const limit = draw.whole(4, 20);
      const mix = { parts: [{ value: constant(5000), percent: 3 }], rest: constant(50) };
      return diagnosedRun({
        ...{ requests: limit * 20, limit, seed },
        server: { workers: limit * draw.of(1, 2), serviceTime: { kind: 'mix', mix } as ServiceTime },
      });
    },
  },
  'workers that serve any number at once': {
    cause: null,
    run: (draw, seed) =>
      diagnosedRun({
        ...{ requests: 300, limit: draw.whole(8, 40), seed },
        server: { workers: draw.whole(1, 4), workerClass: 'async', serviceTime: service(draw, 100) },
      }),
  },
  'a handler that works a little': {
    cause: null,
    also: ['own_limit', 'server_capacity'],
    run: (draw, seed) => {
      const limit = draw.whole(2, 20);
      const ms = draw.between(50, 400);
      return diagnosedRun({
        ...{ requests: limit * 12, limit, seed },
        costs: { cpuMs: (ms / limit) * draw.between(0.1, 0.3) },
        server: { workers: limit, serviceTime: constant(ms) },
      });
    },
  },
  'far away, with connections that are kept': {
    cause: null,
    also: ['own_limit'],
    run: (draw, seed) => {
      const limit = draw.whole(1, 10);
      const ms = draw.between(5, 50);
      return diagnosedRun({
        ...{ requests: limit * draw.whole(10, 40), limit, seed, isSilent: draw.of(true, false) },
        network: { rttMs: ms * draw.between(6, 20) },
        server: { workers: limit, serviceTime: constant(ms) },
      });
    },
  },
  'a failure now and then, that is tried again': {
    cause: null,
    also: ['own_limit'],
    run: (draw, seed) =>
      diagnosedRun({
        ...{ requests: 400, limit: 4, seed, polite: { retries: 5 } },
        network: { rttMs: 2, faults: sometimes(draw.between(0.01, 0.04), { kind: 'status', status: 500 }) },
        server: { workers: draw.of(4, 20), serviceTime: constant(100) },
      }),
  },
  'nothing but failures': {
    cause: null,
    run: (draw, seed) => {
      const fault = draw.of<Fault>({ kind: 'refused' }, { kind: 'reset' }, { kind: 'status', status: 404 });
      return diagnosedRun({
        ...{ requests: 200, limit: draw.of(null, 5, 20), seed, polite: { retries: 0 } },
        network: { rttMs: 10, faults: sometimes(draw.between(0.2, 1), fault) },
      });
    },
  },
  'answers that take long to be read': {
    cause: null,
    run: (draw, seed) =>
      diagnosedRun({
        ...{ requests: 200, limit: draw.whole(2, 8), seed, isSilent: draw.of(true, false) },
        network: { rttMs: 1, faults: () => ({ kind: 'slow-body', pieces: 4, pauseMs: draw.of(20, 50) }) },
        server: { workers: 30, serviceTime: constant(20) },
      }),
  },
  'so few that nothing can be said': {
    cause: null,
    run: (draw, seed) =>
      diagnosedRun({ ...{ requests: draw.whole(0, 7), limit: draw.of(null, 1, 3), seed } }),
  },
  'hosts that are all alike': {
    cause: null,
    run: draw => {
      const ms = draw.between(5, 500);
      const hosts = [...'abcd'].map(name => [name, { requests: 50, ms: ms * draw.between(0.6, 1) }]);
      return hostsRun({ limit: draw.whole(2, 20), hosts: Object.fromEntries(hosts) });
    },
  },
  'a slow host that has only a part of the permits': {
    cause: null,
    run: draw => {
      const limit = draw.whole(4, 20);
      const hosts = { a: { requests: 80, ms: 1000 }, b: { requests: 120, ms: 50 } };
      return hostsRun({ limit, perHost: Math.floor(limit / 3) || 1, hosts });
    },
  },
  'an input that comes as fast as it is sent': {
    cause: null,
    run: draw => {
      const limit = draw.whole(2, 20);
      const everyMs = draw.between(1, 100);
      const serviceMs = everyMs * limit * draw.between(0.8, 3);
      return trickledRun({ requests: 300, everyMs, limit, serviceMs });
    },
  },
};
