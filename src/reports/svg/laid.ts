// What is known of a run before anything of it is drawn: enough to say how much room its words need.
import { formatCount, formatDuration } from '../../base/units.ts';
import { captionParts, titleParts } from '../../timeline/caption.ts';
import { terminalSafe } from '../../timeline/escape.ts';
import { busyText, type LoopStrip, loopStrips } from '../../timeline/event-loops.ts';
import { type ExactRows, exactRows } from '../../timeline/exact-rows.ts';
import { type Layout, layOut } from '../../timeline/layout.ts';
import { type CodeRow, codePlace, codeRows } from '../../timeline/own-code.ts';
import { type PhaseCurve, phaseCurve } from '../../timeline/phase-curve.ts';
import type { PictureFacts } from '../../timeline/picture.ts';
import { type ServerRows, serverRows } from '../../timeline/server-rows.ts';
import { type Wait, waitingBars } from '../../timeline/waiting-bars.ts';
import type { PictureRun } from './run.ts';

const REQUEST_ROWS_MAX = 60;
const LANE_ROWS_MAX = 40;
/** Rows of shares; with more of them the file of a large run would be large too. */
const SHARE_ROWS_MAX = 12;
const SERVER_ROWS_MAX = 16;
/** More in a waiting room are a height and no longer bars. */
const WAITING_ROWS_MAX = 40;
/** Of what is in flight. */
const WAITING_TIMES_MAX = 4;
const LOOP_ROWS_MAX = 8;
/** Names of origins stand in what was found. */
const FOUND_CHARS = 200;

export interface Laid {
  readonly run: PictureRun;
  readonly facts: PictureFacts;
  readonly exact: ExactRows | null;
  readonly shares: Layout | null;
  readonly curve: PhaseCurve;
  /** Who waits for a permit, in rows; null where that is shown in the rows of requests, or by a curve. */
  readonly waiting: readonly (readonly Wait[])[] | null;
  readonly code: readonly CodeRow[];
  /** How busy our own event loops were; none where nobody knows. */
  readonly loops: readonly LoopStrip[];
  readonly server: ServerRows | null;
}

/** @param plotPx about how wide the plot will be */
export function layOutRun(run: PictureRun, endMs: number, plotPx: number): Laid {
  const { picture } = run;
  const facts = picture.facts();
  const exact = exactRows(picture, { requests: REQUEST_ROWS_MAX, lanes: LANE_ROWS_MAX });
  const fine = picture.bins?.grid;
  // A column that is drawn must not be narrower than one that was counted.
  const columns = Math.max(1, Math.min(plotPx, fine ? Math.floor(endMs / fine.columnMs) : plotPx));
  const scale = { endMs, atServerMax: 1 };
  const shares = exact ? null : layOut(picture, { rows: SHARE_ROWS_MAX, columns, scale });
  return {
    ...{ run, facts, exact, shares },
    curve: phaseCurve(picture, shares?.grid ?? null),
    waiting: exact?.mode === 'requests' ? null : waitingBars(picture, WAITING_ROWS_MAX),
    code: codeRows(picture, run.header.strategy),
    loops: loopStrips(facts.eventLoops, facts.wallMs, LOOP_ROWS_MAX),
    server: serverRows(picture, SERVER_ROWS_MAX),
  };
}

/** The words left and right of the rows. */
export function wordsOf({ exact, shares, code, loops, server, curve, facts }: Laid): {
  labels: string[];
  totals: string[];
} {
  const rows = exact?.rows ?? shares?.rows ?? [];
  return {
    labels: [...rows, ...code, ...loops, ...(server?.rows ?? [])].map(({ label }) => label),
    totals: [
      ...rows.map(totalOf),
      ...loops.map(busyText),
      ...[`peak ${formatCount(Math.round(curve.peaks.all))}`, `${facts.capacity ?? 1} workers`],
    ],
  };
}

export function totalOf({ total, ending }: { readonly total: string; readonly ending: string }): string {
  return ending === '' ? total : `${total} ${ending}`;
}

/** Rows of requests show each wait in its row; rows of lanes have no place for it. */
export function hasWaitingRoom({ exact, curve }: Laid): boolean {
  return exact?.mode !== 'requests' && curve.peaks.waiting > 0;
}

/** Where the limit was found, those who wait here would press it flat, and what was in flight. */
export function curveIsInFlight(laid: Laid): boolean {
  const { waiting, inFlight } = laid.curve.peaks;
  return hasWaitingRoom(laid) || (laid.run.limitSteps.length > 0 && waiting > WAITING_TIMES_MAX * inFlight);
}

/** The highest that the curve goes. */
export function peakOf(laid: Laid): number {
  return curveIsInFlight(laid) ? laid.curve.peaks.inFlight : laid.curve.peaks.all;
}

/** What was run; with its name where that alone tells it from another one. */
export function titleOf({ header, name, isNamed }: PictureRun, facts: PictureFacts): string[] {
  return [...titleParts(header, facts), ...(isNamed ? [name] : [])];
}

function placesOf({ header }: PictureRun, count: number): string {
  const place = codePlace(header.strategy);
  return count === 1 ? place : place === 'process' ? 'processes' : 'threads';
}

/** What the picture finds, in numbers: the terminal's caption, and what else a still picture has room for. */
export function findingParts({ run, facts, code }: Laid): string[] {
  const { heldBack, permitMsMax, attempts } = facts;
  const burntMs = code.reduce(
    (sum, { spans }) => sum + spans.reduce((own, { fromMs, toMs }) => own + toMs - fromMs, 0),
    0,
  );
  return [
    ...captionParts(facts),
    ...(heldBack > 0
      ? [
          `here: ${formatCount(heldBack)} of ${formatCount(attempts)} waited for a permit, ` +
            `max ${formatDuration(permitMsMax)}`,
        ]
      : []),
    ...(burntMs > 0
      ? [`our own code ${formatDuration(burntMs)} on ${code.length} ${placesOf(run, code.length)}`]
      : []),
    ...(run.resumedAtMs.length > 0
      ? [`gone on with at ${run.resumedAtMs.map(formatDuration).join(', ')}`]
      : []),
    ...(run.ending === null ? [] : [run.ending]),
    ...run.found.map(text => terminalSafe(text, FOUND_CHARS)),
  ];
}
