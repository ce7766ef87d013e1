// What the command says to people, on stderr: one form for errors, warnings and hints. Every word that
// came from a user, a file or a server passes the terminal's escape here.
import { PacelineError } from '../../base/errors.ts';
import { terminalSafe } from '../../timeline/escape.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import type { CommandIo } from './io.ts';

export interface Speaker {
  /** One line for people. Held back by `-q`. */
  say(text: string): void;
  /** As `say`, with a mark that something may be wrong. Held back by `-q`. */
  warn(text: string): void;
  /** Something is wrong; always shown. */
  complain(text: string): void;
}

export function speakerOn(
  io: Pick<CommandIo, 'stderr'>,
  { quiet = false }: { quiet?: boolean } = {},
): Speaker {
  const write = (prefix: string, text: string): void => {
    io.stderr.write(spoken(prefix, text));
  };
  return {
    say: text => quiet || write('', text),
    warn: text => quiet || write('paceline: warning: ', text),
    complain: text => write('paceline: ', text),
  };
}

/** Lines that are safe to print, each with its prefix and its line feed. */
export function spoken(prefix: string, text: string): string {
  const lines = text.split('\n').map(line => terminalSafe(prefix + line));
  return `${lines.join('\n')}\n`;
}

/**
 * Says why the command ends, and gives its exit code: a message for what a user can mend,
 * the stack and where to report it for a bug.
 */
export function explainError(error: unknown, io: CommandIo): number {
  if (!(error instanceof PacelineError) || error.code === 'ERR_BUG') return explainBug(error, io);
  speakerOn(io).complain(error.message);
  return exitCodeOf(error.code);
}

/** As `explainError`, for what should not have happened at all. */
export function explainBug(error: unknown, io: Pick<CommandIo, 'stderr'>): number {
  const { complain } = speakerOn(io);
  complain(
    'this is a bug of paceline, not of yours. Please report it with the lines below and the command you ran:',
  );
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const line of stack.split('\n')) complain(line);
  return EXIT.bug;
}
