// A first-come server of the tests that several clients share, each with a finder of its own that knows of no other.
import { Heap } from '../../../src/base/heap.ts';
import type { PaceFinder } from '../../../src/control/finder/pace-finder.ts';

export interface SharedOptions {
  readonly workers: number;
  readonly serviceMs: () => number;
  /** One for each client, and from when on it has requests without end. */
  readonly clients: readonly { readonly finder: PaceFinder; readonly fromMs: number }[];
  readonly untilMs: number;
}

export interface SharedRun {
  /** Served of each client in the second half. */
  readonly served: readonly number[];
  /** Mean in the server's line, in the second half. */
  readonly line: number;
}

const WAY_MS = 5;

interface Job {
  readonly client: Client;
  readonly startedMs: number;
  readonly startedAs: number;
  readonly token: unknown;
}

interface Client {
  readonly finder: PaceFinder;
  readonly fromMs: number;
  inFlight: number;
  served: number;
}

export function runShared({ workers, serviceMs, clients: all, untilMs }: SharedOptions): SharedRun {
  const events = new Heap<() => void>();
  const waiting: Job[] = [];
  const clients: Client[] = all.map(one => ({ ...one, inFlight: 0, served: 0 }));
  const halfMs = untilMs / 2;
  let nowMs = 0;
  let working = 0;
  let lineArea = 0;
  let notedMs = 0;
  const noteLine = (): void => {
    lineArea += waiting.length * Math.max(0, nowMs - Math.max(halfMs, notedMs));
    notedMs = nowMs;
  };
  const begin = (job: Job): void => {
    working++;
    events.push(nowMs + serviceMs(), () => {
      working--;
      noteLine();
      const next = waiting.shift();
      if (next) begin(next);
      events.push(nowMs + WAY_MS, () => end(job));
    });
  };
  const end = ({ client, startedMs, startedAs, token }: Job): void => {
    client.inFlight--;
    if (nowMs > halfMs) client.served++;
    client.finder.ended({
      ...{ nowMs, startedMs, startedAs, token, inFlight: client.inFlight },
      ...{ kind: 'served', isOk: true, key: '', connectMs: 0 },
    });
    send(client);
  };
  const arrive = (job: Job): void => {
    noteLine();
    if (working < workers) begin(job);
    else waiting.push(job);
  };
  const send = (client: Client): void => {
    while (client.inFlight < client.finder.limit()) {
      const startedAs = ++client.inFlight;
      const token = client.finder.started(nowMs, startedAs, '');
      const job = { client, startedMs: nowMs, startedAs, token };
      events.push(nowMs + WAY_MS, () => arrive(job));
    }
  };
  for (const client of clients) events.push(client.fromMs, () => send(client));
  for (; events.peekKey() <= untilMs; ) {
    nowMs = events.peekKey();
    events.pop()?.();
  }
  noteLine();
  return { served: clients.map(({ served }) => served), line: lineArea / halfMs };
}
