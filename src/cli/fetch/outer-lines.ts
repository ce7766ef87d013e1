// The first and the last line of a file that may be larger than memory: the others are only counted.
import { PacelineError } from '../../base/errors.ts';

/** The last line of a record with a thousand origins is a tenth of it. */
const LINE_BYTES_MAX = 64 * 1024 ** 2;
const LINE_FEED = 10;

export interface OuterLinesRead {
  /** Null while no line is whole. */
  readonly first: string | null;
  /** The last line that a line feed ends, and is not the first; null where there is none. */
  readonly last: string | null;
  /** What follows the last line feed. */
  readonly rest: string;
  /** Of lines that a line feed ends. */
  readonly count: number;
}

export class OuterLines {
  #first: Uint8Array | null = null;
  #last: Uint8Array | null = null;
  #carry: Uint8Array[] = [];
  #carryBytes = 0;
  #count = 0;

  /** Its memory may be used again. @throws ERR_RECORD_DAMAGED for a first line that is longer than any */
  push(piece: Uint8Array): void {
    let from = 0;
    let last: readonly [from: number, to: number] | null = null;
    for (let end = piece.indexOf(LINE_FEED); end !== -1; end = piece.indexOf(LINE_FEED, from)) {
      this.#count++;
      if (this.#first === null) this.#first = this.#line(piece.subarray(from, end));
      else if (this.#carryBytes > 0) this.#last = this.#line(piece.subarray(from, end));
      else last = [from, end];
      from = end + 1;
    }
    if (last !== null) this.#last = piece.slice(...last);
    this.#keep(piece.subarray(from));
  }

  end(): OuterLinesRead {
    const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    return {
      first: this.#first && text(this.#first),
      last: this.#last && text(this.#last),
      rest: text(this.#line(new Uint8Array(0))),
      count: this.#count,
    };
  }

  /** A line that is longer than the last can be is not the last: what is kept of it is no line of a record. */
  #keep(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#carryBytes += piece.length;
    if (this.#carryBytes <= LINE_BYTES_MAX) this.#carry.push(piece.slice());
    else if (this.#first === null)
      throw new PacelineError('ERR_RECORD_DAMAGED', 'its first line is longer than that of any record.');
  }

  #line(end: Uint8Array): Uint8Array {
    const whole = Buffer.concat([...this.#carry, end]);
    this.#carry = [];
    this.#carryBytes = 0;
    return whole;
  }
}
