// `--record` of a `fetch`: what its terminal shows is recorded as it is shown; where there is no terminal to show it
// on, the same picture is drawn for the recording alone.
import type { HttpRequest } from '../../model/request.ts';
import type { Settled } from '../../model/settled.ts';
import type { Cast } from '../terminal/cast.ts';
import { canRewrite } from '../terminal/io.ts';
import { hasRoomForPicture } from '../terminal/live-picture.ts';
import { screenOf } from '../terminal/look.ts';
import type { ClosingPicture, DisplayWishes, FetchDisplay, OpenDisplay } from './display.ts';
import { PictureDisplay } from './picture-display.ts';

/** @param shown what is shown without a recording; undefined for nothing */
export function recordedDisplay(
  cast: Cast,
  wishes: DisplayWishes,
  shown: OpenDisplay | undefined,
): OpenDisplay {
  const { io, run } = wishes;
  const isLive =
    shown !== undefined && canRewrite(io.stderr, io.env) && hasRoomForPicture(screenOf(io.stderr));
  if (isLive) {
    cast.begin(run.clock, () => screenOf(io.stderr));
    return state => new PictureDisplay({ ...wishes, io: cast.over(io) }, state);
  }
  cast.begin(run.clock);
  return state => {
    const drawn = new PictureDisplay({ ...wishes, io: cast.screen(io) }, state);
    return shown === undefined ? drawn : new Both(shown(state), drawn);
  };
}

class Both implements FetchDisplay {
  readonly #displays: readonly FetchDisplay[];

  constructor(...displays: readonly FetchDisplay[]) {
    this.#displays = displays;
  }

  add(settled: Settled<HttpRequest>): void {
    for (const display of this.#displays) display.add(settled);
  }

  say(text: string): void {
    for (const display of this.#displays) display.say(text);
  }

  pause(): void {
    for (const display of this.#displays) display.pause();
  }

  async close(options: ClosingPicture): Promise<void> {
    for (const display of this.#displays) await display.close(options);
  }
}
