// A run's attempts as rows: ours by lane or by request, as the reader wants them, and the server's by worker.
import type { RunHead } from '../timeline/large/report-head.ts';
import { byLane, byRequest, byServerWorker } from '../timeline/large/row-models.ts';
import type { RowMode, StripName } from './arrangement.ts';
import type { Frame } from './plot.ts';
import { RowsBox } from './rows-box.ts';
import { RowsStrip } from './rows-strip.ts';
import type { RunData } from './run-data.ts';

/** Rows are requests up to so many, lanes above. */
export const REQUEST_ROWS_MAX = 60;
/** So many rows can be scrolled through; more are found by a filter. */
export const REQUEST_ROWS_MOST = 20_000;
/** Above so many requests the curve is the headline, and rows are a thin raster. */
export const MANY = 2000;

export class RunRows {
  readonly #loaded: RunData;
  readonly #head: RunHead;
  readonly #client: RowsBox;
  readonly #server: RowsBox | null;
  readonly #made = new Map<'requests' | 'lanes', RowsStrip>();
  #shown: 'requests' | 'lanes';

  constructor(loaded: RunData, head: RunHead) {
    this.#loaded = loaded;
    this.#head = head;
    this.#shown = this.#modeFor('auto');
    this.#client = new RowsBox('client', this.#title, this.#strip());
    const served = byServerWorker(loaded.pieces.data);
    const maxPx = this.#isMany ? 120 : 220;
    this.#server = served && new RowsBox('server', 'Server: its workers', new RowsStrip(served, maxPx));
  }

  get #isMany(): boolean {
    return this.#head.facts.requests > MANY;
  }

  get isByRequest(): boolean {
    return this.#shown === 'requests';
  }

  get sections(): readonly (readonly [StripName, HTMLElement])[] {
    const client = ['client', this.#client.section] as const;
    return this.#server ? [client, ['server', this.#server.section]] : [client];
  }

  get client(): RowsStrip {
    return this.#client.strip;
  }

  get strips(): readonly RowsStrip[] {
    return this.#server ? [this.client, this.#server.strip] : [this.client];
  }

  get #title(): string {
    return this.isByRequest ? 'Requests' : 'Client: lanes';
  }

  #modeFor(mode: RowMode): 'requests' | 'lanes' {
    const { requests } = this.#loaded;
    if (requests <= REQUEST_ROWS_MAX) return mode === 'lanes' ? 'lanes' : 'requests';
    return mode === 'requests' && requests <= REQUEST_ROWS_MOST ? 'requests' : 'lanes';
  }

  #strip(): RowsStrip {
    const made = this.#made.get(this.#shown);
    if (made) return made;
    const { data } = this.#loaded.pieces;
    const strip = this.isByRequest
      ? new RowsStrip(byRequest(data), this.#loaded.requests <= REQUEST_ROWS_MAX ? 1400 : 480)
      : new RowsStrip(byLane(data, this.#head.lane), this.#isMany ? 260 : 420);
    if (this.isByRequest && this.#loaded.requests > REQUEST_ROWS_MAX) strip.expand(true);
    this.#made.set(this.#shown, strip);
    return strip;
  }

  /** @returns whether rows are others than before */
  arrange(mode: RowMode): boolean {
    const wanted = this.#modeFor(mode);
    if (wanted === this.#shown) return false;
    this.#shown = wanted;
    this.#client.show('client', this.#title, this.#strip());
    return true;
  }

  filter(mask: Uint8Array | null): void {
    for (const strip of this.strips) strip.filter(mask);
  }

  /** @param focus the row that is pointed at or selected; null for none */
  draw(frame: Frame, focus: number | null): void {
    for (const [i, [, section]] of this.sections.entries())
      if (!section.hidden) this.strips[i]?.draw(frame, focus);
  }
}
