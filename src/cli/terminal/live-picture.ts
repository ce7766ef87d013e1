// What a live view shows: the picture so far with what is in flight, and under it the words of the progress line.
import type { TitledRun } from '../../timeline/caption.ts';
import { LivePicture, type OpenAttempt } from '../../timeline/drawable.ts';
import type { PictureModel } from '../../timeline/picture.ts';
import { drawTerminal } from '../../timeline/terminal.ts';
import type { ScreenSize } from './live-view.ts';
import type { TerminalLook } from './look.ts';
import { type ProgressState, progressParts, RecentRate } from './progress-line.ts';

/** More in flight than this are not looked at one by one. */
export const OPEN_MAX = 4096;
/** Title, failures, at-server line, axis, words, legend: what stands around the rows. */
const ROWS_AROUND = 10;
const RATE_WINDOW_MS = 5000;
/** A smaller screen gets a line. */
const COLUMNS_MIN = 40;
const SCREEN_ROWS_MIN = ROWS_AROUND + 4;

export function hasRoomForPicture({ columns, rows }: ScreenSize): boolean {
  return columns > COLUMNS_MIN && rows >= SCREEN_ROWS_MIN;
}

/** How many rows for requests or lanes a picture may have. */
export function rowsFor({ rows }: ScreenSize): number {
  return Math.max(1, rows - ROWS_AROUND);
}

export interface WatchedRun {
  readonly run: TitledRun;
  readonly picture: PictureModel;
  readonly look: Pick<TerminalLook, 'charset' | 'color'>;
  /** What is in flight; none where nobody here knows. */
  readonly open: () => readonly OpenAttempt[];
  readonly nowMs: () => number;
  readonly state: () => Omit<ProgressState, 'elapsedMs' | 'ratePerSecond'>;
}

/** A function that draws it as it is now. */
export function pictureOf(watched: WatchedRun): (size: ScreenSize) => string[] {
  const { run, picture, look, open, nowMs, state } = watched;
  const rate = new RecentRate(RATE_WINDOW_MS);
  return size => {
    const atMs = nowMs();
    const counts = state();
    const words = progressParts({
      ...counts,
      elapsedMs: atMs,
      ratePerSecond: rate.perSecond(atMs, counts.done),
    });
    const expected = counts.isEstimate ? null : counts.total;
    const live = new LivePicture(picture, { attempts: open(), nowMs: atMs, expected });
    const lines = drawTerminal(
      { run, picture: live },
      // One column stays free: some terminals wrap when the last one is written.
      { ...look, width: size.columns - 1, rows: rowsFor(size), caption: words },
    );
    return lines.slice(0, Math.max(1, size.rows - 1));
  };
}
