// What of `mapConcurrent` and `Semaphore` must compile for a user, and what must not. Compiling it is the test.
import { type MapOptions, type MapOutcome, mapConcurrent, type Permit, Semaphore } from '../../src/index.ts';

export async function valuesHaveTheirType(): Promise<void> {
  for await (const outcome of mapConcurrent(['a', 'b'], async (item, { index }) => item.length + index)) {
    outcome.item satisfies string;
    outcome.lane satisfies number | undefined;
    if (outcome.outcome === 'ok') {
      outcome.value satisfies number;
      // @ts-expect-error what went well has no error
      outcome.error;
    } else {
      outcome.error.code satisfies string;
      outcome.thrown satisfies unknown;
      // @ts-expect-error what did not go well has no value
      outcome.value;
    }
  }
}

export async function functionsMayBeSynchronous(
  items: AsyncIterable<number>,
): Promise<MapOutcome<number, string>[]> {
  const all: MapOutcome<number, string>[] = [];
  for await (const outcome of mapConcurrent(items, item => String(item), { order: 'input' }))
    all.push(outcome);
  return all;
}

export const told = mapConcurrent(
  [1],
  (_, { signal }) =>
    new Promise<void>(resolve => {
      signal.addEventListener('abort', () => resolve());
    }),
);

// @ts-expect-error the function takes what the items are
export const wrongItem = mapConcurrent([1, 2], (item: string) => item);
// @ts-expect-error one function is needed
export const noFunction = mapConcurrent([1, 2]);
// @ts-expect-error only requests have strategies: a function cannot cross to another thread
export const noStrategy: MapOptions = { strategy: 'threads' };

export async function permits(signal: AbortSignal): Promise<number> {
  const semaphore = new Semaphore(3);
  const permit: Permit = await semaphore.acquire(signal);
  permit.release();
  const now: Permit | undefined = semaphore.tryAcquire();
  now?.release();
  semaphore.statistics().held satisfies number;
  return await semaphore.use(async () => 7, signal);
}
