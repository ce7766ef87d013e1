// What `fetch` shows while it runs and leaves behind: on a terminal the picture of the run, drawn as it goes on and
// once more at its end; on a small one a line that is rewritten, elsewhere a plain line now and then.
import type { HttpRequest } from '../../model/request.ts';
import type { Settled } from '../../model/settled.ts';
import type { HttpRun } from '../../run.ts';
import type { TitledRun } from '../../timeline/caption.ts';
import { PictureModel } from '../../timeline/picture.ts';
import { drawTerminal } from '../../timeline/terminal.ts';
import type { FlagValues } from '../flags/command-line.ts';
import { type CommandIo, canRewrite } from '../terminal/io.ts';
import { hasRoomForPicture, OPEN_MAX, pictureOf, rowsFor } from '../terminal/live-picture.ts';
import { type LiveDisplay, LiveView } from '../terminal/live-view.ts';
import { lookOf, screenOf } from '../terminal/look.ts';
import { spoken } from '../terminal/messages.ts';
import { Progress } from '../terminal/progress.ts';
import type { ProgressState } from '../terminal/progress-line.ts';

export interface DisplayParts {
  readonly run: Pick<HttpRun, 'clock' | 'lookIn'>;
  readonly header: TitledRun;
  readonly flags: FlagValues;
  readonly io: CommandIo;
  /** Times of a run that was gone on with begin where another run ended: nobody wants to look at the gap. */
  readonly isResumed: boolean;
  readonly state: () => Omit<ProgressState, 'elapsedMs' | 'ratePerSecond'>;
}

export class FetchDisplay {
  readonly #parts: DisplayParts;
  /** Null where no picture is wanted. */
  readonly #picture: PictureModel | null;
  readonly #live: LiveView | null;
  readonly #shown: LiveDisplay;

  constructor(parts: DisplayParts) {
    const { io, isResumed } = parts;
    this.#parts = parts;
    this.#picture = io.stderr.isTTY === true && !isResumed ? new PictureModel() : null;
    this.#live = this.#picture && this.#openLive(this.#picture);
    this.#shown = this.#live ?? this.#openLine();
  }

  add(settled: Settled<HttpRequest>): void {
    this.#picture?.add(settled);
  }

  /** Something for people that stays, while the run goes on. */
  say(text: string): void {
    this.#shown.say(spoken('', text));
  }

  /** The run has ended: nothing is drawn any more, and what was drawn last stays for now. */
  pause(): void {
    if (this.#live) this.#live.pause();
    else this.#shown.stop();
  }

  /** Takes away what is shown; with a picture of the whole run in its place, where there is one to show. */
  close({ withPicture }: { readonly withPicture: boolean }): void {
    const picture = this.#picture;
    const lines = withPicture && picture && picture.facts().attempts > 0 ? this.#finalLines(picture) : [];
    if (lines.length === 0) this.#shown.stop();
    else if (this.#live) this.#live.finish(lines);
    else this.#parts.io.stderr.write(`${lines.join('\n')}\n`);
  }

  /** The summary follows at once, and says what a caption would say. */
  #finalLines(picture: PictureModel): string[] {
    const { io, flags, header } = this.#parts;
    const look = lookOf(io.stderr, io.env, flags.charset);
    const rows = rowsFor(screenOf(io.stderr));
    // One column stays free: some terminals wrap when the last one is written.
    const options = { ...look, width: look.width - 1, rows, caption: [] };
    return drawTerminal({ run: header, picture }, options);
  }

  #openLive(picture: PictureModel): LiveView | null {
    const { run, header, io, flags, state } = this.#parts;
    if (!canRewrite(io.stderr, io.env) || !hasRoomForPicture(screenOf(io.stderr))) return null;
    const draw = pictureOf({
      ...{ run: header, picture, state, look: lookOf(io.stderr, io.env, flags.charset) },
      open: () => run.lookIn(OPEN_MAX),
      nowMs: () => run.clock.now(),
    });
    return new LiveView({
      clock: run.clock,
      write: text => io.stderr.write(text),
      size: () => screenOf(io.stderr),
      draw,
    });
  }

  #openLine(): Progress {
    const { run, io, state } = this.#parts;
    return new Progress({
      clock: run.clock,
      write: text => io.stderr.write(text),
      rewrites: canRewrite(io.stderr, io.env),
      columns: () => screenOf(io.stderr).columns,
      state,
    });
  }
}
