// What a live view shows: the picture so far with what is in flight, and under it the words of the progress line; as a
// person has chosen to see it.
import type { TitledRun } from '../../timeline/caption.ts';
import { LivePicture, liveWindowMs, type OpenAttempt } from '../../timeline/drawable.ts';
import type { LimitStep } from '../../timeline/found-limit.ts';
import { type RowMode, usualMode } from '../../timeline/layout.ts';
import type { PictureModel } from '../../timeline/picture.ts';
import { serverRows } from '../../timeline/server-rows.ts';
import { drawTerminal } from '../../timeline/terminal.ts';
import { wrapped } from '../../timeline/wrapped.ts';
import type { ScreenSize } from './live-view.ts';
import type { TerminalLook } from './look.ts';
import { type ProgressState, progressParts, RecentRate } from './progress-line.ts';
import { KEYS_HELP, ViewChoices } from './view-choices.ts';

/** More in flight than this are not looked at one by one. */
export const OPEN_MAX = 4096;
/** What it takes to add a request to a picture; measured by `npm run bench -- live`. */
export const ADD_MS = 0.00035;
/** Title, failures, at-server line, axis, words, legend: what stands around the rows. */
const ROWS_AROUND = 10;
const RATE_WINDOW_MS = 5000;
/** A smaller screen gets a line. */
const COLUMNS_MIN = 40;
const SCREEN_ROWS_MIN = ROWS_AROUND + 4;
/** Of the rows, the server's workers get at most one in so many. */
const SERVER_PART = 3;

export function hasRoomForPicture({ columns, rows }: ScreenSize): boolean {
  return columns > COLUMNS_MIN && rows >= SCREEN_ROWS_MIN;
}

export interface PictureRows {
  /** For requests or lanes. */
  readonly rows: number;
  readonly serverRows: number;
  readonly mode: RowMode | undefined;
}

/** How many rows a picture may have, and of what. @param taken what else stands below it */
export function rowsFor(
  { rows: screenRows }: ScreenSize,
  choices: Pick<ViewChoices, 'hasServer' | 'mode'>,
  capacity: number | null,
  taken = 0,
): PictureRows {
  const rows = Math.max(1, screenRows - ROWS_AROUND - taken);
  const most = choices.hasServer ? Math.max(1, Math.floor(rows / SERVER_PART)) : 0;
  const serverRows = Math.min(most, capacity ?? most);
  return { rows: Math.max(1, rows - serverRows), serverRows, mode: choices.mode };
}

export interface WatchedRun {
  readonly run: TitledRun;
  readonly picture: PictureModel;
  /** Asked anew for each frame. */
  readonly look: () => Pick<TerminalLook, 'charset' | 'color'>;
  /** What is in flight; none where nobody here knows. */
  readonly open: () => readonly OpenAttempt[];
  readonly nowMs: () => number;
  /** The limit that was found so far, asked anew for each frame; left out where none is looked for. */
  readonly limitSteps?: () => readonly LimitStep[];
  readonly state: () => Omit<ProgressState, 'elapsedMs' | 'ratePerSecond'>;
  readonly choices?: ViewChoices;
  /** Somebody can press keys. */
  readonly hasKeys?: () => boolean;
}

export class WatchedPicture {
  readonly #watched: WatchedRun;
  readonly #choices: ViewChoices;
  readonly #rate = new RecentRate(RATE_WINDOW_MS);
  #last: { readonly lines: readonly string[]; readonly size: ScreenSize } | undefined;
  #mode: RowMode = 'requests';

  constructor(watched: WatchedRun) {
    this.#watched = watched;
    this.#choices = watched.choices ?? new ViewChoices();
  }

  /** As it is now; while it is frozen, as it was, unless the screen has changed. */
  draw(size: ScreenSize): readonly string[] {
    const last = this.#last;
    const isSame = last?.size.columns === size.columns && last.size.rows === size.rows;
    if (last && isSame && this.#choices.isFrozen) return last.lines;
    const lines = this.#lines(size);
    this.#last = { lines, size };
    return lines;
  }

  /** @returns whether it looks otherwise now */
  press(key: string): boolean {
    const shown = { mode: this.#mode, wholeMs: liveWindowMs(this.#watched.nowMs()) };
    if (!this.#choices.press(key, shown)) return false;
    this.#last = undefined;
    return true;
  }

  #lines(size: ScreenSize): string[] {
    const { run, picture, open, nowMs, limitSteps, state } = this.#watched;
    if (limitSteps) picture.limitSteps = limitSteps();
    const choices = this.#choices;
    const look = this.#watched.look();
    // One column stays free: some terminals wrap when the last one is written.
    const width = size.columns - 1;
    const help = choices.isHelpShown
      ? wrapped(KEYS_HELP, { width, indent: '  ', charset: look.charset })
      : [];
    const atMs = nowMs();
    const counts = state();
    const expected = counts.isEstimate ? null : counts.total;
    const live = new LivePicture(picture, {
      attempts: open(),
      nowMs: atMs,
      expected,
      lastMs: choices.lastMs,
    });
    const rows = rowsFor(size, choices, live.facts().capacity, help.length);
    this.#mode = usualMode(live, rows.rows);
    const isServerSilent = choices.hasServer && serverRows(live, 1) === null;
    const ratePerSecond = this.#rate.perSecond(atMs, counts.done);
    const words = [
      ...progressParts({ ...counts, elapsedMs: atMs, ratePerSecond }),
      ...choices.words(),
      ...(isServerSilent ? ['the server has named no worker yet'] : []),
      ...(this.#watched.hasKeys?.() && help.length === 0 ? ['? keys'] : []),
    ];
    const lines = drawTerminal({ run, picture: live }, { ...look, ...rows, width, caption: words });
    return [...lines.slice(0, Math.max(1, size.rows - 1 - help.length)), ...help];
  }
}
