// What `fetch` shows while it runs: on a terminal the picture of the run, which is loaded only then; elsewhere, and
// where a picture would tell nothing, a line now and then.
import type { EventLoop, OriginPace } from '../../model/record.ts';
import type { HttpRequest } from '../../model/request.ts';
import type { Settled } from '../../model/settled.ts';
import type { HttpRun } from '../../run.ts';
import type { TitledRun } from '../../timeline/caption.ts';
import type { FlagValues } from '../flags/command-line.ts';
import type { Cast } from '../terminal/cast.ts';
import { type CommandIo, canRewrite } from '../terminal/io.ts';
import { spoken } from '../terminal/messages.ts';
import { Progress } from '../terminal/progress.ts';
import type { ProgressState } from '../terminal/progress-line.ts';

export type StateNow = () => Omit<ProgressState, 'elapsedMs' | 'ratePerSecond'>;

export interface FetchDisplay {
  add(settled: Settled<HttpRequest>): void;
  /** Something for people that stays, while the run goes on. */
  say(text: string): void;
  /** The run has ended: nothing is rewritten any more. */
  pause(): void;
  /** Takes away what is shown; with a picture of the whole run in its place, where there is one to show. */
  close(options: ClosingPicture): Promise<void>;
}

export interface ClosingPicture {
  readonly withPicture: boolean;
  /** How busy the event loops of the run were. */
  readonly eventLoops: readonly EventLoop[];
  /** What was found of its origins. */
  readonly pace: readonly OriginPace[];
}

export interface DisplayParts {
  readonly run: Pick<HttpRun, 'clock' | 'foundPaces' | 'lookIn'>;
  readonly header: TitledRun;
  readonly flags: FlagValues;
  readonly io: CommandIo;
  /** Ends the run as the first ^C does. */
  readonly onQuit: () => void;
}

export interface DisplayWishes extends DisplayParts {
  /** Data goes to the terminal itself, and would be torn by what is rewritten there. */
  readonly useTerminal: boolean;
  /** Times of a run that was gone on with begin where another run ended: nobody wants to look at the gap. */
  readonly isResumed: boolean;
}

export type OpenDisplay = (state: StateNow) => FetchDisplay;

/** Undefined where nothing is to be shown. @param cast records what is shown; null for nowhere */
export async function displayFor(wishes: DisplayWishes, cast: Cast | null): Promise<OpenDisplay | undefined> {
  const shown = await shownFor(wishes);
  if (cast === null) return shown;
  const { recordedDisplay } = await import('./recorded-display.ts');
  return recordedDisplay(cast, wishes, shown);
}

async function shownFor(wishes: DisplayWishes): Promise<OpenDisplay | undefined> {
  const { flags, io, useTerminal, isResumed } = wishes;
  if (flags.quiet || flags['no-progress'] || useTerminal) return undefined;
  // What is rewritten would hide what is typed.
  if (flags.input?.includes('-') && io.stdin.isTTY) return undefined;
  if (!io.stderr.isTTY || isResumed) return state => new LineDisplay(wishes, state);
  const { PictureDisplay } = await import('./picture-display.ts');
  return state => new PictureDisplay(wishes, state);
}

class LineDisplay implements FetchDisplay {
  readonly #progress: Progress;

  constructor(parts: DisplayParts, state: StateNow) {
    this.#progress = openLine(parts, state);
  }

  add(): void {}

  say(text: string): void {
    this.#progress.say(spoken('', text));
  }

  pause(): void {
    this.#progress.stop();
  }

  close(): Promise<void> {
    this.#progress.stop();
    return Promise.resolve();
  }
}

export function openLine({ run, io }: DisplayParts, state: StateNow): Progress {
  return new Progress({
    clock: run.clock,
    write: text => io.stderr.write(text),
    rewrites: canRewrite(io.stderr, io.env),
    columns: () => io.stderr.columns || 80,
    state,
  });
}
