// A run that ends with the user's signal, seen as an async iterable of what the user asked for.
import { describeThrown } from '../engine/handler.ts';
import type { Settled } from '../model/settled.ts';
import type { Run } from '../run.ts';

/** One listener for the whole run, gone when the run has ended: a signal may be shared by thousands of runs. */
export async function* endWith<R, T>(
  signal: AbortSignal | undefined,
  run: Run<R>,
  toOutcome: (settled: Settled<R>) => T,
): AsyncGenerator<T, void, void> {
  const abort = (): void => {
    run.abort({ code: 'ABORTED', message: `The run was aborted: ${describeThrown(signal?.reason)}` });
  };
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for await (const settled of run.outcomes) yield toOutcome(settled);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
