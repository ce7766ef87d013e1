// Forty scenarios that follow from one number: the families of scenarios.json, with as many of each, and everything
// that those fix drawn anew. A finder that was tuned on the forty is told apart from one that finds by these.
import { seededRandom } from '../../src/base/random.ts';

type Fields = Readonly<Record<string, unknown>>;
type Draw = ReturnType<typeof drawsOf>;

const REQUESTS_MAX = 10_000;
const NEAR = { rtt: 0.005, jitter: 0.0005 };
/** Workers of the steady servers: from and to. */
const STEADY = [
  [1, 2],
  [2, 5],
  [2, 5],
  [3, 8],
  [6, 15],
  [6, 15],
  [6, 20],
  [8, 24],
  [25, 80],
  [80, 150],
] as const;

/** @returns scenarios in the form of the file (docs/SCENARIOS.md) */
export function generatedScenarios(seed: number): Fields[] {
  const draw = drawsOf(seed);
  return [
    ...STEADY.map(([from, to], index) => steady(draw, `${index}`, draw.log(from, to))),
    fast(draw),
    ...[4, 5, 16, 40].map((to, index) => short(draw, `${index}`, to)),
    ...[stepped(draw, 'small', 2, 6), stepped(draw, 'large', 6, 24), scaled(draw), warmed(draw)],
    ...[bounded(draw, '503'), bounded(draw, 'refused'), bounded(draw, 'wait')],
    ...[shared(draw, 'small', 2, 5), shared(draw, 'middle', 6, 12), shared(draw, 'large', 12, 30)],
    ...[distant(draw, 'calm', 0.1), distant(draw, 'jitter', 0.6)],
    ...[bucket(draw, 'hint'), counted(draw, 'hint'), counted(draw, 'headers'), bucket(draw, 'none')],
    ...['p500', 'p503', 'pHang', 'timeout'].map(kind => faulty(draw, kind)),
    ...[rival(draw, 'a while'), rival(draw, 'always')],
    ...['interleave', 'random', 'blocks'].map(order => mixed(draw, order)),
  ];
}

function steady(draw: Draw, name: string, workers: number): Fields {
  const service = draw.service(draw.between(0.05, 1));
  return { id: `steady-${name}`, family: 'steady', ...draw.sized(workers, 60, 200), service, net: NEAR };
}

function fast(draw: Draw): Fields {
  const service = draw.service(draw.between(0.004, 0.02));
  const net = { rtt: 0.001, jitter: 0.0002 };
  return { id: 'steady-fast', family: 'steady', ...draw.sized(draw.log(4, 16), 300, 1200), service, net };
}

function short(draw: Draw, name: string, to: number): Fields {
  const workers = draw.log(Math.max(2, to / 3), to);
  const service = draw.service(draw.between(0.2, 1));
  return { id: `short-${name}`, family: 'short', ...draw.sized(workers, 3, 12, 9), service, net: NEAR };
}

/** Three numbers of workers, one after the other. */
function stepped(draw: Draw, name: string, from: number, to: number): Fields {
  const service = draw.service(draw.between(0.1, 1));
  const levels = [draw.log(from, to)];
  for (const last of [0, 1])
    levels.push(Math.max(1, Math.round((levels[last] as number) * draw.one([0.33, 0.5, 2, 3]))));
  const spanS = (service.mean as number) * draw.between(30, 90);
  const workers = levels.map((level, index) => [index * spanS, level]);
  const n = Math.round((spanS / (service.mean as number)) * levels.reduce((a, b) => a + b, 0));
  return { id: `step-${name}`, family: 'change', n, server: { mode: 'fifo', workers }, service, net: NEAR };
}

/** Twice as many workers, three times. */
function scaled(draw: Draw): Fields {
  const service = draw.service(draw.between(0.1, 0.5));
  const spanS = (service.mean as number) * draw.between(12, 30);
  const first = draw.log(1, 4);
  const workers = [0, 1, 2, 3].map(time => [time * spanS, first * 2 ** time]);
  const n = Math.min(REQUESTS_MAX, Math.round(first * 8 * draw.between(80, 150)));
  return { id: 'scaled', family: 'change', n, server: { mode: 'fifo', workers }, service, net: NEAR };
}

function warmed(draw: Draw): Fields {
  const service = draw.service(draw.between(0.1, 0.5));
  const size = draw.sized(draw.log(3, 16), 100, 200);
  const warmup = { factor: draw.between(2, 6), tau: (service.mean as number) * draw.between(10, 30) };
  return { id: 'warmed', family: 'change', ...size, server: { ...size.server, warmup }, service, net: NEAR };
}

function bounded(draw: Draw, kind: string): Fields {
  const size = draw.sized(draw.log(2, 20), 80, 200);
  const queue = kind === '503' ? draw.one([0, 0, 1, 2]) : draw.whole(3, 20);
  const reject = kind === 'refused' ? 'refused' : '503';
  const wait = kind === 'wait' ? { retryAfter: draw.one([1, 1, 2, 5]) } : {};
  const server = { ...size.server, queue, reject, ...wait };
  const service = draw.service(draw.between(0.1, 0.6));
  return { id: `bounded-${kind}`, family: 'bounded', ...size, server, service, net: NEAR };
}

