// One run on the page: its data, the sums that its strips are drawn from, and the strips themselves.
import { formatCount, formatDuration } from '../base/units.ts';
import { type EndColumns, Ends, endTable, failedRows } from '../timeline/large/ends.ts';
import { Attempts } from '../timeline/large/facts.ts';
import { addRows, addUnsent, LevelTable, Ramps } from '../timeline/large/levels.ts';
import { Pieces, rowsInWindow, type Span } from '../timeline/large/pieces.ts';
import type { Preview } from '../timeline/large/preview.ts';
import { PREVIEW_COLUMNS } from '../timeline/large/preview.ts';
import type { RunHead } from '../timeline/large/report-head.ts';
import { byLane, byRequest, byServerWorker } from '../timeline/large/row-models.ts';
import { KIND_COUNT, PERMIT } from '../timeline/slices.ts';
import { type Curve, curveMost, drawCurve } from './curve-strip.ts';
import { CurveTable } from './curve-table.ts';
import { byId, el } from './dom.ts';
import { drawLatency, drawThroughput, drawWaiting } from './end-strips.ts';
import type { LoadedRun } from './load.ts';
import { type Frame, Plot } from './plot.ts';
import { RowsStrip } from './rows-strip.ts';

/** Rows are requests up to so many, lanes above. */
export const REQUEST_ROWS_MAX = 60;
/** Above so many requests the curve is the headline, and lanes are a thin raster. */
const MANY = 2000;
/** So many rows in the window are looked at one by one; more are taken from tables. */
const DIRECT_ROWS_MAX = 60_000;

type StripName = 'curve' | 'latency' | 'throughput' | 'waiting' | 'client' | 'server';

interface StripBox {
  readonly section: HTMLElement;
  readonly body: HTMLElement;
}

export class RunView {
  readonly head: RunHead;
  readonly element: HTMLElement;
  readonly #plots: Record<'curve' | 'latency' | 'throughput' | 'waiting', Plot>;
  readonly #boxes = new Map<StripName, StripBox>();
  readonly #table = new CurveTable((shown, rows) => this.#loaded?.curve(shown, rows).levels ?? []);
  #preview: Preview | null = null;
  #loaded: Loaded | null = null;
  #mask: Uint8Array | null = null;
  #curveMost = 0;
  /** Height of the curve strip. */
  readonly #curvePx: number;

