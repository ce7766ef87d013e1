// Cuts a stream of bytes into lines of text within bounded memory. Whole chunks are decoded and split
// at once: a line feed is never part of a longer UTF-8 character, so cutting there is always safe.

/** Longest line that is read, in bytes; a longer one is reported and passed over. */
export const LINE_BYTES_MAX = 1024 ** 2;

/** Stands in the place of a line that was too long to keep. */
export const TOO_LONG = null;

export type Line = string | typeof TOO_LONG;

const LINE_FEED = 10;

export class LineSplitter {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #carry: Uint8Array[] = [];
  #carryBytes = 0;
  #isSkipping = false;
  #isFirst = true;

  /** The lines that this chunk completes, without their line feed. The chunk is not kept unless it must be. */
  push(chunk: Uint8Array): Line[] {
    const last = chunk.lastIndexOf(LINE_FEED);
    if (last === -1) {
      this.#keep(chunk);
      return [];
    }
    const lines = this.#cut(chunk.subarray(0, last));
    this.#keep(chunk.subarray(last + 1));
    return lines;
  }

  /** What is left when the stream ends without a final line feed. */
  end(): Line[] {
    if (this.#carryBytes === 0 && !this.#isSkipping) return [];
    return this.#cut(new Uint8Array(0));
  }

  #keep(rest: Uint8Array): void {
    if (this.#isSkipping || rest.length === 0) return;
    this.#carryBytes += rest.length;
    if (this.#carryBytes > LINE_BYTES_MAX) {
      this.#isSkipping = true;
      this.#carry = [];
      return;
    }
    this.#carry.push(rest.slice()); // the reader may fill the same memory again
  }

  #cut(piece: Uint8Array): Line[] {
    const first = piece.indexOf(LINE_FEED);
    const firstBytes = this.#carryBytes + (first === -1 ? piece.length : first);
    if (this.#isSkipping || firstBytes > LINE_BYTES_MAX) {
      this.#forget();
      this.#isFirst = false;
      return first === -1 ? [TOO_LONG] : [TOO_LONG, ...this.#split(piece.subarray(first + 1))];
    }
    const whole = this.#carry.length === 0 ? piece : join([...this.#carry, piece]);
    this.#forget();
    return this.#split(whole);
  }

  #split(bytes: Uint8Array): Line[] {
    let text = this.#decoder.decode(bytes);
    if (this.#isFirst && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    this.#isFirst = false;
    const lines: Line[] = text.split('\n');
    if (bytes.length <= LINE_BYTES_MAX) return lines;
    return lines.map(line => (line !== TOO_LONG && line.length > LINE_BYTES_MAX ? TOO_LONG : line));
  }

  #forget(): void {
    this.#carry = [];
    this.#carryBytes = 0;
    this.#isSkipping = false;
  }
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((bytes, piece) => bytes + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
