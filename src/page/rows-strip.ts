// Rows of slices: a client's lanes, single requests, or a server's workers. Few are drawn as bars with marks, more
// as lines of pixels, and so many that they are narrower than a few pixels as columns of exact shares.
import { formatCount } from '../base/units.ts';
import { laneOf } from '../timeline/codec/dataset.ts';
import { LaneTable } from '../timeline/large/lane-table.ts';
import {
  firstBeginningFrom,
  firstEndingAfter,
  laneRange,
  Pieces,
  type Range,
  type Span,
} from '../timeline/large/pieces.ts';
import { drawLine, drawShares } from '../timeline/large/raster.ts';
import type { RowModel } from '../timeline/large/row-models.ts';
import { drawBars } from './bars.ts';
import { el } from './dom.ts';
import { drawOutline } from './outline.ts';
import { type Frame, Plot } from './plot.ts';

export type Regime = 'bars' | 'lines' | 'shares';

const BAR_PIECES_MAX = 8000;
const LINE_PIECES_MAX = 120_000;
const LINE_PX_MIN = 4;
const ROW_PX_MIN = 4;
const ROW_PX_MAX = 22;
const EXPANDED_ROW_PX = 18;

/** How the rows lie: several lanes to a row where there are more lanes than room. */
interface RowLayout {
  readonly rowPx: number;
  readonly lanesPerRow: number;
  readonly rows: number;
}

export interface RowHit {
  readonly lane: number;
  readonly lanes: number;
  /** The attempt there, as a row of the strip's own data; null between two. */
  readonly row: number | null;
}

export class RowsStrip {
  readonly model: RowModel;
  readonly pieces: Pieces;
  readonly plot = new Plot();
  readonly scroller: HTMLElement;
  readonly #spacer = el('div', { class: 'spacer' });
  readonly #tables = new Map<number, LaneTable>();
  #matching: LaneTable | null = null;
  #mask: Uint8Array | null = null;
  #isExpanded = false;
  #layout: RowLayout = { rowPx: 1, lanesPerRow: 1, rows: 0 };
  #line = new Uint8Array(0);
  #shownPx = -1;
  #wholePx = -1;
  /** As it was when this was drawn. */
  #scrollTop = 0;
  readonly #maxPx: number;
  regime: Regime = 'bars';

