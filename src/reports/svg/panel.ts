// One run: its title and finding, then strip under strip on the common time axis: rows of requests or lanes, how many
// were in which phase, our own code, and the server's workers.

import { formatCount, formatDuration } from '../../base/units.ts';
import { busyText } from '../../timeline/event-loops.ts';
import { codePlace } from '../../timeline/own-code.ts';
import { KEPT_MAX } from '../../timeline/picture.ts';
import { IN_FLIGHT, STACK } from '../../timeline/slices.ts';
import { drawBars, type RowPlace } from './bars.ts';
import { drawCurve, WAITING } from './curve.ts';
import { type Frame, labelRoom, plotWidth, TOTAL_GAP, totalRoom, xOf } from './frame.ts';
import {
  curveIsInFlight,
  findingParts,
  hasWaitingRoom,
  type Laid,
  peakOf,
  titleOf,
  totalOf,
} from './laid.ts';
import { drawLoops } from './loops.ts';
import { drawAgain, drawMarks } from './marks.ts';
import { drawCodeRows, drawServerRows, drawWaitingBars } from './rows.ts';
import { drawShares } from './shares.ts';
import { fitted, num, rectElement, textElement, textWidth, wrappedParts } from './xml.ts';

const TITLE_PX = 20;
/** By which a title is measured: its letters have 15 pixels, and are semibold. */
const TITLE_EM = 15 * 1.15;
const LINE_PX = 16;
const HEADING_PX = 15;
const WAITING_PX = 24;
const CURVE_PX = { small: 64, large: 140 } as const;

export interface PanelParts {
  readonly frame: Frame;
  readonly top: number;
  /** How many requests the full height of the curve stands for, in all panels. */
  readonly curveMax: number;
  /** Such as `1.98× faster`; null for nothing. */
  readonly chip: string | null;
  /** Is told what the legend has to explain. */
  readonly seen: Set<string>;
}

/** Draws from the top down. */
export class Panel {
  readonly #laid: Laid;
  readonly #parts: PanelParts;
  #y: number;
  /** Where the strips begin, which the grid and the finish line run through. */
  #stripsTop = 0;

  constructor(laid: Laid, parts: PanelParts) {
    this.#laid = laid;
    this.#parts = parts;
    this.#y = parts.top;
  }

