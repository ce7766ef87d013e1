// What a comparison shows of its programs, one after another, on the terminal and in a recording of it.
import type { Clock } from '../../base/clock.ts';
import type { FlagValues } from '../flags/command-line.ts';
import type { Cast } from '../terminal/cast.ts';
import type { CommandIo } from '../terminal/io.ts';
import type { LiveTerminal } from '../terminal/live-terminal.ts';
import type { LiveDisplay } from '../terminal/live-view.ts';
import { lookOf, screenOf, type TerminalLook } from '../terminal/look.ts';
import { spoken } from '../terminal/messages.ts';
import type { HowFar } from './compare.ts';
import { openProgramDisplay, terminalFor } from './display.ts';
import type { Program } from './program.ts';
import type { RecordTail } from './record-tail.ts';

export interface ShowingParts {
  readonly programs: readonly Program[];
  readonly clock: Clock;
  readonly flags: FlagValues;
  readonly io: CommandIo;
  /** Records what is shown; null for nowhere. */
  readonly cast: Cast | null;
  /** Ends the comparison as the first ^C does. */
  readonly onQuit: () => void;
}

/** Where programs are shown, and what pictures are drawn on there; undefined for lines. */
interface Screen {
  readonly io: CommandIo;
  readonly terminal: LiveTerminal | undefined;
}

export class Showing {
  /** For everything else that is said. */
  readonly io: CommandIo;
  readonly #parts: ShowingParts;
  readonly #screens: readonly Screen[];
  #displays: readonly LiveDisplay[] = [];

  constructor(parts: ShowingParts) {
    this.#parts = parts;
    const { io, cast, clock, flags } = parts;
    this.io = cast?.over(io) ?? io;
    const isHidden = flags.quiet || flags['no-progress'];
    const shown = isHidden ? [] : [this.#screenOn(this.io)];
    if (cast === null || shown[0]?.terminal) {
      cast?.begin(clock, () => screenOf(io.stderr));
      this.#screens = shown;
      return;
    }
    cast.begin(clock); // the lines on a terminal without a picture are not recorded: a picture is
    this.#screens = [...(isHidden ? [] : [{ io, terminal: undefined }]), this.#screenOn(cast.screen(io))];
  }

  begin(program: Program, record: RecordTail, far: () => HowFar): void {
    const { clock } = this.#parts;
    this.#displays = this.#screens.map(({ io, terminal }) =>
      openProgramDisplay({ program, record, far, clock, io, terminal }),
    );
  }

  /** What is shown is taken away. Harmless when called twice. */
  end(): void {
    for (const display of this.#displays) display.stop();
    this.#displays = [];
  }

  /** Between what is rewritten; false when nothing is. */
  say(text: string): boolean {
    for (const display of this.#displays) display.say(spoken('', text));
    return this.#displays.length > 0;
  }

  async close(): Promise<void> {
    this.end();
    for (const { terminal } of this.#screens) await terminal?.close();
  }

  /** Of stdout; one that is the terminal that was asked need not be guessed. */
  look(): TerminalLook {
    const { io, flags } = this.#parts;
    const known = io.stdout.isTTY ? this.#screens[0]?.terminal?.look().charset : undefined;
    return lookOf(io.stdout, io.env, known ?? flags.charset);
  }

  #screenOn(io: CommandIo): Screen {
    return { io, terminal: terminalFor({ ...this.#parts, io }) };
  }
}
