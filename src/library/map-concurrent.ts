// Any asynchronous function over many items, through the same engine as requests: the same limit, lanes,
// back-pressure and order.
import { invalidOption, PacelineError } from '../base/errors.ts';
import { checkedLimit } from '../control/semaphore.ts';
import { CONCURRENCY, checkedOrder, GRACE_MS, spanMs } from '../engine/plan.ts';
import { openSource } from '../engine/source.ts';
import { FunctionExecutor, type ItemContext } from '../executors/functions.ts';
import type { OutcomeError } from '../model/outcome.ts';
import type { Settled } from '../model/settled.ts';
import { monotonicMs, systemClock } from '../platform/system-clock.ts';
import { assembleRun, type Run } from '../run.ts';
import { mapped } from './mapped.ts';
import { type OutcomeIterator, RunIterator } from './run-iterator.ts';

/** How `mapConcurrent` calls its function. Durations are in ms. */
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
  /** Ends the run when it is aborted; see `mapConcurrent`. One listener for the whole run. @default none */
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

/** An item in a box: `undefined` is an item like any other, and the engine's sign for "none at hand". */
interface Boxed<T> {
  readonly item: T;
}

/**
 * Calls `fn` for each item, at most `concurrency` at once, and gives an outcome for each: nothing is lost
 * when one of them fails. Items are taken lazily, at most twice `concurrency` ahead, and nothing more
 * starts while 256 outcomes lie unread. Nothing at all happens before the first `next`.
 *
 * A function cannot be stopped from outside, only told, through its `signal`. One that goes on regardless
 * keeps its place until it has really ended, so never more than `concurrency` run at once.
 *
 * Two ways to end it early. Leaving the loop tells what is in work, and waits for it, 2 s at most. After
 * `signal` is aborted the loop goes on to its end without an exception: what is in work is told and ends as
 * `cancelled`, after 2 s in any case; so does what was read and had not started; what was not yet read is
 * left unread and has no outcome.
 *
 * @throws from the first step: ERR_OPTION_UNKNOWN, ERR_OPTION_INVALID. From the last: what the iterator of
 *   `items` threw, after the outcomes of all that came before.
 * @example
 * for await (const { index, outcome } of mapConcurrent(files, upload, { concurrency: 3 })) …
 */
export function mapConcurrent<T, V>(
  items: Iterable<T> | AsyncIterable<T>,
  fn: (item: T, context: ItemContext) => V | PromiseLike<V>,
  options: MapOptions = {},
): OutcomeIterator<MapOutcome<T, Awaited<V>>> {
  return new RunIterator<Boxed<T>, MapOutcome<T, Awaited<V>>>({
    open: () => openMapping(items, fn, options),
    show: outcomeOf<T, Awaited<V>>,
    signal: options.signal,
  });
}

function openMapping<T>(
  items: Iterable<T> | AsyncIterable<T>,
  fn: (item: T, context: ItemContext) => unknown,
  options: MapOptions,
): Run<Boxed<T>> {
  const { concurrency, order, timeoutMs } = checkedOptions(options);
  if (typeof fn !== 'function') throw invalidOption('fn', 'a function', fn);
  const boxes = mapped(items, 'items', (item): Boxed<T> => ({ item }));
  const clock = systemClock(monotonicMs());
  return assembleRun<Boxed<T>>(
    { clock, limit: concurrency, order, timeoutMs, graceMs: GRACE_MS },
    onReady => openSource(boxes, onReady),
    onAttemptEnd =>
      new FunctionExecutor<Boxed<T>>(({ item }, context) => fn(item, context), clock, onAttemptEnd),
  );
}

function checkedOptions(options: MapOptions): Required<Omit<MapOptions, 'signal'>> {
  const {
    concurrency = CONCURRENCY,
    order = 'ended',
    timeoutMs = Number.POSITIVE_INFINITY,
    ...rest
  } = options;
  const { signal: _, ...strays } = rest;
  const [stray] = Object.keys(strays);
  if (stray !== undefined) {
    const known = 'concurrency, order, timeoutMs, signal';
    throw new PacelineError('ERR_OPTION_UNKNOWN', `Unknown option \`${stray}\`. Known: ${known}.`);
  }
  return {
    concurrency: checkedLimit(concurrency),
    order: checkedOrder(order),
    timeoutMs: spanMs('timeoutMs', timeoutMs),
  };
}

function outcomeOf<T, V>(settled: Settled<Boxed<T>>): MapOutcome<T, V> {
  const { index, request, outcome, createdMs, endedMs, tries } = settled;
  const last = tries.at(-1);
  const base: Mapped<T> = {
    index,
    item: (request as Boxed<T>).item, // an item is never an invalid input
    createdMs,
    endedMs,
    ...(last ? { startedMs: last.startedMs, lane: last.lane } : undefined),
  };
  if (outcome === 'ok') return { ...base, outcome, value: last?.value as V };
  const error = settled.error ?? last?.error ?? { code: 'UNKNOWN', message: 'No reason was given.' };
  const thrown = outcome === 'handler_error' ? { thrown: last?.value } : undefined;
  return { ...base, outcome: outcome as 'handler_error' | 'timeout' | 'cancelled', error, ...thrown };
}
