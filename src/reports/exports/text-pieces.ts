// Text of a report gathered into pieces, so that whoever writes them is called once for some thousand lines, and
// strings as JSON that every reader takes: half a character becomes the sign for one that is not known.
import { quoted } from '../../trace/json-text.ts';

const PIECE_CHARS = 65_536;

export class TextPieces {
  #text = '';
  readonly #write: (piece: string) => void;

  constructor(write: (piece: string) => void) {
    this.#write = write;
  }

  put(text: string): void {
    this.#text += text;
    if (this.#text.length >= PIECE_CHARS) this.flush();
  }

  flush(): void {
    if (this.#text !== '') this.#write(this.#text);
    this.#text = '';
  }
}

/** In quotes. JSON may hold half a surrogate pair, and many readers refuse it. */
export function jsonString(text: string): string {
  return quoted(text.toWellFormed());
}

/** Any object of plain fields as JSON, with the same strings. */
export function jsonValue(value: string | number | boolean | null): string {
  return typeof value === 'string' ? jsonString(value) : String(value);
}
