// Any asynchronous function over many items, through the same engine as requests: the same limit, lanes,
// back-pressure and order.
import { PacelineError } from '../base/errors.ts';
import { checkedLimit } from '../control/semaphore.ts';
import { CONCURRENCY, GRACE_MS } from '../engine/plan.ts';
import { openSource } from '../engine/source.ts';
import { FunctionExecutor, type ItemContext } from '../executors/functions.ts';
import type { OutcomeError } from '../model/outcome.ts';
import type { Settled } from '../model/settled.ts';
import { monotonicMs, systemClock } from '../platform/system-clock.ts';
import { assembleRun } from '../run.ts';
import { endWith } from './abort.ts';

export interface MapOptions {
  /** Items in work at most, from 1, or Infinity. @default 10 */
  readonly concurrency?: number;
  /** Outcomes as they end, or in the order of the input. @default 'ended' */
  readonly order?: 'ended' | 'input';
  /**
   * Longest time for one item, in ms. The function is told through its `signal`; one that does not listen
   * keeps its place until it has really ended, so there are never more than `concurrency`. @default Infinity
   */
  readonly timeoutMs?: number;
  /** Ends the run: nothing more starts, what is in work is told, all others are `cancelled`. */
  readonly signal?: AbortSignal;
}

interface Mapped<T> {
  /** Place in the input, from 0. */
  readonly index: number;
  readonly item: T;
  /** Instants in ms since the run began; `startedMs` is left out where it never started. */
  readonly createdMs: number;
  readonly startedMs?: number;
  readonly endedMs: number;
  /** The row it ran in, from 0; left out where it never started. */
  readonly lane?: number;
}

/** How one item ended: with a value, or with the reason why there is none. */
export type MapOutcome<T, V> = Mapped<T> &
  (
    | { readonly outcome: 'ok'; readonly value: V }
    | {
        readonly outcome: 'handler_error' | 'timeout' | 'cancelled';
        readonly error: OutcomeError;
        /** What the function threw, if it did. */
        readonly thrown?: unknown;
      }
  );

/**
 * Calls `fn` for each item, at most `concurrency` at once, and gives an outcome for each: nothing is lost
 * when one of them fails. Items are taken lazily, at most twice `concurrency` ahead, and nothing more
 * starts while the outcomes are not read. Leaving the loop early ends the run.
 *
 * @throws ERR_OPTION_UNKNOWN, ERR_OPTION_INVALID at once; what the items' iterator throws, after all that came before
 * @example
 * for await (const { index, outcome } of mapConcurrent(files, upload, { concurrency: 3 })) …
 */
export function mapConcurrent<T, V>(
  items: Iterable<T> | AsyncIterable<T>,
  fn: (item: T, context: ItemContext) => V | PromiseLike<V>,
  options: MapOptions = {},
): AsyncIterable<MapOutcome<T, Awaited<V>>> {
  const {
    concurrency = CONCURRENCY,
    order = 'ended',
    timeoutMs = Number.POSITIVE_INFINITY,
    signal,
    ...rest
  } = options;
  const [stray] = Object.keys(rest);
  if (stray !== undefined) {
    const known = 'concurrency, order, timeoutMs, signal';
    throw new PacelineError('ERR_OPTION_UNKNOWN', `Unknown option \`${stray}\`. Known: ${known}.`);
  }
  if (!(timeoutMs > 0)) {
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      `Expected \`timeoutMs\` above 0, got ${String(timeoutMs)}.`,
    );
  }
  const clock = systemClock(monotonicMs());
  const run = assembleRun<T>(
    { clock, limit: checkedLimit(concurrency), order, timeoutMs, graceMs: GRACE_MS },
    onReady => openSource(items, onReady),
    onAttemptEnd => new FunctionExecutor<T>(fn, clock, onAttemptEnd),
  );
  return endWith(signal, run, settled => outcomeOf<T, Awaited<V>>(settled));
}

function outcomeOf<T, V>(settled: Settled<T>): MapOutcome<T, V> {
  const { index, request, outcome, createdMs, endedMs, tries } = settled;
  const last = tries.at(-1);
  const base: Mapped<T> = {
    index,
    item: request as T,
    createdMs,
    endedMs,
    ...(last ? { startedMs: last.startedMs, lane: last.lane } : undefined),
  };
  if (outcome === 'ok') return { ...base, outcome, value: last?.value as V };
  const error = settled.error ?? last?.error ?? { code: 'UNKNOWN', message: 'No reason was given.' };
  const thrown = outcome === 'handler_error' ? { thrown: last?.value } : undefined;
  return { ...base, outcome: outcome as 'handler_error' | 'timeout' | 'cancelled', error, ...thrown };
}
