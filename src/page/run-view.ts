// One run on the page: its words, and the strips that its data is drawn in.
import { formatDuration } from '../base/units.ts';
import type { Span } from '../timeline/large/pieces.ts';
import { PREVIEW_COLUMNS, type Preview } from '../timeline/large/preview.ts';
import type { RunHead } from '../timeline/large/report-head.ts';
import { PERMIT } from '../timeline/slices.ts';
import { type Arranged, AS_GIVEN, STRIP_NAMES, type StripName } from './arrangement.ts';
import { Axis } from './axis.ts';
import { type Curve, curveMost, drawCurve } from './curve-strip.ts';
import { CurveTable } from './curve-table.ts';
import { byId, el } from './dom.ts';
import { drawLatency, drawThroughput, drawWaiting } from './end-strips.ts';
import { drawFlow } from './flow-strip.ts';
import type { DecodedRun } from './load.ts';
import { drawLoops, loopsHeight } from './loops-strip.ts';
import { type Frame, Plot } from './plot.ts';
import type { RowsStrip } from './rows-strip.ts';
import { RunData } from './run-data.ts';
import { MANY, REQUEST_ROWS_MAX, RunRows } from './run-rows.ts';

export class RunView {
  readonly head: RunHead;
  readonly element: HTMLElement;
  readonly axis = new Axis();
  readonly #body = el('div');
  readonly #badge = el('span', { class: 'badge', hidden: true }, 'own scale');
  readonly #plots = new Map<StripName, Plot>();
  readonly #sections = new Map<StripName, HTMLElement>();
  readonly #table = new CurveTable((shown, rows) => this.#loaded?.curve(shown, rows).levels ?? []);
  readonly #curvePx: number;
  #arranged: Arranged = AS_GIVEN;
  #preview: Preview | null = null;
  #loaded: RunData | null = null;
  #rows: RunRows | null = null;
  #mask: Uint8Array | null = null;
  #curveMost = 0;

