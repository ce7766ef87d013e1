// The page as a whole: it owns the window of time, the filter and the selection, and draws everything once a frame.

import { type WindowFacts, windowFacts } from '../timeline/large/facts.ts';
import type { Span } from '../timeline/large/pieces.ts';
import { instantText } from '../timeline/large/spoken.ts';
import { type Arranged, AS_GIVEN, type RunOrder } from './arrangement.ts';
import { Axis } from './axis.ts';
import { byId, el } from './dom.ts';
import { LaneReader } from './lane-reader.ts';
import { drawLegend } from './legend.ts';
import type { Look } from './look.ts';
import { kindsIn, Minimap } from './minimap.ts';
import type { Frame } from './plot.ts';
import type { RunView } from './run-view.ts';
import { drawSelection, type Selected } from './selection.ts';
import { Tooltip } from './tooltip.ts';
import type { View } from './view.ts';

/** Figures are counted when nothing has moved for so long. */
const STILL_MS = 160;
const GUTTER_PX = 96;
const GUTTER_NARROW_PX = 58;

export class App {
  readonly runs: readonly RunView[];
  readonly view: View;
  readonly look: Look;
  readonly tooltip = new Tooltip();
  readonly reader: LaneReader;
  readonly chart = byId('chart');
  readonly cursor: HTMLElement;
  readonly #axis = new Axis();
  readonly #minimap: Minimap;
  readonly #range = el('div', { class: 'range', hidden: true });
  readonly #stillListeners: (() => void)[] = [];
  #still: ReturnType<typeof setTimeout> | undefined;
  #isScheduled = false;
  #facts: WindowFacts[] = [];
  #arranged: Arranged = AS_GIVEN;
  selected: Selected | null = null;
  hovered: Selected | null = null;
  drawnRange: Span | null = null;
  marksUs: number[] = [];
  cursorUs = 0;
  hides = false;
  /** Time that the last frame took, in ms. */
  frameMs = 0;

  constructor(runs: readonly RunView[], view: View, look: Look) {
    this.runs = runs;
    this.view = view;
    this.look = look;
    this.#minimap = new Minimap(view, runs);
    this.cursor = el('div', {
      ...{ class: 'cursor', id: 'cursor', role: 'slider', tabindex: 0, 'aria-label': 'Time cursor' },
      ...{ 'aria-orientation': 'horizontal', 'aria-valuemin': 0, 'aria-valuenow': 0 },
    });
    this.reader = new LaneReader(runs, {
      visit: (run, row) => this.visit({ run, row }),
      select: (run, row) => this.select({ run, row }),
    });
    const axisBox = el('div', { class: 'axis-box' }, this.#axis.plot.canvas);
    this.chart.append(this.#minimap.plot.canvas, axisBox, this.#range, this.cursor);
    this.chart.append(...runs.map(run => run.element), this.reader.element);
    document.body.append(this.tooltip.element);
    view.onChange(() => this.redraw());
    new ResizeObserver(() => this.redraw()).observe(this.chart);
    this.chart.addEventListener('paceline:redraw', () => this.redraw());
    this.chart.addEventListener('scroll', () => this.redraw(), { capture: true, passive: true });
    this.drawPanel();
  }

  /** Called when the picture has stood still, after figures were counted anew. */
  onStill(listener: () => void): void {
    this.#stillListeners.push(listener);
  }

  get facts(): readonly WindowFacts[] {
    return this.#facts;
  }

  redraw(): void {
    clearTimeout(this.#still);
    this.#still = setTimeout(() => this.#count(), STILL_MS);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.draw();
    });
  }

  /** Now, not with the next frame. */
  draw(): void {
    const start = performance.now();
    const frame = this.#frame();
    this.#minimap.draw(frame);
    this.#axis.draw(frame, this.marksUs, this.cursorUs);
    const focus = this.hovered ?? this.selected;
    for (const [i, run] of this.runs.entries()) {
      const isFocus = focus?.run === i;
      run.draw(this.#frameOf(i, frame, isFocus), isFocus ? focus.row : null);
    }
    this.#placeOverlays(frame);
    this.frameMs = performance.now() - start;
  }

  get gutter(): number {
    return this.chart.clientWidth < 560 ? GUTTER_NARROW_PX : GUTTER_PX;
  }

  #frame(): Frame {
    const { palette, inks, isForced } = this.look;
    const focus = this.hovered ?? this.selected;
    return {
      ...{ window: this.view.window, width: Math.max(240, this.chart.clientWidth), gutter: this.gutter },
      ...{ palette, isForced, hides: this.hides },
      inks: this.hides ? { ...inks, dimmed: inks.kinds.map(() => inks.surface) } : inks,
      glow: focus && this.spanOf(focus),
    };
  }

  /** What a run draws; on its own scale, nothing of the others shows up in it. */
  #frameOf(run: number, frame: Frame, isFocus: boolean): Frame {
    if (!this.#arranged.isOwnScale) return frame;
    const glow = isFocus && frame.glow ? this.own(run, frame.glow) : null;
    return { ...frame, window: this.own(run, frame.window), glow };
  }

  /** Of the run's own time, in that of the window. */
  #ratioOf(run: number): number {
    const head = this.runs[run]?.head;
    return head && this.#arranged.isOwnScale
      ? this.view.extentOf(head.extentUs).toUs / this.view.extent.toUs
      : 1;
  }

  /** An instant of the window, in the run's own time. */
  ownUs(run: number, viewedUs: number): number {
    return viewedUs * this.#ratioOf(run);
  }

