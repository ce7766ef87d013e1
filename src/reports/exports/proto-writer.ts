// Protocol Buffers' wire format, as much of it as a trace needs: fields with numbers, text, and messages in messages.
// A message's length stands before it; room for the length of a short one is left, and a long one is moved.

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const PIECE_BYTES = 65_536;
const TWO_32 = 0x1_0000_0000;

const encoder = new TextEncoder();

export class ProtoWriter {
  #bytes = new Uint8Array(2 * PIECE_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  /** Where the open messages begin, outermost first. */
  readonly #starts: number[] = [];
  readonly #write: (piece: Uint8Array) => void;

  constructor(write: (piece: Uint8Array) => void) {
    this.#write = write;
  }

  /** A message begins; `close` ends the one that was opened last. */
  open(field: number): this {
    this.#tag(field, LENGTH_DELIMITED);
    this.#bytes[this.#at++] = 0;
    this.#starts.push(this.#at);
    return this;
  }

  close(): this {
    const start = this.#starts.pop() ?? 0;
    const length = this.#at - start;
    const more = varintBytes(length) - 1;
    if (more > 0) {
      this.#room(more);
      this.#bytes.copyWithin(start + more, start, this.#at);
    }
    this.#at = start - 1;
    this.#varint(length);
    this.#at += length;
    if (this.#starts.length === 0 && this.#at >= PIECE_BYTES) this.flush();
    return this;
  }

  /** A whole number from 0. Beyond 2^53 it is as exact as numbers are. */
  number(field: number, value: number): this {
    this.#tag(field, VARINT);
    this.#varint(value);
    return this;
  }

  fixed64(field: number, value: number): this {
    this.#tag(field, FIXED64);
    this.#view.setUint32(this.#at, value % TWO_32, true);
    this.#view.setUint32(this.#at + 4, Math.floor(value / TWO_32), true);
    this.#at += 8;
    return this;
  }

  double(field: number, value: number): this {
    this.#tag(field, FIXED64);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
    return this;
  }

  /** As UTF-8; half a surrogate pair becomes the sign for a character that is not known. */
  text(field: number, text: string): this {
    this.open(field);
    this.#room(3 * text.length);
    this.#at += encoder.encodeInto(text, this.#bytes.subarray(this.#at)).written;
    return this.close();
  }

  /** Hands on what was written. Between messages only. */
  flush(): void {
    if (this.#at > 0) this.#write(this.#bytes.slice(0, this.#at));
    this.#at = 0;
  }

  /** Every field begins here, so there is always room for one without text. */
  #tag(field: number, wireType: number): void {
    this.#room(32);
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#at++] = rest;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * (this.#bytes.length + bytes));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}