  constructor(head: RunHead, isAlone: boolean) {
    this.head = head;
    this.#plots = { curve: new Plot(), latency: new Plot(), throughput: new Plot(), waiting: new Plot() };
    this.#curvePx = head.facts.requests > MANY ? 200 : isAlone ? 140 : 110;
    const wall = el(
      'span',
      { class: 'wall' },
      `wall ${formatDuration(head.facts.wallUs / 1000)}${head.faster}`,
    );
    const heading = el('h2', {}, `${head.name} `, wall);
    const about = el('p', { class: 'about' }, head.title.join(' · '));
    this.element = el('section', { class: 'run', 'aria-label': head.name }, heading, about);
    if (!isAlone) this.element.append(el('p', { class: 'finding' }, head.finding));
    const diagnoses = head.diagnoses.map(text => el('p', { class: 'diagnosis' }, text));
    if (isAlone) byId('caption').after(...diagnoses);
    else this.element.append(...diagnoses);
    for (const note of head.notes) this.element.append(el('p', { class: 'note' }, note));
    const curve = this.#addStrip('curve', 'Requests in flight, by phase', this.#plots.curve.canvas);
    curve.section.append(this.#table.element);
  }

  /** The window has stood still: what is costly to count is counted. */
  countAnew(shown: Span): void {
    this.#table.show(shown);
  }

  get extent(): Span {
    return { fromUs: 0, toUs: this.head.extentUs };
  }

  get loaded(): Loaded | null {
    return this.#loaded;
  }

  get mask(): Uint8Array | null {
    return this.#mask;
  }

  showPreview(preview: Preview): void {
    this.#preview = preview;
    this.#curveMost = curveMost(preview.levels, this.head);
  }

  get preview(): Preview | null {
    return this.#preview;
  }

  /** Everything is there: the other strips appear. */
  load({ data, problems }: LoadedRun): void {
    for (const problem of problems)
      this.element.append(el('p', { class: 'note problem', role: 'alert' }, problem));
    const loaded = new Loaded(this.head, { data, problems });
    this.#loaded = loaded;
    if (this.#preview === null) this.#curveMost = curveMost(loaded.coarseLevels(), this.head);
    const isLarge = data.rows > REQUEST_ROWS_MAX;
    if (isLarge) this.#addStrip('latency', 'Time on the wire of what ended then', this.#plots.latency.canvas);
    if (isLarge)
      this.#addStrip('throughput', 'Attempts that ended, per second', this.#plots.throughput.canvas);
    if (!loaded.isByRequest && this.#hasWaiting(loaded))
      this.#addStrip('waiting', 'Requests that wait for a permit of ours', this.#plots.waiting.canvas);
    this.#addRows('client', loaded.isByRequest ? 'Requests' : 'Client: lanes', loaded.client);
    if (loaded.server) this.#addRows('server', 'Server: its workers', loaded.server);
  }

  /** Steps from one request to the next are no waiting room. */
  #hasWaiting(loaded: Loaded): boolean {
    const levels = this.#preview?.levels ?? loaded.coarseLevels();
    return (levels[PERMIT] as Float64Array).some(level => level >= 1);
  }

  #addStrip(name: StripName, title: string, ...content: Node[]): StripBox {
    const body = el('div', { class: `strip ${name}` }, ...content);
    const section = el('section', { class: 'strip-box' }, el('h3', {}, title), body);
    this.#boxes.set(name, { section, body });
    this.element.append(section);
    return { section, body };
  }

  #addRows(name: 'client' | 'server', title: string, strip: RowsStrip): void {
    const { section } = this.#addStrip(name, `${title} (${formatCount(strip.lanes)})`, strip.scroller);
    if (!strip.canExpand) return;
    const toggle = el(
      'button',
      { type: 'button', class: 'expand', 'aria-expanded': 'false' },
      'show each row',
    );
    toggle.addEventListener('click', () => {
      strip.expand(!strip.isExpanded);
      toggle.setAttribute('aria-expanded', String(strip.isExpanded));
      toggle.textContent = strip.isExpanded ? 'show all at once' : 'show each row';
      toggle.dispatchEvent(new CustomEvent('paceline:redraw', { bubbles: true }));
    });
    section.querySelector('h3')?.append(' ', toggle);
  }

  filter(mask: Uint8Array | null): void {
    this.#mask = mask;
    this.#loaded?.filter(mask);
  }

