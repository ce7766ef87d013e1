// A request that has come to its one final outcome.

import type { AttemptEnd } from './attempt.ts';
import type { OutcomeError, OutcomeKind } from './outcome.ts';
import type { InvalidInput } from './request.ts';

/**
 * Why a request that did not end well was not sent again, where one might have expected it: `attempts` and
 * `budget` are used up, the next attempt would come after the `deadline`, the server asks for a longer wait than
 * anybody waits (`wait_too_long`), it may have been carried out and must not be twice (`unsafe`), or the run is
 * `stopping`.
 */
export type NoRetry = 'attempts' | 'budget' | 'deadline' | 'wait_too_long' | 'unsafe' | 'stopping';

/** Where its body is: synced to the disk under this name before anybody is told. */
export interface SavedBody {
  /** Name in the folder of the run's bodies. */
  readonly file: string;
  /** SHA-256 of the file's bytes, in hexadecimal. */
  readonly sha256: string;
}

export interface Settled<R> {
  /** Place in the input, from 0. */
  readonly index: number;
  readonly request: R | InvalidInput;
  readonly outcome: OutcomeKind;
  /** The instant it became known to the engine. */
  readonly createdMs: number;
  readonly endedMs: number;
  /** Every attempt in order; empty when none was started. The last one is the one that counts. */
  readonly tries: readonly AttemptEnd[];
  /** Why, when no attempt tells: invalid input, or cancelled while it waited. */
  readonly error?: OutcomeError;
  readonly noRetry?: NoRetry;
  /** Where bodies are saved as files, of each request that ended `ok`. */
  readonly saved?: SavedBody;
}