  constructor(model: RowModel, maxPx: number) {
    this.model = model;
    this.pieces = new Pieces(model.data, model.hasPermit);
    this.#maxPx = maxPx;
    this.scroller = el('div', { class: 'rows' }, this.plot.canvas, this.#spacer);
  }

  get lanes(): number {
    return this.model.data.lanes.length;
  }

  get isExpanded(): boolean {
    return this.#isExpanded;
  }

  /** Whether there is more to see than fits. */
  get canExpand(): boolean {
    return this.lanes * EXPANDED_ROW_PX > this.#maxPx;
  }

  expand(isExpanded: boolean): void {
    this.#isExpanded = isExpanded;
    this.scroller.scrollTop = 0;
  }

  /** @param mask of the run's own rows */
  filter(mask: Uint8Array | null): void {
    const { source } = this.model;
    this.#mask =
      mask === null || source === null
        ? mask
        : Uint8Array.from(source, row => (row < 0 ? 0 : (mask[row] as number)));
    this.#matching = null;
  }

  /** @param focus the run's own row that is pointed at or selected; null for none */
  draw(frame: Frame, focus: number | null): void {
    this.#layout = this.#layOut();
    const { rowPx, rows } = this.#layout;
    const whole = rows * rowPx;
    const shown = Math.min(whole, this.#isExpanded ? Math.max(this.#maxPx, 480) : this.#maxPx);
    this.#fit(shown, whole);
    this.plot.start(frame, Math.max(1, shown));
    this.regime = this.#regimeFor(frame);
    if (this.regime === 'bars') this.#drawBars(frame);
    else this.#drawPixels(frame);
    this.#drawLabels(frame);
    this.plot.glow(frame);
    if (focus !== null) this.#outline(frame, focus);
  }

  /** Styles are written when they change, and read once: each read after a write has the browser lay out the page. */
  #fit(shown: number, whole: number): void {
    if (this.#shownPx !== shown || this.#wholePx !== whole) {
      [this.#shownPx, this.#wholePx] = [shown, whole];
      this.scroller.style.maxHeight = `${shown}px`;
      this.scroller.classList.toggle('scrolls', whole > shown);
      this.#spacer.style.height = `${whole - shown}px`;
    }
    this.#scrollTop = whole > shown ? this.scroller.scrollTop : 0;
  }

  #layOut(): RowLayout {
    const { lanes } = this;
    if (this.#isExpanded) return { rowPx: EXPANDED_ROW_PX, lanesPerRow: 1, rows: lanes };
    const rowPx = Math.min(ROW_PX_MAX, Math.floor(this.#maxPx / Math.max(1, lanes)));
    if (rowPx >= ROW_PX_MIN) return { rowPx, lanesPerRow: 1, rows: lanes };
    const lanesPerRow = Math.ceil((lanes * ROW_PX_MIN) / this.#maxPx);
    return { rowPx: ROW_PX_MIN, lanesPerRow, rows: Math.ceil(lanes / lanesPerRow) };
  }

  #visibleRows(): Range {
    const { rowPx, rows } = this.#layout;
    const first = Math.floor(this.#scrollTop / rowPx);
    return { first, end: Math.min(rows, first + Math.ceil(this.plot.height / rowPx) + 1) };
  }

  #regimeFor({ window: shown }: Frame): Regime {
    const { rowPx, lanesPerRow } = this.#layout;
    if (lanesPerRow > 1) return 'shares';
    const { data } = this.model;
    const visible = this.#visibleRows();
    let attempts = 0;
    for (let lane = visible.first; lane < visible.end; lane++) {
      const range = laneRange(data, lane);
      attempts += Math.max(
        0,
        firstBeginningFrom(data, range, shown.toUs) - firstEndingAfter(data, range, shown.fromUs),
      );
    }
    const pieces = attempts * Math.max(1, this.pieces.spans.length);
    if (pieces <= BAR_PIECES_MAX && rowPx >= 7) return 'bars';
    const room = (visible.end - visible.first) * this.plot.plotWidth;
    return pieces <= LINE_PIECES_MAX && attempts * LINE_PX_MIN <= room ? 'lines' : 'shares';
  }

  #place(row: number): { top: number; height: number } {
    const { rowPx } = this.#layout;
    const gap = rowPx >= 14 ? 3 : rowPx >= 8 ? 2 : 1;
    const top = row * rowPx - this.#scrollTop;
    return { top, height: rowPx - gap };
  }

  #drawBars(frame: Frame): void {
    const visible = this.#visibleRows();
    for (let lane = visible.first; lane < visible.end; lane++)
      drawBars(this.plot, frame, this.#place(lane), { pieces: this.pieces, lane, mask: this.#mask });
  }

  #drawPixels(frame: Frame): void {
    const { inks, window: shown } = frame;
    const bitmap = this.plot.bitmap(inks.surface);
    const visible = this.#visibleRows();
    const { scale } = this.plot;
    const isLines = this.regime === 'lines';
    if (this.#line.length < bitmap.width) this.#line = new Uint8Array(bitmap.width);
    const table = isLines ? null : this.#table();
    const borders = table?.borders(shown, bitmap.width) ?? new Float64Array(0);
    for (let row = visible.first; row < visible.end; row++) {
      const at = this.#place(row);
      const top = Math.max(0, Math.round(at.top * scale));
      const height = Math.min(bitmap.height, Math.round((at.top + at.height) * scale)) - top;
      if (height <= 0) continue;
      const place = { top, height };
      if (table)
        drawShares(bitmap, place, {
          ...{ table, matching: this.#matchingTable(), group: row, lanes: this.lanes, borders, inks },
        });
      else
        drawLine(bitmap, place, {
          ...{ pieces: this.pieces, lane: row, window: shown, mask: this.#mask, inks, line: this.#line },
        });
    }
    this.plot.put();
  }

  #table(): LaneTable {
    const { lanesPerRow } = this.#layout;
    let table = this.#tables.get(lanesPerRow);
    if (!table) {
      this.#tables.clear();
      table = new LaneTable(this.pieces, lanesPerRow, null);
      this.#tables.set(lanesPerRow, table);
    }
    return table;
  }

  #matchingTable(): LaneTable | null {
    if (this.#mask === null) return null;
    const { lanesPerRow } = this.#layout;
    if (this.#matching?.lanesPerGroup !== lanesPerRow)
      this.#matching = new LaneTable(this.pieces, lanesPerRow, this.#mask);
    return this.#matching;
  }

  #outline({ palette, window: shown }: Frame, focus: number): void {
    const row = this.rowOf(focus);
    const at = row === null ? null : this.placeOf(row, laneOf(this.model.data, row), shown);
    if (at !== null) drawOutline(this.plot, at, palette.focus);
  }

  #drawLabels({ palette }: Frame): void {
    const { rowPx, lanesPerRow } = this.#layout;
    const visible = this.#visibleRows();
    const every = Math.max(1, Math.ceil(13 / rowPx));
    for (let row = visible.first; row < visible.end; row++) {
      if (row % every !== 0 || (every > 1 && row + every > visible.end && row > 0)) continue;
      const { top } = this.#place(row);
      const y = every > 1 ? Math.max(6, top + 6) : top + rowPx / 2 - 1;
      if (y < 4 || y > this.plot.height) continue;
      this.plot.label(this.#labelOf(row * lanesPerRow, lanesPerRow), y, palette.muted);
    }
  }

  #labelOf(lane: number, lanesPerRow: number): string {
    const last = Math.min(this.lanes, lane + lanesPerRow) - 1;
    const label = this.model.labels(lane);
    return last === lane ? label : `${label}–${(this.model.labels(last).split(' ').at(-1) ?? '').trim()}`;
  }

  /** What lies at this place of the canvas. */
  hit(y: number, us: number): RowHit | null {
    const { rowPx, lanesPerRow, rows } = this.#layout;
    const row = Math.floor((y + this.scroller.scrollTop) / rowPx);
    if (row < 0 || row >= rows) return null;
    const lane = row * lanesPerRow;
    const lanes = Math.min(lanesPerRow, this.lanes - lane);
    return { lane, lanes, row: lanes === 1 ? this.rowAt(lane, us) : null };
  }

  /** The attempt on the lane at this instant. */
  rowAt(lane: number, us: number): number | null {
    const { data } = this.model;
    const range = laneRange(data, lane);
    const row = firstEndingAfter(data, range, us);
    return row < range.end && (data.beginUs[row] as number) <= us ? row : null;
  }

  /** The strip's own row for one of the run's; null when it has none. */
  rowOf(source: number): number | null {
    if (this.model.source === null) return source < this.model.data.rows ? source : null;
    const row = this.model.source.indexOf(source);
    return row < 0 ? null : row;
  }

  sourceOf(row: number): number {
    return this.model.source === null ? row : (this.model.source[row] as number);
  }

  /** Where an attempt is drawn, in CSS pixels of the canvas; null when it is scrolled away. */
  placeOf(row: number, lane: number, shown: Span): DOMRect | null {
    const place = this.#place(Math.floor(lane / this.#layout.lanesPerRow));
    if (place.top + place.height < 0 || place.top > this.plot.height) return null;
    const { beginUs, endUs } = this.model.data;
    const left = this.plot.x(beginUs[row] as number, shown);
    return new DOMRect(left, place.top, this.plot.x(endUs[row] as number, shown) - left, place.height);
  }

  /** Scrolls so that the lane can be seen. */
  reveal(lane: number): void {
    const { rowPx, lanesPerRow } = this.#layout;
    const top = Math.floor(lane / lanesPerRow) * rowPx;
    const { scrollTop } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top;
    else if (top + rowPx > scrollTop + this.plot.height)
      this.scroller.scrollTop = top + rowPx - this.plot.height;
  }

  describe(): string {
    return `${formatCount(this.lanes)} ${this.lanes === 1 ? 'row' : 'rows'}`;
  }
}
