// The cases, each a promise somebody relies on, and the number that says how far it was kept.
import type { Ability, Contestant, Sent } from './contestant.ts';
import type { CountingServer } from './counting-server.ts';
import { CUT_KINDS } from './server.ts';
import { deliveredShare, floodAfterQuiet, most, span } from './windows.ts';

export interface Case {
  readonly title: string;
  /** What should be seen. */
  readonly right: string;
  readonly needs: readonly Ability[];
  readonly run: (contestant: Contestant, server: CountingServer) => Promise<string>;
}

let serial = 0;
/** Paths nobody has asked for yet. */
const paths = (origin: string, kind: string, count: number): Sent[] =>
  Array.from({ length: count }, () => ({ url: `${origin}/${encodeURI(kind)}/${serial++}` }));

const times = (ratio: number): string => `${ratio.toFixed(2)} ×`;

async function inFlightOver(contestant: Contestant, server: CountingServer, timeoutMs: number) {
  let worst = 0;
  for (const limit of [2, 5, 10, 25, 50]) {
    await server.take();
    const requests = paths(server.origins[0], 'after/400', 10 * limit);
    await contestant.send(requests, { limit, timeoutMs });
    const { inFlightMax } = await server.take();
    worst = Math.max(worst, ...Object.values(inFlightMax).map(count => count / limit));
  }
  return times(worst);
}

/** A flood, and one request, a quiet time and then a flood; the worse of both. */
async function worstWindow(contestant: Contestant, server: CountingServer, count: number, windowMs: number) {
  const requestCount = Math.max(61, 3 * count + 1);
  let worst = 0;
  let share = 0;
  for (const quietMs of [0, 0.75 * windowMs, 2.5 * windowMs]) {
    const startsMs: number[] = [];
    const requests = paths(server.origins[0], 'ok', requestCount);
    await contestant.send(quietMs === 0 ? requests : floodAfterQuiet(requests, quietMs), {
      limit: 1000,
      rate: { count, windowMs },
      onStart: (_, atMs) => startsMs.push(atMs),
    });
    worst = Math.max(worst, most(startsMs, windowMs) / count);
    if (quietMs === 0) share = deliveredShare(startsMs, { count, windowMs });
  }
  return `${times(worst)}, ${(share * 100).toFixed(1)} %`;
}

async function retriesInWindow(contestant: Contestant, server: CountingServer) {
  const startsMs: number[] = [];
  const rate = { count: 10, windowMs: 500 };
  const requests = paths(server.origins[0], 'busy', 40);
  await contestant.send(requests, {
    limit: 1000,
    rate,
    retries: 2,
    onStart: (_, atMs) => startsMs.push(atMs),
  });
  return times(most(startsMs, rate.windowMs) / rate.count);
}

async function takenForWhole(contestant: Contestant, server: CountingServer) {
  const taken: string[] = [];
  for (const kind of CUT_KINDS) {
    const requests = paths(server.origins[0], `cut/${kind}`, 1);
    const [end] = await contestant.send(requests, { limit: 1, timeoutMs: 2000 });
    if (end?.ok) taken.push(kind);
  }
  const of = `${taken.length} of ${CUT_KINDS.length}`;
  return taken.length === 0 ? of : `${of} (${taken.join('; ')})`;
}

/** How long the refused request was left alone, and how many others its host got meanwhile. */
async function afterRefusal(contestant: Contestant, server: CountingServer, asked: string, waitMs: number) {
  const [origin] = server.origins;
  const refused = paths(origin, `wait/${asked}`, 1);
  await server.take();
  async function* requests() {
    yield* refused;
    for (let i = 0; i < 20; i++) {
      await span(25); // the answer is there before most of the others are read
      yield* paths(origin, 'ok', 1);
    }
  }
  await contestant.send(requests(), { limit: 2, retries: 2 });
  const { arrivals } = await server.take();
  const [first, again] = arrivals.filter(({ path }) => path.startsWith('/wait/'));
  if (!first) return 'nothing was sent';
  const others = arrivals.filter(
    ({ path, atMs }) => path.startsWith('/ok/') && atMs > first.atMs + 50 && atMs < first.atMs + waitMs,
  );
  const waited = again ? `after ${((again.atMs - first.atMs) / 1000).toFixed(2)} s` : 'not again';
  return `${waited}, ${others.length} others`;
}

