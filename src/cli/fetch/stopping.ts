// ^C and SIGTERM while a run goes on. Listened for before anything is sent; what is said about it comes later,
// from the session, once that is there.
import type { HttpRun } from '../../run.ts';
import {
  type InterruptSignal,
  type Interrupts,
  onInterrupt,
  type SignalSource,
} from '../terminal/interrupts.ts';

/** Code of what was cancelled by it. */
export const INTERRUPTED = 'INTERRUPTED';

export class Stopping {
  readonly #interrupts: Interrupts;
  #signal: InterruptSignal | undefined;
  #tell: ((signal: InterruptSignal) => void) | undefined;

  constructor(source: SignalSource, run: HttpRun, exit: (code: number) => void) {
    this.#interrupts = onInterrupt(source, {
      drain: signal => {
        this.#signal = signal;
        run.drain({ code: INTERRUPTED, message: `Not started: ${signal}.` });
        this.#tell?.(signal);
      },
      abort: signal => run.abort({ code: INTERRUPTED, message: `Ended by ${signal}.` }),
      exit,
    });
  }

  /** From now on `tell` says that the run is stopping: at once, if it has been told to already. */
  onStop(tell: (signal: InterruptSignal) => void): void {
    this.#tell = tell;
    if (this.#signal) tell(this.#signal);
  }

  /** Asked for otherwise than by a signal: as the first ^C, and nothing more when one has come. */
  drain(): void {
    this.#interrupts.drain();
  }

  /** The exit code of the signal that came first; null when none came. */
  get exitCode(): number | null {
    return this.#interrupts.exitCode();
  }

  /** The process may be ended by signals as before. */
  end(): void {
    this.#interrupts.stop();
  }
}
