// The engine on the virtual clock with requests to a few hosts, and an executor that answers as a script says.
import { seededRandom } from '../../src/base/random.ts';
import type { HostPolicy } from '../../src/control/host-gate.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { EngineOptions } from '../../src/engine/engine-options.ts';
import type { Executor, OnAttemptEnd } from '../../src/engine/ports.ts';
import { openSource, type Requests } from '../../src/engine/source.ts';
import type { Attempt, AttemptEnd } from '../../src/model/attempt.ts';
import type { Settled } from '../../src/model/settled.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';

/** `a` or `b`, then anything. */
export type Request = string;
export type Answer = Partial<AttemptEnd> & { readonly afterMs?: number };
export type Script = (attempt: Attempt<Request>, nowMs: number) => Answer;

interface Started {
  readonly index: number;
  readonly host: string;
  readonly atMs: number;
}

/** Runs all of it. `during` may look in, or interfere, once it has begun. */
export function runHosts(
  requests: Requests<Request>,
  script: Script,
  options: Partial<EngineOptions<Request>> & {
    readonly policy?: Partial<HostPolicy>;
    readonly during?: (engine: Engine<Request>, clock: VirtualClock) => void;
  } = {},
) {
  const clock = new VirtualClock();
  const starts: Started[] = [];
  const settled: Settled<Request>[] = [];
  const { policy, during, ...rest } = options;
  const open = (onEnd: OnAttemptEnd): Executor<Request> => ({
    start(attempt) {
      const startedMs = clock.now();
      starts.push({ index: attempt.index, host: attempt.request[0] ?? '', atMs: startedMs });
      const { afterMs = 100, ...answer } = script(attempt, startedMs);
      clock.schedule(startedMs + afterMs, () =>
        onEnd({
          ...{ lane: attempt.lane, outcome: 'ok', status: 200, startedMs, bytes: 0 },
          ...{ endedMs: clock.now(), phasesMs: {} },
          ...answer,
        }),
      );
    },
    flush() {},
    cancel() {},
    async close() {},
  });
  const engine = new Engine<Request>(
    {
      ...{ clock, limit: 10, order: 'ended', timeoutMs: Number.POSITIVE_INFINITY, graceMs: 1000 },
      onSettled: one => settled.push(one),
      onFinished: () => {},
      hosts: {
        nameOf: request => request[0] ?? '',
        policy: {
          ...{ limit: Number.POSITIVE_INFINITY, rate: null, burst: 1 },
          ...{ pauses: { pauseMs: 100, waitMsMax: 60_000 } },
          ...policy,
        },
        random: seededRandom(1),
      },
      ...rest,
    },
    onReady => openSource(requests, onReady),
    open,
  );
  engine.start();
  during?.(engine, clock);
  while (clock.step());
  const startsOf = (host: string): number[] => starts.filter(one => one.host === host).map(one => one.atMs);
  return { engine, clock, starts, settled, startsOf };
}

export const many = (host: string, count: number): Request[] =>
  Array.from({ length: count }, (_, i) => `${host}${i}`);
export const refusal = (retryAfterMs?: number): Answer => ({
  ...{ outcome: 'http_error', status: 429, afterMs: 10 },
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