function shared(draw: Draw, name: string, from: number, to: number): Fields {
  const size = draw.sized(draw.log(from, to), 100, 250);
  const service = draw.service(draw.between(0.05, 0.4));
  return {
    id: `ps-${name}`,
    family: 'ps',
    ...size,
    server: { ...size.server, mode: 'ps' },
    service,
    net: NEAR,
  };
}

function distant(draw: Draw, name: string, jitterMax: number): Fields {
  const rtt = draw.between(0.05, 0.3);
  const net = { rtt, jitter: rtt * draw.between(0.02, jitterMax) };
  const service = draw.service(draw.between(0.03, 0.2));
  return { id: `distant-${name}`, family: 'network', ...draw.sized(draw.log(3, 12), 150, 400), service, net };
}

function bucket(draw: Draw, hint: string): Fields {
  const rate = draw.log(4, 60);
  const retryAfter = hint === 'none' ? 'none' : draw.one(['ceil', 'exact']);
  const rateLimit = { type: 'bucket', rate, burst: draw.whole(5, 40), retryAfter };
  return { id: `bucket-${hint}`, ...limited(draw), n: Math.round(rate * draw.between(30, 80)), rateLimit };
}

function counted(draw: Draw, hint: string): Fields {
  const limit = draw.whole(20, 150);
  const meter = { type: 'window', limit, window: draw.one([2, 5, 10, 20]), retryAfter: 'ceil' };
  const rateLimit = hint === 'headers' ? { ...meter, headers: true } : meter;
  return { id: `counted-${hint}`, ...limited(draw), n: limit * draw.whole(5, 12), rateLimit };
}

function limited(draw: Draw): Fields {
  const service = draw.service(draw.between(0.03, 0.3));
  const net = { rtt: 0.02, jitter: 0.002 };
  return { family: 'rate', server: { mode: 'fifo', workers: 50 }, service, net };
}

function faulty(draw: Draw, kind: string): Fields {
  const service = draw.service(draw.between(0.1, 0.6));
  const meanS = service.mean as number;
  const errors = kind === 'timeout' ? {} : { errors: { [kind]: draw.between(0.005, 0.03) } };
  const timeout = kind === 'timeout' || kind === 'pHang' ? { timeout: meanS * draw.between(12, 16) } : {};
  const size = draw.sized(draw.log(2, 20), 80, 200);
  return { id: `faulty-${kind}`, family: 'errors', ...size, service, net: NEAR, ...errors, ...timeout };
}

function rival(draw: Draw, time: string): Fields {
  const workers = draw.log(4, 24);
  const service = draw.service(draw.between(0.1, 0.5));
  const meanS = service.mean as number;
  const span = time === 'always' ? { from: 0 } : { from: 30 * meanS, to: draw.between(70, 120) * meanS };
  const competitor = { concurrency: Math.max(1, Math.round(workers * draw.between(0.2, 0.5))), ...span };
  const size = draw.sized(workers, 90, 180);
  return {
    id: `rival-${time.replace(' ', '-')}`,
    family: 'competitor',
    ...size,
    service,
    net: NEAR,
    competitor,
  };
}

function mixed(draw: Draw, order: string): Fields {
  const quick = draw.between(0.04, 0.3);
  const classes = [
    { key: '/quick', weight: draw.whole(1, 4), service: draw.service(quick) },
    { key: '/slow', weight: 1, service: draw.service(quick * draw.between(3, 20)) },
  ];
  return {
    id: `mixed-${order}`,
    family: 'mixed',
    ...draw.sized(draw.log(2, 16), 100, 220),
    classes,
    order,
    net: NEAR,
  };
}

function drawsOf(seed: number) {
  const random = seededRandom(seed);
  const between = (from: number, to: number): number => from + (to - from) * random.next();
  const one = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)] as T;
  const kinds = ['det', 'uniform', 'uniform', 'exp', 'exp', 'lognormal', 'bimodal'] as const;
  return {
    between,
    one,
    whole: (from: number, to: number): number => Math.floor(between(from, to + 1)),
    /** Small ones as often as large ones. */
    log: (from: number, to: number): number => Math.round(Math.exp(between(Math.log(from), Math.log(to)))),
    /** So many workers, and so many requests for each of them. */
    sized(workers: number, from: number, to: number, least = 40) {
      const n = Math.min(REQUESTS_MAX, Math.max(least, Math.round(workers * between(from, to))));
      return { n, server: { mode: 'fifo', workers } };
    },
    service(mean: number): Fields {
      const dist = one(kinds);
      if (dist === 'uniform') return { dist, mean, spread: between(0.2, 0.8) };
      if (dist === 'lognormal') return { dist, mean, sigma: between(0.5, 1.2) };
      if (dist === 'bimodal') return { dist, mean, pSlow: between(0.05, 0.2), ratio: between(4, 15) };
      return { dist, mean };
    },
  };
}
