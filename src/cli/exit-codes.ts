// Every exit code and its meaning; a function of what happened, never of how it was shown.
//
// Where several things went wrong, the one that says most about what to do next names the code:
//
//   2 usage > 3 this machine > what ended the run early: 130, 143, 4 or 10 > 99 a check > 1 some failed > 0
//
// A run is ended early once. ^C while it drains after its time limit does not make it an interrupted one: what came
// first counts, in the record's `ended` as well as here, so that both always agree.
import type { ErrorCode } from '../base/errors.ts';
import type { RunEnding } from '../model/record.ts';

export const EXIT = {
  /** All requests ended ok, and every check holds. */
  ok: 0,
  /** Some requests did not. */
  someFailed: 1,
  /** The command line cannot be understood; nothing was sent. */
  usage: 2,
  /** A file, a port or a worker of ours; not the server's doing. */
  local: 3,
  /** Ended by `--fail-early` or `--max-errors`. */
  tooManyFailed: 4,
  /** Ended by `--max-duration`; the record is whole up to there. */
  deadline: 10,
  /** A bug of paceline. */
  bug: 70,
  /** The run came to its end, and a `--check` does not hold. */
  checkFailed: 99,
  /** Ended by ^C; the record is whole up to there. */
  interrupted: 130,
  /** Ended by SIGTERM, likewise. */
  terminated: 143,
} as const;

/** What a run came to. */
export interface RunResult {
  readonly ended: RunEnding;
  /** The exit code of the signal that came first; null when none came. */
  readonly signalCode: number | null;
  readonly isAllOk: boolean;
  readonly doAllChecksHold: boolean;
}

/** The exit code of a run that was carried out; mistakes of usage and failures of this machine are errors instead. */
export function exitCodeAfter({ ended, signalCode, isAllOk, doAllChecksHold }: RunResult): number {
  if (ended === 'local_failure') return EXIT.local;
  if (ended === 'interrupted') return signalCode ?? EXIT.ok; // else the reader of stdout has left, as `head` does
  if (ended === 'failed') return EXIT.tooManyFailed;
  if (ended === 'deadline') return EXIT.deadline;
  if (!doAllChecksHold) return EXIT.checkFailed;
  return isAllOk ? EXIT.ok : EXIT.someFailed;
}

/** The exit code for an error that ended the command. */
export function exitCodeOf(code: ErrorCode): number {
  if (code === 'ERR_BUG') return EXIT.bug;
  if (code.startsWith('ERR_OPTION_') || code.startsWith('ERR_INPUT_') || code.startsWith('ERR_HANDLER_')) {
    return EXIT.usage;
  }
  return EXIT.local;
}
