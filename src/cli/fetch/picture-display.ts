// The picture of a run on a terminal: drawn as the run goes on, where the screen has room for it, and once more at its
// end, to stay above the summary.
import type { HttpRequest } from '../../model/request.ts';
import type { Settled } from '../../model/settled.ts';
import { PictureModel } from '../../timeline/picture.ts';
import { drawTerminal } from '../../timeline/terminal.ts';
import { canRewrite } from '../terminal/io.ts';
import { hasRoomForPicture, OPEN_MAX, pictureOf, rowsFor } from '../terminal/live-picture.ts';
import { type LiveDisplay, LiveView } from '../terminal/live-view.ts';
import { lookOf, screenOf } from '../terminal/look.ts';
import { spoken } from '../terminal/messages.ts';
import {
  type ClosingPicture,
  type DisplayParts,
  type FetchDisplay,
  openLine,
  type StateNow,
} from './display.ts';

export class PictureDisplay implements FetchDisplay {
  readonly #parts: DisplayParts;
  readonly #picture = new PictureModel();
  readonly #live: LiveView | null;
  readonly #shown: LiveDisplay;

  constructor(parts: DisplayParts, state: StateNow) {
    this.#parts = parts;
    this.#live = this.#openLive(state);
    this.#shown = this.#live ?? openLine(parts, state);
  }

  add(settled: Settled<HttpRequest>): void {
    this.#picture.add(settled);
  }

  say(text: string): void {
    this.#shown.say(spoken('', text));
  }

  /** What was drawn last stays for now. */
  pause(): void {
    if (this.#live) this.#live.pause();
    else this.#shown.stop();
  }

  close({ withPicture, eventLoops }: ClosingPicture): void {
    this.#picture.eventLoops = eventLoops;
    const lines = withPicture && this.#picture.facts().attempts > 0 ? this.#finalLines() : [];
    if (lines.length === 0) this.#shown.stop();
    else if (this.#live) this.#live.finish(lines);
    else this.#parts.io.stderr.write(`${lines.join('\n')}\n`);
  }

  /** The summary follows at once, and says what a caption would say. */
  #finalLines(): string[] {
    const { io, flags, header } = this.#parts;
    const look = lookOf(io.stderr, io.env, flags.charset);
    const rows = rowsFor(screenOf(io.stderr));
    // One column stays free: some terminals wrap when the last one is written.
    const options = { ...look, width: look.width - 1, rows, caption: [] };
    return drawTerminal({ run: header, picture: this.#picture }, options);
  }

  #openLive(state: StateNow): LiveView | null {
    const { run, header, io, flags } = this.#parts;
    const size = () => screenOf(io.stderr);
    if (!canRewrite(io.stderr, io.env) || !hasRoomForPicture(size())) return null;
    const draw = pictureOf({
      ...{ run: header, picture: this.#picture, state, look: lookOf(io.stderr, io.env, flags.charset) },
      open: () => run.lookIn(OPEN_MAX),
      nowMs: () => run.clock.now(),
    });
    return new LiveView({ clock: run.clock, write: text => io.stderr.write(text), size, draw });
  }
}
