// What a caller gives, item by item as something else, still lazily: the engine reads what comes out.
import { PacelineError } from '../base/errors.ts';

/**
 * Gives `map(item, index)` for each item of `given`. Leaving it early leaves `given`, once.
 * @param name what `given` is called in the message
 * @throws ERR_OPTION_INVALID when it cannot be iterated, or is a string: its items would be its characters
 */
export function mapped<G, R>(
  given: Iterable<G> | AsyncIterable<G>,
  name: string,
  map: (item: G, index: number) => R,
): Iterable<R> | AsyncIterable<R> {
  if (isIterable<AsyncIterable<G>>(given, Symbol.asyncIterator)) return mappedLater(given, map);
  if (isIterable<Iterable<G>>(given, Symbol.iterator)) return mappedNow(given, map);
  const hint = typeof given === 'string' ? ' Put it in an array.' : '';
  const got = given === null ? 'null' : `a value of type ${typeof given}`;
  throw new PacelineError(
    'ERR_OPTION_INVALID',
    `Expected \`${name}\` to be an array or another iterable, got ${got}.${hint}`,
  );
}

function isIterable<T>(given: unknown, by: symbol): given is T {
  return typeof given === 'object' && given !== null && by in given;
}

function* mappedNow<G, R>(
  given: Iterable<G>,
  map: (item: G, index: number) => R,
): Generator<R, void, undefined> {
  let index = 0;
  for (const item of given) yield map(item, index++);
}

/** By hand: an async generator would cost each item three more turns of the microtask queue. */
function mappedLater<G, R>(
  given: AsyncIterable<G>,
  map: (item: G, index: number) => R,
): AsyncIterable<R, undefined> {
  return {
    [Symbol.asyncIterator]() {
      const inner = given[Symbol.asyncIterator]();
      let index = 0;
      return {
        async next() {
          const step = await inner.next();
          return step.done
            ? { done: true, value: undefined }
            : { done: false, value: map(step.value, index++) };
        },
        async return() {
          await inner.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
