// Every exit code and its meaning; a function of what happened, never of how it was shown.
import type { ErrorCode } from '../base/errors.ts';

export const EXIT = {
  /** All requests ended ok. */
  ok: 0,
  /** Some requests did not. */
  someFailed: 1,
  /** The command line cannot be understood; nothing was sent. */
  usage: 2,
  /** A file, a port or a worker of ours; not the server's doing. */
  local: 3,
  /** A bug of paceline. */
  bug: 70,
  /** Ended by ^C; the record is whole up to there. */
  interrupted: 130,
  /** Ended by SIGTERM, likewise. */
  terminated: 143,
} as const;

/** The exit code for an error that ended the command. */
export function exitCodeOf(code: ErrorCode): number {
  if (code === 'ERR_BUG') return EXIT.bug;
  if (code.startsWith('ERR_OPTION_') || code.startsWith('ERR_INPUT_') || code.startsWith('ERR_HANDLER_')) {
    return EXIT.usage;
  }
  return EXIT.local;
}
