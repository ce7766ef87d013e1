// Every kind of source a run may be given, each telling its watcher what is taken from it and how it ends.
import type { Clock } from '../../src/base/clock.ts';
import type { HttpRequest, InvalidInput } from '../../src/model/request.ts';
import type { Invariants } from '../support/invariants.ts';
import type { Scenario } from './scenario.ts';

type Input = HttpRequest | InvalidInput;
type WatchedSource =
  | { readonly requests: Iterable<Input> | AsyncIterable<Input> }
  | { readonly batches: AsyncIterable<readonly Input[]> };

const over = { done: true, value: undefined } as const;

export function watchedSource(
  scenario: Scenario,
  clock: Clock,
  watch: Invariants,
  batch: number,
): WatchedSource {
  const { requests, source } = scenario;
  const throwsAt = source.endsWith('throws') ? Math.floor(requests.length / 2) : Number.POSITIVE_INFINITY;
  let place = 0;
  let gone = false;
  const next = (): IteratorResult<Input, undefined> => {
    if (place === throwsAt) {
      watch.source.isOver = true;
      throw new Error('the source broke');
    }
    const value = requests[place++];
    if (value === undefined) {
      watch.source.isOver = true;
      return over;
    }
    watch.sourceGave(value);
    return { done: false, value };
  };
  const asked = (): IteratorResult<Input, undefined> => {
    watch.sourceAsked();
    return next();
  };
  const left = (): typeof over => {
    gone = true;
    watch.source.returned();
    return over;
  };
  if (source === 'array' || source === 'generator' || source === 'throws')
    return { requests: { [Symbol.iterator]: () => ({ next: asked, return: left }) } };
  const later = async (): Promise<void> => {
    if (source === 'async slow') await new Promise<void>(go => clock.schedule(clock.now() + 3, go));
    if (source === 'blocked' && place >= requests.length / 2) await new Promise(() => undefined);
  };
  const returned = async (): Promise<typeof over> => left();
  if (source === 'batches') {
    const nextBatch = async (): Promise<IteratorResult<readonly Input[], undefined>> => {
      watch.sourceAsked();
      const values: Input[] = [];
      while (values.length < batch && !(values.length > 0 && place === requests.length)) {
        const step = next();
        if (step.done) break;
        values.push(step.value);
      }
      return values.length === 0 ? over : { done: false, value: values };
    };
    return { batches: { [Symbol.asyncIterator]: () => ({ next: nextBatch, return: returned }) } };
  }
  const nextLater = async (): Promise<IteratorResult<Input, undefined>> => {
    watch.sourceAsked();
    await later();
    return gone ? over : next(); // as a generator does: what comes after `return` is nothing
  };
  return { requests: { [Symbol.asyncIterator]: () => ({ next: nextLater, return: returned }) } };
}
