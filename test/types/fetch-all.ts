// What of `fetchAll` must compile for a user, and what must not. Never run: compiling it is the test.
import {
  ERROR_CODES,
  type ErrorCode,
  type FetchAllOptions,
  type FetchOutcome,
  type FetchRequest,
  fetchAll,
  type Handler,
  OUTCOMES,
  type OutcomeIterator,
  type OutcomeKind,
  PacelineError,
  STRATEGIES,
  STRATEGY_NAMES,
  type StrategyName,
} from '../../src/index.ts';

async function* later(): AsyncGenerator<FetchRequest> {
  yield 'http://127.0.0.1/';
}

export async function requestsInAllForms(signal: AbortSignal): Promise<void> {
  const requests: readonly FetchRequest[] = [
    'http://127.0.0.1/',
    new URL('http://127.0.0.1/'),
    { url: 'http://127.0.0.1/', method: 'PUT', headers: { accept: ['a', 'b'], 'x-one': '1' }, body: 'text' },
    { url: new URL('http://127.0.0.1/'), body: new Uint8Array(3), id: 7, timeoutMs: 1000 },
    { url: 'http://127.0.0.1/', json: { any: ['value'] }, id: 'seven' },
  ];
  const outcomes: OutcomeIterator<FetchOutcome> = fetchAll(requests, {
    strategy: 'threads',
    concurrency: Number.POSITIVE_INFINITY,
    workers: 3,
    order: 'input',
    timeoutMs: 1000,
    handler: new URL('file:///handlers/length.mjs'),
    signal,
  });
  for await (const outcome of outcomes) useOutcome(outcome);
  for await (const outcome of fetchAll(new Set(['http://127.0.0.1/']))) useOutcome(outcome);
  for await (const outcome of fetchAll(later())) useOutcome(outcome);
  const left: IteratorResult<FetchOutcome, undefined> = await fetchAll(later()).return();
  left.value satisfies FetchOutcome | undefined;
}

function useOutcome(outcome: FetchOutcome): void {
  outcome.outcome satisfies OutcomeKind;
  outcome.status satisfies number | null;
  outcome.id satisfies string | number | null;
  outcome.body satisfies Uint8Array;
  outcome.headers['content-type'] satisfies string | readonly string[] | undefined;
  outcome.error?.phase satisfies 'connect' | 'headers' | 'body' | 'request' | 'run' | undefined;
  outcome.tries.map(({ phasesMs }) => phasesMs.ttfb satisfies number | undefined);
  // @ts-expect-error what came as JSON is not known before it was looked at
  outcome.json().name;
  // @ts-expect-error nothing in an outcome changes
  outcome.status = 200;
}

// @ts-expect-error there is no such strategy
export const noStrategy: FetchAllOptions = { strategy: 'fibers' };
// @ts-expect-error an option that does not exist
export const noOption: FetchAllOptions = { concurrent: 3 };
// @ts-expect-error durations are numbers of milliseconds here; text is for the command line
export const noDuration: FetchAllOptions = { timeoutMs: '3s' };
// @ts-expect-error a function cannot cross to a worker: a module can
export const noModule: FetchAllOptions = { handler: () => 7 };
// @ts-expect-error a request needs a URL
export const noUrl: FetchRequest = { method: 'GET' };
// @ts-expect-error numbers are not requests
export const noRequests = fetchAll([1, 2, 3]);
// @ts-expect-error a single request is not an iterable of them
export const oneRequest = fetchAll({ url: 'http://127.0.0.1/' });
// @ts-expect-error outcomes come one at a time, not as an array
export const noLength = fetchAll([]).length;

export const handler: Handler = async (response, { signal, attempt }) =>
  signal.aborted ? attempt : response.text().length;
export const places: readonly string[] = STRATEGY_NAMES.map((name: StrategyName) => STRATEGIES[name].place);
export const known = [...OUTCOMES] satisfies readonly OutcomeKind[];
export const codes = [...ERROR_CODES] satisfies readonly ErrorCode[];
export function codeOf(error: unknown): ErrorCode | undefined {
  return error instanceof PacelineError ? error.code : undefined;
}