  /** @param focus the row that is pointed at or selected; null for none, or one of another run */
  draw(frame: Frame, focus: number | null): void {
    const { curve, latency, throughput, waiting } = this.#plots;
    curve.start(frame, this.#curvePx);
    const columns = Math.max(1, Math.round(curve.plotWidth * curve.scale));
    const loaded = this.#loaded;
    const drawn = loaded ? loaded.curve(frame.window, columns) : this.#previewCurve(frame.window, columns);
    if (drawn) drawCurve(curve, frame, drawn, { ...this.head, most: Math.max(1, this.#curveMost) });
    if (!loaded) return;
    if (this.#boxes.has('latency')) {
      const ends = loaded.ends(frame.window, Math.max(1, Math.floor(curve.plotWidth / 3)));
      latency.start(frame, 84);
      drawLatency(latency, frame, ends);
      throughput.start(frame, 54);
      drawThroughput(throughput, frame, ends);
    }
    if (this.#boxes.has('waiting') && drawn) {
      waiting.start(frame, 44);
      drawWaiting(waiting, frame, drawn.levels[PERMIT] as Float64Array);
    }
    loaded.client.draw(frame, focus);
    loaded.server?.draw(frame, focus);
  }

  /** The preview's columns, stretched over the window. */
  #previewCurve({ fromUs, toUs }: Span, columns: number): Curve | null {
    const preview = this.#preview;
    if (preview === null) return null;
    const levels = preview.levels.map(values =>
      Float64Array.from({ length: columns }, (_, i) => {
        const us = fromUs + ((i + 0.5) / columns) * (toUs - fromUs);
        return values[Math.floor((us / this.head.extentUs) * PREVIEW_COLUMNS)] ?? 0;
      }),
    );
    return { levels, matching: null };
  }
}

/** What is known of a run once its blocks are decoded. */
export class Loaded {
  readonly pieces: Pieces;
  readonly attempts: Attempts;
  readonly failed: Uint32Array;
  readonly client: RowsStrip;
  readonly server: RowsStrip | null;
  readonly isByRequest: boolean;
  readonly problems: readonly string[];
  #levels: LevelTable | null = null;
  #matchingLevels: LevelTable | null = null;
  #ends: Ends[] = [];
  #mask: Uint8Array | null = null;

  constructor(head: RunHead, { data, problems }: LoadedRun) {
    this.problems = problems;
    this.pieces = new Pieces(data);
    this.attempts = new Attempts(data);
    this.failed = failedRows(data);
    const requests = data.rows + data.unsent.request.length;
    this.isByRequest = requests <= REQUEST_ROWS_MAX;
    const isMany = head.facts.requests > MANY;
    const model = this.isByRequest ? byRequest(data) : byLane(data, head.lane);
    this.client = new RowsStrip(model, isMany ? 260 : this.isByRequest ? 1400 : 420);
    const server = byServerWorker(data);
    this.server = server && new RowsStrip(server, isMany ? 120 : 220);
  }

  filter(mask: Uint8Array | null): void {
    this.#mask = mask;
    this.#matchingLevels = null;
    this.#ends = [];
    this.client.filter(mask);
    this.server?.filter(mask);
  }

  coarseLevels(): Float64Array[] {
    return levelsOf(this.#table(), this.pieces.extent, PREVIEW_COLUMNS);
  }

  #table(): LevelTable {
    this.#levels ??= new LevelTable(this.pieces, null);
    return this.#levels;
  }

  curve(shown: Span, columns: number): Curve {
    const mask = this.#mask;
    const { data } = this.pieces;
    const table = this.#table();
    if (table.isTooCoarseFor(shown, columns)) {
      const rows = data.rows <= DIRECT_ROWS_MAX ? null : rowsInWindow(data, shown, DIRECT_ROWS_MAX);
      if (rows !== null || data.rows <= DIRECT_ROWS_MAX) {
        const levels = this.#directLevels(shown, columns, rows, null);
        const matching = mask && this.#directLevels(shown, columns, rows, mask);
        return { levels, matching };
      }
    }
    if (mask && this.#matchingLevels === null) this.#matchingLevels = new LevelTable(this.pieces, mask);
    return {
      levels: levelsOf(table, shown, columns),
      matching: this.#matchingLevels && levelsOf(this.#matchingLevels, shown, columns),
    };
  }

  #directLevels(
    shown: Span,
    columns: number,
    rows: Uint32Array | null,
    mask: Uint8Array | null,
  ): Float64Array[] {
    const ramps = new Ramps(shown, columns);
    addRows(ramps, this.pieces, rows, mask);
    if (mask === null) addUnsent(ramps, this.pieces);
    const levels = Array.from({ length: KIND_COUNT }, (_, kind) => ramps.levels(kind));
    // Waits that lie over the whole window begin and end outside it: only the table knows them all.
    if (rows !== null && mask === null) levels[PERMIT] = this.#table().levels(PERMIT, shown, columns);
    return levels;
  }

  ends(shown: Span, columns: number): EndColumns {
    const { data, extent } = this.pieces;
    if (this.#ends.length === 0) {
      const fine = endTable(data, extent, this.#mask);
      this.#ends = [fine.coarser(fine.columns / 1024), fine];
    }
    const fitting = this.#ends.find(ends => !ends.isTooCoarseFor(shown, columns));
    if (fitting) return fitting.over(shown, columns);
    const rows = rowsInWindow(data, shown, DIRECT_ROWS_MAX * 2);
    return Ends.of(data, shown, columns, { rows, mask: this.#mask }).over(shown, columns);
  }
}

function levelsOf(table: LevelTable, shown: Span, columns: number): Float64Array[] {
  return Array.from({ length: KIND_COUNT }, (_, kind) => table.levels(kind, shown, columns));
}