async function resetAfterSending(contestant: Contestant, server: CountingServer) {
  await server.take();
  const [{ url } = { url: '' }] = paths(server.origins[0], 'drop', 1);
  const [end] = await contestant.send([{ url, method: 'POST', body: 'pay 10' }], { limit: 1, retries: 2 });
  const { arrivals } = await server.take();
  return `sent ${arrivals.length} ×, told ${end?.why}`;
}

async function otherHost(contestant: Contestant, server: CountingServer) {
  const [refusing, other] = server.origins;
  const refused = paths(refusing, 'wait/2', 10);
  const free = paths(other, 'ok', 10);
  const requests = refused.flatMap((one, i) => [one, free[i] as Sent]);
  await server.take();
  await contestant.send(requests, { limit: 4, retries: 2 });
  const { arrivals } = await server.take();
  const lastMs = arrivals.findLast(({ path }) => path.startsWith('/ok/'))?.atMs ?? Number.NaN;
  return `${((lastMs - (arrivals[0]?.atMs ?? 0)) / 1000).toFixed(2)} s`;
}

export const CASES: readonly Case[] = [
  {
    title: 'In flight at the server ÷ limit, answers of 400 ms, time-out 50 ms, limits 2 to 50',
    right: '≤ 1.00 ×',
    needs: ['limit', 'timeout'],
    run: (contestant, server) => inFlightOver(contestant, server, 50),
  },
  {
    title: 'Starts in the worst 200 ms ÷ 10, and delivered of 10/200 ms',
    right: '≤ 1.00 ×, ≥ 99 %',
    needs: ['rate'],
    run: (contestant, server) => worstWindow(contestant, server, 10, 200),
  },
  {
    title: 'Starts in the worst second ÷ 100, and delivered of 100/s',
    right: '≤ 1.00 ×, ≥ 99 %',
    needs: ['rate'],
    run: (contestant, server) => worstWindow(contestant, server, 100, 1000),
  },
  {
    title: 'Attempts in the worst 500 ms ÷ 10, when every first attempt is answered 503',
    right: '≤ 1.00 ×',
    needs: ['rate', 'retries'],
    run: retriesInWindow,
  },
  {
    title: 'Cut bodies taken for whole',
    right: '0',
    needs: ['http'],
    run: takenForWhole,
  },
  {
    title: '429 with Retry-After: 2; others its host got meanwhile',
    right: '≥ 2 s, 0 others',
    needs: ['retries'],
    run: (contestant, server) => afterRefusal(contestant, server, '2', 2000),
  },
  {
    title: '429 with a date 2 to 3 s ahead; others meanwhile',
    right: '≥ 2 s, 0 others',
    needs: ['retries'],
    run: (contestant, server) => afterRefusal(contestant, server, 'date+2', 2000),
  },
  {
    title: '429 with Retry-After: 33; others meanwhile',
    right: '≥ 33 s, 0 others',
    needs: ['retries'],
    run: (contestant, server) => afterRefusal(contestant, server, '33', 33_000),
  },
  {
    title: 'POST, connection reset after all of it was sent; may retry twice',
    right: 'sent 1 ×, unknown',
    needs: ['retries'],
    run: resetAfterSending,
  },
  {
    title:
      'Until the last of 10 requests is at a free host, while another host asks for 2 s with each of 10; limit 4',
    right: '< 0.5 s',
    needs: ['retries'],
    run: otherHost,
  },
];
