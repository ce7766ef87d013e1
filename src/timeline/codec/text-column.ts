// Texts that repeat: a list of the different ones, and a number for each place. The list has a bound: beyond it a text
// is kept as its pattern, with every run of digits as `*`, and beyond that not at all. Nothing is cut in silence.
import { GrowingColumn } from './numbers.ts';

export interface TextBounds {
  /** Different texts, and patterns. */
  readonly entries: number;
  /** All of them together. */
  readonly characters: number;
  /** One text; longer ones end in `…`. */
  readonly longest: number;
}

/** What the list holds: the texts, their patterns, or nothing because even those were too many. */
export type TextDetail = 'whole' | 'patterns' | 'none';

class BoundedList {
  readonly texts: string[] = [''];
  readonly #places = new Map<string, number>([['', 0]]);
  readonly #bounds: TextBounds;
  #characters = 0;
  #isOver = false;

  constructor(bounds: TextBounds) {
    this.#bounds = bounds;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Its place; 0 for nothing, or when the list is full. */
  placeOf(text: string): number {
    if (this.#isOver) return 0;
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#characters += text.length;
    if (this.texts.length > this.#bounds.entries || this.#characters > this.#bounds.characters) {
      this.#isOver = true;
      this.#places.clear();
      return 0;
    }
    this.#places.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

export interface TextList {
  readonly texts: readonly string[];
  readonly detail: TextDetail;
}

export class TextColumn {
  readonly #bounds: TextBounds;
  readonly #whole: BoundedList;
  readonly #patterns: BoundedList;
  readonly #wholePlaces = new GrowingColumn();
  readonly #patternPlaces = new GrowingColumn();

  constructor(bounds: TextBounds) {
    this.#bounds = bounds;
    this.#whole = new BoundedList(bounds);
    this.#patterns = new BoundedList(bounds);
  }

  /** Undefined and empty are the same: no text. */
  add(text: string | undefined): void {
    const { longest } = this.#bounds;
    const kept = text === undefined ? '' : text.length > longest ? `${text.slice(0, longest)}…` : text;
    this.#wholePlaces.add(this.#whole.placeOf(kept));
    this.#patternPlaces.add(this.#patterns.isOver ? 0 : this.#patterns.placeOf(patternOf(kept)));
  }

  /** The best that was within bounds, and the place of each. */
  end(): TextList & { readonly places: Uint32Array | Float64Array } {
    if (!this.#whole.isOver)
      return { texts: this.#whole.texts, detail: 'whole', places: this.#wholePlaces.values };
    if (!this.#patterns.isOver)
      return { texts: this.#patterns.texts, detail: 'patterns', places: this.#patternPlaces.values };
    return { texts: [''], detail: 'none', places: new Uint32Array(this.#wholePlaces.values.length) };
  }
}

/** Digits, and the hexadecimal of a UUID, say which one; the rest says what. */
function patternOf(text: string): string {
  return text.replace(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|\d+/gi, '*');
}
