// A request that has come to its one final outcome.

import type { AttemptEnd } from './attempt.ts';
import type { OutcomeError, OutcomeKind } from './outcome.ts';
import type { InvalidInput } from './request.ts';

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
  /** Why, when no attempt tells: invalid input, or cancelled before it started. */
  readonly error?: OutcomeError;
  /** Where bodies are saved as files, of each request that ended `ok`. */
  readonly saved?: SavedBody;
}