  own(run: number, { fromUs, toUs }: Span): Span {
    return { fromUs: this.ownUs(run, fromUs), toUs: this.ownUs(run, toUs) };
  }

  /** Where an attempt lies in the window's time. */
  spanOf({ run, row }: Selected): Span | null {
    const data = this.runs[run]?.loaded?.pieces.data;
    if (!data || row >= data.rows) return null;
    const ratio = this.#ratioOf(run);
    return { fromUs: (data.beginUs[row] as number) / ratio, toUs: (data.endUs[row] as number) / ratio };
  }

  get arranged(): Arranged {
    return this.#arranged;
  }

  arrange(arranged: Arranged): void {
    const place = this.reader.current;
    this.#arranged = arranged;
    const isNew = this.runs.map(run => run.arrange(arranged)).includes(true);
    if (isNew) this.reader.startAgain(place);
    for (const run of inOrder(this.runs, arranged.order))
      this.chart.insertBefore(run.element, this.reader.element);
    this.#axis.plot.canvas.hidden = arranged.isOwnScale;
    this.redraw();
  }

  #placeOverlays({ window: shown, width, gutter }: Frame): void {
    const x = (us: number): number =>
      gutter + ((us - shown.fromUs) / (shown.toUs - shown.fromUs)) * (width - gutter);
    const at = Math.min(width, Math.max(gutter, x(this.cursorUs)));
    this.cursor.style.left = `${at}px`;
    const range = this.drawnRange;
    this.#range.hidden = range === null;
    if (range === null) return;
    const from = Math.max(gutter, x(range.fromUs));
    this.#range.style.left = `${from}px`;
    this.#range.style.width = `${Math.max(1, Math.min(width, x(range.toUs)) - from)}px`;
  }

  moveCursor(us: number): void {
    const { fromUs, toUs } = this.view.extent;
    this.cursorUs = Math.min(toUs, Math.max(fromUs, us));
    this.cursor.classList.toggle('rests', this.cursorUs === 0);
    this.cursor.setAttribute('aria-valuemax', String(Math.round(toUs)));
    this.cursor.setAttribute('aria-valuenow', String(Math.round(this.cursorUs)));
    this.cursor.setAttribute('aria-valuetext', this.#cursorText());
  }

  #cursorText(): string {
    const running = this.runs.map((run, i) => {
      const strip = run.client;
      if (!strip) return '';
      const us = this.ownUs(i, this.cursorUs);
      let on = 0;
      for (let lane = 0; lane < strip.lanes; lane++) if (strip.rowAt(lane, us) !== null) on++;
      return `${this.runs.length > 1 ? `${run.head.name}: ` : ''}${on} of ${strip.lanes} rows busy`;
    });
    return [instantText(this.cursorUs, this.view.widthUs), ...running].join(', ');
  }

  /** Brings it into sight, with the cursor on it. */
  visit(place: Selected): void {
    const span = this.spanOf(place);
    if (span === null) return;
    this.hovered = place;
    this.moveCursor(span.fromUs);
    const { fromUs, toUs } = this.view.window;
    if (span.fromUs < fromUs || span.toUs > toUs) this.view.centre(span);
    this.redraw();
  }

  select(selected: Selected | null): void {
    this.selected = selected;
    this.hovered = null;
    if (selected) this.visit(selected);
    this.hovered = null;
    this.drawPanel();
    this.redraw();
  }

  drawPanel(): void {
    const run = this.selected ? this.runs[this.selected.run] : undefined;
    drawSelection(byId('selection'), run, this.selected, {
      palette: this.look.palette,
      actions: this.panelActions,
    });
  }

  panelActions = {
    select: (selected: Selected | null): void => this.select(selected),
    filter: (_text: string): void => {},
    say: (text: string): void => this.say(text),
  };

  say(text: string): void {
    byId('live').textContent = text;
  }

  /** The legend's figures, exact, of what is visible and fits the filter. */
  #count(): void {
    const loaded = this.runs.filter(run => run.loaded);
    this.#facts = this.runs.flatMap((run, i) => {
      if (!run.loaded) return [];
      const { pieces, attempts } = run.loaded;
      const part = this.view.isWhole ? pieces.extent : this.own(i, this.view.window);
      return [windowFacts(pieces, attempts, { window: part, rows: null, mask: run.mask })];
    });
    const { fromUs, toUs } = this.view.window;
    const isFiltered = loaded.some(run => run.mask !== null);
    const part = this.view.isWhole
      ? 'whole run'
      : `${instantText(fromUs, toUs - fromUs)} – ${instantText(toUs, toUs - fromUs)}`;
    drawLegend(byId('legend'), {
      parts: this.#facts.map((facts, i) => ({ name: loaded[i]?.head.name ?? '', facts })),
      kinds: this.#kinds(),
      palette: this.look.palette,
      title: `Visible: ${part}${isFiltered ? ', what matches' : ''}`,
    });
    for (const [i, run] of this.runs.entries())
      run.countAnew(this.view.isWhole ? run.extent : this.own(i, this.view.window));
    for (const listener of this.#stillListeners) listener();
  }

  #kinds(): number[] {
    const seen = new Set(kindsIn(this.runs));
    for (const run of this.runs) for (const kind of run.loaded?.pieces.present ?? []) seen.add(kind);
    return [...seen].sort((a, b) => a - b);
  }
}

/** Runs that are alike in it stand as they were given. */
function inOrder(runs: readonly RunView[], order: RunOrder): RunView[] {
  const key = ({ head }: RunView): number =>
    order === 'wall' ? head.facts.wallUs : order === 'failed' ? head.facts.failed : 0;
  return runs.toSorted((a, b) => key(a) - key(b));
}
