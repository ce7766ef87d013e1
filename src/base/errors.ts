// The one error class of paceline and the closed list of its codes.
//
//   ERR_OPTION_…   the caller's mistake; nothing was started
//   ERR_INPUT_…    one request of the input cannot be sent; the others can
//   ERR_ENV_…      the machine is missing something; the message says what and how to get it
//   ERR_IO_…       a file or stream of ours could not be read or written
//   ERR_HANDLER_…  the user's own module
//   ERR_RECORD_…   a record could not be read
//   ERR_BUG        ours; please report it, with the seed

/** Every code that a `PacelineError` can have; what each means, and what to do, stands in docs/ERRORS.md. */
export const ERROR_CODES = [
  'ERR_OPTION_UNKNOWN',
  'ERR_OPTION_INVALID',
  'ERR_OPTION_CONFLICT',
  'ERR_INPUT_URL',
  'ERR_INPUT_SCHEME',
  'ERR_INPUT_JSON',
  'ERR_INPUT_FIELD',
  'ERR_INPUT_TOO_LONG',
  'ERR_INPUT_FILE',
  'ERR_INPUT_SCENARIO',
  'ERR_ENV_NODE',
  'ERR_ENV_PORT',
  'ERR_ENV_WORKERS',
  'ERR_ENV_PROGRAM',
  'ERR_ENV_DESCRIPTORS',
  'ERR_ENV_PAGE',
  'ERR_ENV_PNG',
  'ERR_IO_READ',
  'ERR_IO_WRITE',
  'ERR_IO_LOCKED',
  'ERR_HANDLER_LOAD',
  'ERR_HANDLER_STRAY',
  'ERR_RECORD_VERSION',
  'ERR_RECORD_DAMAGED',
  'ERR_RECORD_MISMATCH',
  'ERR_BUG',
] as const;

/** One of `ERROR_CODES`. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Thrown for a mistake of the caller, an unusable environment or a bug; never for what a server did. */
export class PacelineError extends Error {
  override readonly name = 'PacelineError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** ERR_OPTION_INVALID in the one form of words: what was expected, what came, and its type. */
export function invalidOption(name: string, expected: string, got: unknown): PacelineError {
  return new PacelineError(
    'ERR_OPTION_INVALID',
    `Expected \`${name}\` to be ${expected}, got ${String(got)} (${typeof got}).`,
  );
}