  constructor(head: RunHead, isAlone: boolean) {
    this.head = head;
    this.#curvePx = head.facts.requests > MANY ? 200 : isAlone ? 140 : 110;
    const wallText = `wall ${formatDuration(head.facts.wallUs / 1000)}${head.faster}`;
    const heading = el('h2', {}, `${head.name} `, el('span', { class: 'wall' }, wallText), this.#badge);
    const about = el('p', { class: 'about' }, head.title.join(' · '));
    this.element = el('section', { class: 'run', 'aria-label': head.name }, heading, about);
    if (!isAlone) {
      heading.prepend(this.#collapseButton());
      this.element.append(el('p', { class: 'finding' }, head.finding));
    }
    const diagnoses = head.diagnoses.map(text => el('p', { class: 'diagnosis' }, ...unbroken(text)));
    if (isAlone) byId('caption').after(...diagnoses);
    else this.element.append(...diagnoses);
    for (const note of head.notes) this.element.append(el('p', { class: 'note' }, note));
    this.axis.plot.canvas.hidden = true;
    this.element.append(this.axis.plot.canvas, this.#body);
    this.#addPlot('curve', 'Requests in flight, by phase').append(this.#table.element);
  }

  #collapseButton(): HTMLButtonElement {
    const toggle = el('button', { type: 'button', class: 'collapse', 'aria-expanded': 'true' }, '▾');
    toggle.setAttribute('aria-label', `strips of ${this.head.name}`);
    toggle.addEventListener('click', () => {
      this.#body.hidden = !this.#body.hidden;
      toggle.setAttribute('aria-expanded', String(!this.#body.hidden));
      toggle.textContent = this.#body.hidden ? '▸' : '▾';
      toggle.dispatchEvent(new CustomEvent('paceline:redraw', { bubbles: true }));
    });
    return toggle;
  }

  get extent(): Span {
    return { fromUs: 0, toUs: this.head.extentUs };
  }

  get loaded(): RunData | null {
    return this.#loaded;
  }

  get preview(): Preview | null {
    return this.#preview;
  }

  get mask(): Uint8Array | null {
    return this.#mask;
  }

  /** Our own rows, once they are there. */
  get client(): RowsStrip | null {
    return this.#rows?.client ?? null;
  }

  /** All rows that can be pointed at. */
  get strips(): readonly RowsStrip[] {
    return this.#rows?.strips ?? [];
  }

  /** Strips that this run has something for. */
  get has(): ReadonlySet<StripName> {
    return new Set(this.#sections.keys());
  }

  /** The window has stood still: what is costly to count is counted. */
  countAnew(shown: Span): void {
    this.#table.show(shown);
  }

  showPreview(preview: Preview): void {
    this.#preview = preview;
    this.#curveMost = curveMost(preview.levels, this.head);
  }

  /** Everything is there: the other strips appear. */
  load(decoded: DecodedRun): void {
    for (const problem of decoded.problems)
      this.element.insertBefore(
        el('p', { class: 'note problem', role: 'alert' }, problem),
        this.axis.plot.canvas,
      );
    const loaded = new RunData(decoded);
    this.#loaded = loaded;
    const levels = this.#preview?.levels ?? loaded.coarseLevels();
    if (this.#preview === null) this.#curveMost = curveMost(levels, this.head);
    this.#addPlot('flow', 'Cumulative flow: asked for, sent, answered, done');
    // Where every request has a row, the rows say it.
    if (loaded.requests > REQUEST_ROWS_MAX) {
      this.#addPlot('latency', 'Time on the wire of what ended then');
      this.#addPlot('throughput', 'Attempts that ended, per second');
    }
    if (this.head.loops.length > 0) this.#addPlot('loops', 'Our own event loops, how busy');
    // Steps from one request to the next are no waiting room.
    if ((levels[PERMIT] as Float64Array).some(level => level >= 1))
      this.#addPlot('waiting', 'Requests that wait for a permit of ours');
    this.#rows = new RunRows(loaded, this.head);
    for (const [name, section] of this.#rows.sections) {
      this.#sections.set(name, section);
      this.#body.append(section);
    }
    this.arrange(this.#arranged);
  }

  #addPlot(name: StripName, title: string): HTMLElement {
    const plot = new Plot();
    this.#plots.set(name, plot);
    const body = el('div', { class: `strip ${name}` }, plot.canvas);
    const section = el('section', { class: 'strip-box' }, el('h3', {}, title), body);
    this.#sections.set(name, section);
    this.#body.append(section);
    return section;
  }

  /** @returns whether rows are others than before */
  arrange(arranged: Arranged): boolean {
    this.#arranged = arranged;
    const isNew = this.#rows?.arrange(arranged.rows) ?? false;
    if (isNew) this.#rows?.filter(this.#mask);
    for (const name of STRIP_NAMES) {
      const section = this.#sections.get(name);
      // Rows of requests hold their waits themselves.
      const isInRows = name === 'waiting' && this.#rows?.isByRequest === true;
      if (section) section.hidden = arranged.hidden.has(name) || isInRows;
    }
    this.#badge.hidden = !arranged.isOwnScale;
    this.axis.plot.canvas.hidden = !arranged.isOwnScale;
    return isNew;
  }

  filter(mask: Uint8Array | null): void {
    this.#mask = mask;
    this.#loaded?.filter(mask);
    this.#rows?.filter(mask);
  }

  /** @param focus the row that is pointed at or selected; null for none, or one of another run */
  draw(frame: Frame, focus: number | null): void {
    if (this.#body.hidden) return;
    if (this.#arranged.isOwnScale) this.axis.draw(frame, [], null);
    const loaded = this.#loaded;
    const columns = Math.max(
      1,
      Math.round((frame.width - frame.gutter) * Plot.scaleOf(frame.width, this.#curvePx)),
    );
    const curve = loaded ? loaded.curve(frame.window, columns) : this.#previewCurve(frame.window, columns);
    if (!curve) return;
    this.#draw('curve', frame, this.#curvePx, plot =>
      drawCurve(plot, frame, curve, { ...this.head, most: Math.max(1, this.#curveMost) }),
    );
    if (!loaded) return;
    this.#draw('flow', frame, 110, plot =>
      drawFlow(plot, frame, loaded.ended(frame.window, columns), curve.levels),
    );
    this.#drawEnds(frame, loaded);
    this.#draw('loops', frame, loopsHeight(this.head.loops), plot => drawLoops(plot, frame, this.head.loops));
    this.#draw('waiting', frame, 44, plot => drawWaiting(plot, frame, curve.levels[PERMIT] as Float64Array));
    this.#rows?.draw(frame, focus);
  }

  #drawEnds(frame: Frame, loaded: RunData): void {
    if (!this.#isSeen('latency') && !this.#isSeen('throughput')) return;
    const ends = loaded.ends(frame.window, Math.max(1, Math.floor((frame.width - frame.gutter) / 3)));
    this.#draw('latency', frame, 84, plot => drawLatency(plot, frame, ends));
    this.#draw('throughput', frame, 54, plot => drawThroughput(plot, frame, ends));
  }

  #isSeen(name: StripName): boolean {
    return this.#sections.get(name)?.hidden === false;
  }

  #draw(name: StripName, frame: Frame, height: number, draw: (plot: Plot) => void): void {
    const plot = this.#plots.get(name);
    if (!plot || !this.#isSeen(name)) return;
    plot.start(frame, height);
    draw(plot);
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

/** A flag and its value stay on one line, and can still be copied as they are. */
function unbroken(text: string): (Node | string)[] {
  const parts = text.split(/((?<= )--?[a-z][\w-]*(?: \d+)?)/);
  return parts.map((part, i) => (i % 2 === 1 ? el('span', { class: 'flag' }, part) : part));
}
