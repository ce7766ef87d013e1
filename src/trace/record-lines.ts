// The bytes of a record cut into its lines, as text. Lines may be as long as a string can be: they may hold bodies.
import { damagedRecord } from './read.ts';

/** No line of ours is longer; V8 has no longer string. */
const LINE_BYTES_MAX = 512 * 1024 ** 2 - 64;
const LINE_FEED = 10;

export class RecordLines {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #carry: Uint8Array[] = [];
  #carryBytes = 0;
  #lines = 0;

  /** The lines that these bytes complete, without line feeds. The bytes are not kept. @throws ERR_RECORD_DAMAGED */
  push(chunk: Uint8Array): string[] {
    const last = chunk.lastIndexOf(LINE_FEED);
    if (last === -1) {
      this.#keep(chunk);
      return [];
    }
    // A line feed is never a part of a longer character, so that cutting there is always safe.
    const whole = this.#with(chunk.subarray(0, last));
    this.#keep(chunk.subarray(last + 1));
    const lines = this.#decoder.decode(whole).split('\n');
    this.#lines += lines.length;
    return lines;
  }

  /** What follows the last line feed. */
  rest(): string {
    return this.#decoder.decode(this.#with(new Uint8Array(0)));
  }

  #keep(rest: Uint8Array): void {
    if (rest.length === 0) return;
    this.#carryBytes += rest.length;
    if (this.#carryBytes > LINE_BYTES_MAX)
      throw damagedRecord(this.#lines + 1, 'is longer than a line can be');
    this.#carry.push(rest.slice()); // its memory may be filled again
  }

  #with(piece: Uint8Array): Uint8Array {
    if (this.#carry.length === 0) return piece;
    const whole = new Uint8Array(this.#carryBytes + piece.length);
    let at = 0;
    for (const part of [...this.#carry, piece]) {
      whole.set(part, at);
      at += part.length;
    }
    this.#carry = [];
    this.#carryBytes = 0;
    return whole;
  }
}
