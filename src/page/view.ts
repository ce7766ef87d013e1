// The window of time that all strips show, and the way back to windows shown before.
import type { Span } from '../timeline/large/pieces.ts';

/** Narrower windows show nothing more: times are whole microseconds. */
const WIDTH_US_MIN = 4;
const HISTORY_MAX = 200;

export class View {
  /** Of all runs. */
  readonly extent: Span;
  readonly #listeners: (() => void)[] = [];
  readonly #history: Span[] = [];
  #window: Span;

  constructor(extentUs: number) {
    this.extent = this.extentOf(extentUs);
    this.#window = this.extent;
  }

  /** So long a run, and a little room behind it. */
  extentOf(us: number): Span {
    return { fromUs: 0, toUs: Math.max(WIDTH_US_MIN, us * 1.01) };
  }

  get window(): Span {
    return this.#window;
  }

  get widthUs(): number {
    return this.#window.toUs - this.#window.fromUs;
  }

  get isWhole(): boolean {
    return this.#window.fromUs <= this.extent.fromUs && this.#window.toUs >= this.extent.toUs;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Shows this part, kept within the extent. */
  show(wanted: Span): void {
    const { fromUs: least, toUs: most } = this.extent;
    const width = Math.min(most - least, Math.max(WIDTH_US_MIN, wanted.toUs - wanted.fromUs));
    const middle = (wanted.fromUs + wanted.toUs) / 2;
    const fromUs = Math.min(most - width, Math.max(least, middle - width / 2));
    if (fromUs === this.#window.fromUs && fromUs + width === this.#window.toUs) return;
    this.#window = { fromUs, toUs: fromUs + width };
    for (const listener of this.#listeners) listener();
  }

  /** Remembers where we are: the next `back` returns here. */
  remember(): void {
    const last = this.#history.at(-1);
    if (last?.fromUs === this.#window.fromUs && last.toUs === this.#window.toUs) return;
    this.#history.push(this.#window);
    if (this.#history.length > HISTORY_MAX) this.#history.shift();
  }

  back(): void {
    const before = this.#history.pop();
    if (before) this.show(before);
  }

  /** Below 1 zooms in. What lies at `atUs` stays where it is. */
  zoom(factor: number, atUs: number): void {
    const { fromUs, toUs } = this.#window;
    const share = (atUs - fromUs) / (toUs - fromUs);
    const width = Math.min(
      this.extent.toUs - this.extent.fromUs,
      Math.max(WIDTH_US_MIN, (toUs - fromUs) * factor),
    );
    const from = atUs - share * width;
    this.show({ fromUs: from, toUs: from + width });
  }

  /** By a share of the window; positive is later. */
  pan(share: number): void {
    const byUs = this.widthUs * share;
    this.show({ fromUs: this.#window.fromUs + byUs, toUs: this.#window.toUs + byUs });
  }

  /** So that the instant or span is in the middle, without zooming unless it would not fit. */
  centre({ fromUs, toUs }: Span): void {
    const width = Math.max(this.widthUs, (toUs - fromUs) * 1.2);
    const middle = (fromUs + toUs) / 2;
    this.show({ fromUs: middle - width / 2, toUs: middle + width / 2 });
  }

  fit({ fromUs, toUs }: Span): void {
    const margin = (toUs - fromUs) * 0.1;
    this.show({ fromUs: fromUs - margin, toUs: toUs + margin });
  }

  whole(): void {
    this.show(this.extent);
  }
}