  /** Elements, and where they end. */
  draw(ticksMs: readonly number[]): { readonly elements: string; readonly bottom: number } {
    const words = this.#title() + this.#caption();
    if (this.#laid.facts.requests === 0) return { elements: words, bottom: this.#y };
    const heading = this.#heading('client');
    this.#stripsTop = this.#y;
    const strips = this.#waitingRoom() + this.#rows() + this.#curve() + this.#code() + this.#server();
    return { elements: words + heading + this.#grid(ticksMs) + strips + this.#finish(), bottom: this.#y };
  }

  #title(): string {
    const { frame, chip } = this.#parts;
    const { run, facts } = this.#laid;
    const chipWidth = chip === null ? 0 : textWidth(chip, 11) + 16;
    const lines = wrappedParts(titleOf(run, facts), frame.width - 2 * frame.margin - chipWidth - 8, TITLE_EM);
    const y = this.#y;
    const texts = lines.map((line, i) =>
      textElement(line, { x: frame.margin, y: y + 15 + i * TITLE_PX, classes: 'title' }),
    );
    this.#y += lines.length * TITLE_PX;
    if (chip === null) return texts.join('');
    const x = frame.width - frame.margin - chipWidth;
    const place = { x: x + chipWidth / 2, y: y + 14, classes: 'middle' };
    return (
      texts.join('') +
      rectElement('class="chip" rx="10"', { x, y, width: chipWidth, height: 20 }) +
      textElement(chip, place)
    );
  }

  #caption(): string {
    const { frame } = this.#parts;
    const room = frame.width - 2 * frame.margin;
    const lines = [
      ...wrappedParts(findingParts(this.#laid), room),
      ...this.#laid.run.diagnoses.flatMap(({ sentence, tryThis }) =>
        [sentence, `Try ${tryThis}.`].flatMap(part => wrappedParts([part], room)),
      ),
    ];
    const texts = lines.map((line, i) =>
      textElement(line, { x: frame.margin, y: this.#y + 12 + i * LINE_PX, classes: 'finding muted' }),
    );
    this.#y += lines.length * LINE_PX + 2;
    return texts.join('');
  }

  #heading(text: string): string {
    this.#y += HEADING_PX;
    return textElement(text, { x: this.#parts.frame.margin, y: this.#y - 4, classes: 'muted' });
  }

  #rows(): string {
    const { exact, shares } = this.#laid;
    const rows = exact?.rows ?? shares?.rows ?? [];
    const place = rowPlace(this.#y, rows.length, exact?.mode === 'requests' ? 20 : 18);
    const { frame, seen } = this.#parts;
    const words = rows.map((row, i) => this.#words(row.label, totalOf(row), place, i)).join('');
    this.#y += rows.length * place.pitch + 6;
    if (exact !== null) {
      const ways = drawAgain(exact.again, frame, place);
      if (ways !== '') seen.add('again');
      return words + ways + drawBars(exact, frame, place, seen) + drawMarks(exact, frame, place, seen);
    }
    if (shares === null) return words;
    seen.add('shares');
    const lanes = shares.rows.map(row => row.lanes);
    const columnWidth = plotWidth(frame) / shares.grid.columns;
    return words + drawShares(shares.grid, lanes, { ...place, left: frame.left, columnWidth }, seen);
  }

  #words(label: string, total: string, place: RowPlace, row: number): string {
    const { frame } = this.#parts;
    const y = place.top + (row + 0.5) * place.pitch + 4;
    const left = { x: frame.left - 8, y, classes: 'right' };
    const right = { x: frame.right + TOTAL_GAP, y };
    return (
      textElement(fitted(label, labelRoom(frame), 11), left) +
      (total === '' ? '' : textElement(fitted(total, totalRoom(frame), 11), right))
    );
  }

  /** Who waits for a permit is on no lane. Its own scale: it says how long the line is, not how busy anybody. */
  #waitingRoom(): string {
    const { curve } = this.#laid;
    if (!hasWaitingRoom(this.#laid)) return '';
    const { frame, seen } = this.#parts;
    const { waiting } = curve.peaks;
    const bars = this.#laid.waiting;
    const pitch = bars === null ? 0 : Math.min(4, Math.max(2.5, WAITING_PX / bars.length));
    const height = bars === null ? WAITING_PX : pitch * bars.length;
    const place = { top: this.#y + 4, height, max: waiting, kinds: WAITING };
    this.#y += Math.max(14, height) + 12;
    const middle = place.top + height / 2 + 4;
    const peak = `max ${formatCount(Math.round(waiting))}`;
    const label = textElement(fitted('waiting', labelRoom(frame), 11), {
      ...{ x: frame.left - 8, y: middle, classes: 'right' },
    });
    if (bars === null) {
      const lines = { capacity: null, limit: null, limitSteps: [], peak };
      return label + drawCurve(curve, frame, place, { lines, seen });
    }
    seen.add('permit');
    const total = { x: frame.right + TOTAL_GAP, y: middle, classes: 'muted' };
    return (
      label +
      textElement(fitted(peak, totalRoom(frame), 11), total) +
      drawWaitingBars(bars, frame, { top: place.top, pitch, height: pitch - 1 })
    );
  }

  #curve(): string {
    const { curve, facts, run } = this.#laid;
    const { frame, curveMax, seen } = this.#parts;
    const height = facts.requests > KEPT_MAX ? CURVE_PX.large : CURVE_PX.small;
    const isInFlight = curveIsInFlight(this.#laid);
    const kinds = isInFlight ? IN_FLIGHT : STACK;
    const place = { top: this.#y + 6, height, max: curveMax, kinds };
    this.#y += height + 12;
    const lines = {
      capacity: facts.capacity,
      limit: run.limit,
      limitSteps: run.limitSteps,
      peak: `peak ${formatCount(Math.round(peakOf(this.#laid)))}`,
    };
    const label = { x: frame.left - 8, y: place.top + height / 2 + 4, classes: 'right' };
    return (
      textElement(fitted(isInFlight ? 'in flight' : 'at once', labelRoom(frame), 11), label) +
      drawCurve(curve, frame, place, { lines, seen })
    );
  }

  /** How busy they were says more than when a response was with them. */
  #loops(): string {
    const { loops } = this.#laid;
    const heading = this.#heading(loops.length === 1 ? 'our event loop' : 'our event loops');
    const place = rowPlace(this.#y, loops.length, 18);
    this.#y += loops.length * place.pitch + 4;
    const words = loops.map((strip, row) => this.#words(strip.label, busyText(strip), place, row)).join('');
    return heading + words + drawLoops(loops, this.#parts.frame, place);
  }

  #code(): string {
    const { code, loops } = this.#laid;
    if (loops.length > 0) return this.#loops();
    if (code.length === 0) return '';
    const heading = this.#heading(`our own code, by ${codePlace(this.#laid.run.header.strategy)}`);
    const place = rowPlace(this.#y, code.length, 14);
    this.#y += code.length * place.pitch + 4;
    const words = code.map(({ label }, row) => this.#words(label, '', place, row)).join('');
    this.#parts.seen.add('handler');
    return heading + words + drawCodeRows(code, this.#parts.frame, place);
  }

  #server(): string {
    const { server } = this.#laid;
    if (server === null) return '';
    const heading = this.#heading('server');
    const place = rowPlace(this.#y, server.rows.length, 14);
    this.#y += server.rows.length * place.pitch + 4;
    const words = server.rows.map(({ label }, row) => this.#words(label, '', place, row)).join('');
    this.#parts.seen.add('service');
    return heading + words + drawServerRows(server, this.#parts.frame, place);
  }

  #grid(ticksMs: readonly number[]): string {
    const { frame } = this.#parts;
    const path = ticksMs
      .map(atMs => `M${num(xOf(frame, atMs))} ${num(this.#stripsTop)}V${num(this.#y)}`)
      .join('');
    return `<path class="grid" d="${path}"/>`;
  }

  /** Where the last attempt ended. */
  #finish(): string {
    const { frame } = this.#parts;
    const { wallMs, attempts } = this.#laid.facts;
    if (attempts === 0) return '';
    const x = xOf(frame, wallMs);
    const isLate = x > (frame.left + frame.right) / 2;
    const place = {
      x: isLate ? x - 4 : x + 4,
      y: this.#stripsTop - 4,
      classes: `muted${isLate ? ' right' : ''}`,
    };
    return (
      `<path class="finish" d="M${num(x)} ${num(this.#stripsTop - 12)}V${num(this.#y)}"/>` +
      textElement(formatDuration(wallMs), place)
    );
  }
}

function rowPlace(top: number, rows: number, roomy: number): RowPlace {
  const pitch = rows <= 12 ? roomy : rows <= 24 ? Math.min(16, roomy) : 13;
  return { top, pitch, height: pitch - 4 };
}
