// Cuts the elements of one array out of a JSON document as its bytes pass by, so that a document of any size needs
// no more memory than its largest element. Only what is needed to find their borders is understood here: strings,
// braces and brackets. Each element is parsed, and so checked, by whoever takes it.

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];
/** Keys longer than this are none that is looked for. */
const KEY_BYTES_MAX = 64;

export interface ElementSink {
  /** The bytes of one object of the array; valid until the call returns. */
  element(bytes: Uint8Array): void;
  /** An object was larger than the bound and was passed over. */
  tooLarge(): void;
}

export class JsonElements {
  readonly #path: readonly string[];
  readonly #elementBytesMax: number;
  readonly #sink: ElementSink;
  #depth = 0;
  /** How many names of the path lead to here. */
  #matched = 0;
  #isInString = false;
  #isEscaped = false;
  /** The string read last at a depth where keys matter. */
  #key: number[] = [];
  #isInArray = false;
  #wasFound = false;
  /** Earlier chunks of the element that is being read; null outside of one. */
  #pieces: Uint8Array[] | null = null;
  #pieceBytes = 0;
  #isTooLarge = false;

  /** @param path names that lead to the array, from the root object */
  constructor(path: readonly string[], elementBytesMax: number, sink: ElementSink) {
    this.#path = path;
    this.#elementBytesMax = elementBytesMax;
    this.#sink = sink;
  }

  /** Whether the array has been reached. */
  get wasFound(): boolean {
    return this.#wasFound;
  }

  /** Whether every brace and quote so far is closed. */
  get isClosed(): boolean {
    return this.#depth === 0 && !this.#isInString;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#isInString) {
        at = this.#inString(chunk, at);
        continue;
      }
      if (byte === QUOTE) {
        this.#isInString = true;
        this.#key.length = 0;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (this.#isInArray && this.#depth === this.#path.length + 1 && byte === OPEN_BRACE) {
          this.#begin();
          start = at;
        }
        this.#open(byte);
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        this.#close();
        if (this.#pieces && this.#depth === this.#path.length + 1)
          this.#finish(chunk.subarray(start, at + 1));
      } else if (byte === COMMA) this.#key.length = 0;
    }
    if (this.#pieces) this.#keep(chunk.subarray(start));
  }

  /** @returns where the string ends, or the last byte of the chunk */
  #inString(chunk: Uint8Array, from: number): number {
    const keepsKey = this.#matched === this.#depth - 1 && !this.#isInArray;
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) {
        this.#isInString = false;
        return at;
      }
      if (keepsKey && this.#key.length <= KEY_BYTES_MAX) this.#key.push(byte);
    }
    return chunk.length;
  }

  #open(byte: number): void {
    const isOnPath = this.#depth > 0 && this.#matched === this.#depth - 1 && !this.#isInArray;
    if (isOnPath && String.fromCharCode(...this.#key) === this.#path[this.#matched]) {
      const isLast = this.#matched === this.#path.length - 1;
      if (byte === (isLast ? OPEN_BRACKET : OPEN_BRACE)) this.#matched++;
      if (isLast && byte === OPEN_BRACKET) {
        this.#isInArray = true;
        this.#wasFound = true;
      }
    }
    this.#depth++;
    this.#key.length = 0;
  }

  #close(): void {
    this.#depth--;
    if (this.#matched >= this.#depth && this.#matched > 0 && !this.#pieces) {
      this.#matched = Math.max(0, this.#depth - 1);
      if (this.#matched < this.#path.length) this.#isInArray = false;
    }
  }

  #begin(): void {
    this.#pieces = [];
    this.#pieceBytes = 0;
    this.#isTooLarge = false;
  }

  #keep(piece: Uint8Array): void {
    this.#pieceBytes += piece.length;
    if (this.#pieceBytes > this.#elementBytesMax) {
      this.#isTooLarge = true;
      this.#pieces = [];
    }
    if (!this.#isTooLarge) this.#pieces?.push(piece.slice()); // the reader may fill the same memory again
  }

  #finish(piece: Uint8Array): void {
    const pieces = this.#pieces ?? [];
    this.#pieces = null;
    if (this.#isTooLarge || this.#pieceBytes + piece.length > this.#elementBytesMax) this.#sink.tooLarge();
    else this.#sink.element(pieces.length === 0 ? piece : Buffer.concat([...pieces, piece]));
  }
}
