// What a live view shows, as a recording that terminals' players know: asciicast v3, a line of JSON for the screen and
// one for each piece of output. Only what paceline shows is in it, and of that no secret of a URL: nothing typed, no
// command line, no environment.
import process from 'node:process';
import { Readable } from 'node:stream';
import type { Clock } from '../../base/clock.ts';
import { PacelineError } from '../../base/errors.ts';
import { VERSION } from '../../base/version.ts';
import { sentenceWithoutSecrets } from '../../model/secrets.ts';
import { ReplacedFile } from '../../platform/replaced-file.ts';
import { cannotWrite } from '../output/sinks.ts';
import { CastScreen, teed } from './cast-screen.ts';
import { QUESTION } from './glyph-width.ts';
import type { CommandIo } from './io.ts';
import type { ScreenSize } from './live-view.ts';

const FLAG = '--record';
/** Rows of a picture are none: what stands in them only looks like a parameter. */
const LINE_WITH_URL = /[^\r\n]*:\/\/[^\r\n]*/g;
/** Of a recording that is made where there is no terminal. */
const SCREEN: ScreenSize = { columns: 80, rows: 24 };

export interface CastPlan {
  readonly path: string;
  /** Files that are read, as `device:inode`; none of them is overwritten. */
  readonly inputKeys?: ReadonlySet<string>;
  /** Files that are written as well. */
  readonly otherPaths?: readonly (string | null | undefined)[];
}

export class Cast {
  readonly path: string;
  readonly #file: ReplacedFile;
  readonly #leave = (): void => this.abandon();
  #clock: Clock | undefined;
  #size: () => ScreenSize = () => SCREEN;
  #sizeTold = '';
  /** Of the last event, in whole ms: what is rounded off one interval is in the next. */
  #toldMs = 0;
  #failure: { readonly cause: unknown } | undefined;

  private constructor(path: string, file: ReplacedFile) {
    this.path = path;
    this.#file = file;
    process.once('exit', this.#leave);
  }

  /** Nothing is changed yet. @throws ERR_IO_WRITE, ERR_OPTION_CONFLICT */
  static open({ path, inputKeys, otherPaths = [] }: CastPlan): Cast {
    if (otherPaths.includes(path))
      throw new PacelineError('ERR_OPTION_CONFLICT', `${FLAG} ${path}: this file is named twice.`);
    let file: ReplacedFile;
    try {
      file = ReplacedFile.open(path);
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
    if (file.key !== null && inputKeys?.has(file.key)) {
      file.abandon();
      throw new PacelineError('ERR_OPTION_CONFLICT', `${FLAG} ${path}: this file is also read as input.`);
    }
    return new Cast(path, file);
  }

  /** @param size of the terminal that is shown; left out where there is none */
  begin(clock: Clock, size: () => ScreenSize = () => SCREEN): void {
    this.#clock = clock;
    this.#size = size;
    this.#toldMs = Math.round(clock.now());
    const { columns, rows } = size();
    this.#sizeTold = `${columns}x${rows}`;
    this.#line({ version: 3, term: { cols: columns, rows }, title: `paceline ${VERSION}` });
  }

  /** The same streams, of which all that goes to stderr is recorded too. */
  over(io: CommandIo): CommandIo {
    const stderr = teed(io.stderr, text => {
      if (text !== QUESTION) this.output(text); // else whoever plays it is asked
    });
    return { stdin: io.stdin, stdout: io.stdout, stderr, env: io.env };
  }

  /** A terminal that is nothing but this recording, without a keyboard. */
  screen(io: CommandIo): CommandIo {
    const stderr = new CastScreen(SCREEN, text => this.output(text));
    return { stdin: Readable.from([]), stdout: io.stdout, stderr, env: io.env };
  }

  output(text: string): void {
    if (this.#clock === undefined || text === '') return;
    const { columns, rows } = this.#size();
    const size = `${columns}x${rows}`;
    if (size !== this.#sizeTold) this.#event('r', size);
    this.#sizeTold = size;
    const harmless = text.replace(LINE_WITH_URL, line => sentenceWithoutSecrets(line, ''));
    this.#event('o', harmless.replace(/\r?\n/g, '\r\n')); // as the terminal gets it
  }

  /** From now on it is there, whole. @throws ERR_IO_WRITE, also for what failed before; then nothing has changed */
  commit(exitCode: number): void {
    this.#event('x', String(exitCode));
    try {
      if (this.#failure) throw this.#failure.cause;
      this.#file.commit();
    } catch (cause) {
      throw cannotWrite(this.path, cause);
    } finally {
      this.abandon();
    }
  }

  /** Leaves everything as it was; harmless after `commit`. */
  abandon(): void {
    process.off('exit', this.#leave);
    this.#file.abandon();
  }

  #event(code: 'o' | 'r' | 'x', text: string): void {
    const nowMs = Math.round(this.#clock?.now() ?? 0);
    this.#line([(nowMs - this.#toldMs) / 1000, code, text]);
    this.#toldMs = nowMs;
  }

  /** A disk that is full ends no run; it is told at the end. */
  #line(value: unknown): void {
    if (this.#failure) return;
    try {
      this.#file.write(`${JSON.stringify(value)}\n`);
    } catch (cause) {
      this.#failure = { cause };
    }
  }
}
