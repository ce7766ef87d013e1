// An engine on the virtual clock, with an executor whose attempts last as long as their requests say.
import assert from 'node:assert/strict';
import { Engine } from '../../src/engine/engine.ts';
import type { EngineOptions } from '../../src/engine/engine-options.ts';
import type { EarlyEnd, Executor, OnAttemptEnd } from '../../src/engine/ports.ts';
import { openSource, type Requests } from '../../src/engine/source.ts';
import type { Attempt } from '../../src/model/attempt.ts';
import type { OutcomeKind } from '../../src/model/outcome.ts';
import type { Settled } from '../../src/model/settled.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';

const LOG_MAX = 10_000;

/** An executor whose attempts last as long as their request says. */
export class TimedExecutor implements Executor<number> {
  readonly #clock: VirtualClock;
  readonly #onAttemptEnd: OnAttemptEnd;
  readonly #log: string[];
  readonly #startedMs: number[] = [];
  readonly inFlight = new Set<number>();
  deaf = false;

  constructor(clock: VirtualClock, log: string[], onAttemptEnd: OnAttemptEnd) {
    this.#clock = clock;
    this.#log = log;
    this.#onAttemptEnd = onAttemptEnd;
  }

  start({ request, index, lane }: Attempt<number>): void {
    assert.ok(!this.inFlight.has(lane), 'one attempt on a lane');
    this.inFlight.add(lane);
    this.#startedMs[lane] = this.#clock.now();
    if (this.#log.length < LOG_MAX) this.#log.push(`${this.#clock.now()} start ${index} on lane ${lane}`);
    if (request === 0) this.#end(lane, 'ok');
    else if (Number.isFinite(request))
      this.#clock.schedule(this.#clock.now() + request, () => this.#end(lane, 'ok'));
  }

  flush(): void {}

  cancel(lane: number, cause: EarlyEnd): void {
    if (!this.deaf) this.#end(lane, cause.outcome);
  }

  async close(): Promise<void> {}

  #end(lane: number, outcome: OutcomeKind): void {
    if (!this.inFlight.delete(lane)) return;
    this.#onAttemptEnd({
      lane,
      outcome,
      status: outcome === 'ok' ? 200 : null,
      startedMs: this.#startedMs[lane] ?? 0,
      endedMs: this.#clock.now(),
      phasesMs: {},
      bytes: 0,
    });
  }
}

export function openEngine(requests: Requests<number>, options: Partial<EngineOptions<number>> = {}) {
  const clock = new VirtualClock();
  const log: string[] = [];
  const settled: Settled<number>[] = [];
  const finished: unknown[] = [];
  let executor: TimedExecutor | undefined;
  const engine = new Engine<number>(
    {
      clock,
      limit: 2,
      order: 'ended',
      timeoutMs: Number.POSITIVE_INFINITY,
      graceMs: 100,
      onSettled: one => {
        settled.push(one);
        log.push(`${clock.now()} ${one.index} is ${one.outcome}`);
      },
      onFinished: failure => finished.push(failure),
      ...options,
    },
    onReady => openSource(requests, onReady),
    onAttemptEnd => {
      executor = new TimedExecutor(clock, log, onAttemptEnd);
      return executor;
    },
  );
  assert.ok(executor);
  return { clock, log, settled, finished, engine, executor };
}
