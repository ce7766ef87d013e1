// What a person has chosen to see of a run, by keys, while it goes on.
import { formatDuration } from '../../base/units.ts';
import type { RowMode } from '../../timeline/layout.ts';

/** What may be shown of the time that has passed, from the longest on: 1, 2 and 5 in each power of ten. */
const SPANS_MS: readonly number[] = Array.from({ length: 7 }, (_, power) =>
  [100, 200, 500].map(ms => ms * 10 ** power),
)
  .flat()
  .reverse();

export const KEYS_HELP: readonly string[] = [
  ...['q stop', 'p freeze', '+ - time', 'l lanes or requests', 's server', '? hide'],
];

/** What is on the screen when a key is pressed. */
export interface Shown {
  readonly mode: RowMode;
  /** How much time the whole axis holds. */
  readonly wholeMs: number;
}

export class ViewChoices {
  #isFrozen = false;
  #isHelpShown = false;
  #hasServer = false;
  #mode: RowMode | undefined;
  #lastMs: number | null = null;

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  get isHelpShown(): boolean {
    return this.#isHelpShown;
  }

  /** The workers of the server have rows. */
  get hasServer(): boolean {
    return this.#hasServer;
  }

  /** Undefined where nothing was chosen. */
  get mode(): RowMode | undefined {
    return this.#mode;
  }

  /** How much of the time that has passed is shown; null for all of it. */
  get lastMs(): number | null {
    return this.#lastMs;
  }

  /** @returns whether the key means something */
  press(key: string, { mode, wholeMs }: Shown): boolean {
    if (key === 'p') this.#isFrozen = !this.#isFrozen;
    else if (key === '?') this.#isHelpShown = !this.#isHelpShown;
    else if (key === 's') this.#hasServer = !this.#hasServer;
    else if (key === 'l') this.#mode = (this.#mode ?? mode) === 'lanes' ? 'requests' : 'lanes';
    // The same keys with and without shift.
    else if (key === '+' || key === '=') this.#lastMs = shorter(this.#lastMs ?? wholeMs);
    else if (key === '-' || key === '_') this.#lastMs = longer(this.#lastMs, wholeMs);
    else return false;
    return true;
  }

  /** What is to be said of them, so that nobody takes a part for the whole. */
  words(): string[] {
    return [
      ...(this.#isFrozen ? ['frozen'] : []),
      ...(this.#lastMs === null ? [] : [`${formatDuration(this.#lastMs)} shown`]),
    ];
  }
}

function shorter(spanMs: number): number {
  return SPANS_MS.find(ms => ms < spanMs) ?? Math.min(...SPANS_MS);
}

function longer(spanMs: number | null, wholeMs: number): number | null {
  const next = spanMs === null ? undefined : SPANS_MS.findLast(ms => ms > spanMs);
  return next === undefined || next >= wholeMs ? null : next;
}
