// Runs with a cause that the modelled server does not have: an input that trickles, and hosts of unlike speed.
import { Engine } from '../../src/engine/engine.ts';
import type { Executor, OnAttemptEnd } from '../../src/engine/ports.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import type { Settled } from '../../src/model/settled.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { type Diagnosed, diagnosed } from './diagnosed.ts';
import { runHosts } from './host-run.ts';

export interface Trickle {
  readonly requests: number;
  /** One becomes known each so often. */
  readonly everyMs: number;
  readonly limit: number;
  readonly serviceMs: number;
  readonly inputs?: readonly string[];
}

const request = (url: string): HttpRequest => ({
  ...{ url, method: 'GET', headers: [], body: null, id: null, timeoutMs: null },
});

/** An input that gives one request after another, slowly. */
export function trickledRun({ requests, everyMs, limit, serviceMs, inputs }: Trickle): Diagnosed {
  const clock = new VirtualClock();
  const settled: Settled<HttpRequest>[] = [];
  let given = 0;
  const atHand = (): number => Math.min(requests, 1 + Math.floor(clock.now() / everyMs));
  const engine = new Engine<HttpRequest>(
    {
      ...{ clock, limit, order: 'ended', timeoutMs: Number.POSITIVE_INFINITY, graceMs: 1000 },
      onSettled: one => settled.push(one),
      onFinished: () => {},
    },
    onReady => {
      for (let i = 1; i <= requests; i++) clock.schedule(i * everyMs, onReady);
      return {
        pull: () => (given < atHand() ? request(`http://api.test/${given++}`) : undefined),
        get ended() {
          return given === requests;
        },
        failure: undefined,
        close() {},
      };
    },
    onEnd => lasting(clock, onEnd, () => serviceMs),
  );
  engine.start();
  while (clock.step());
  const names = inputs && {
    inputs: { names: inputs, format: 'auto', repeat: 1, method: null, headers: null, body: null },
  };
  return diagnosed({ strategy: 'semaphore', concurrency: limit, ...names }, settled);
}

function lasting(
  clock: VirtualClock,
  onEnd: OnAttemptEnd,
  msOf: (request: HttpRequest) => number,
): Executor<HttpRequest> {
  return {
    start({ lane, request }) {
      const startedMs = clock.now();
      clock.schedule(startedMs + msOf(request), () => {
        const endedMs = clock.now();
        const phasesMs = { network: 0, ttfb: endedMs - startedMs };
        onEnd({ lane, outcome: 'ok', status: 200, startedMs, endedMs, bytes: 0, phasesMs });
      });
    },
    flush() {},
    cancel() {},
    async close() {},
  };
}

export interface Hosts {
  /** By the name of a host, one letter: how many requests it gets and how long each takes. */
  readonly hosts: Readonly<Record<string, { readonly requests: number; readonly ms: number }>>;
  readonly limit: number;
  readonly perHost?: number;
}

/** Several hosts, their requests mixed evenly; and when the last request to each host ended. */
export function hostsRun({
  hosts,
  limit,
  perHost,
}: Hosts): Diagnosed & { readonly endsMs: Map<string, number> } {
  const mixed = Object.entries(hosts)
    .flatMap(([name, { requests }]) =>
      Array.from({ length: requests }, (_, i) => ({ text: `${name}${i}`, place: (i + 0.5) / requests })),
    )
    .sort((a, b) => a.place - b.place)
    .map(({ text }) => text);
  const run = runHosts(mixed, attempt => ({ afterMs: hosts[attempt.request[0] ?? '']?.ms ?? 0 }), {
    limit,
    ...(perHost !== undefined && { policy: { limit: perHost } }),
  });
  const endsMs = new Map<string, number>();
  const settled = run.settled.map(one => {
    const name = String(one.request)[0] ?? '';
    endsMs.set(name, Math.max(endsMs.get(name) ?? 0, one.endedMs));
    return { ...one, request: request(`http://${name}.test/`) };
  });
  const header = { strategy: 'semaphore', concurrency: limit, ...(perHost !== undefined && { perHost }) };
  return { ...diagnosed(header, settled), endsMs };
}
