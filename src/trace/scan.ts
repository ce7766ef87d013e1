// A record looked through in order to go on from it: which requests are done, which lines are to be taken back, where
// the file ends well. Fed with bytes as they come; every line is held against its checksum, and memory grows by a bit
// for each request.
import { crc32 } from '../base/crc32.ts';
import { PacelineError } from '../base/errors.ts';
import type { OutcomeKind } from '../model/outcome.ts';
import type { RequestLine, RunHeader, Summary } from '../model/record.ts';
import { type HttpRequest, isIdempotent } from '../model/request.ts';
import type { Settled } from '../model/settled.ts';
import { DoneIndexes } from './done.ts';
import { headSum } from './head-sum.ts';
import { OkLineReader } from './ok-line.ts';
import { damagedRecord, type RecordItem, RecordReader } from './read.ts';
import { isSealed } from './seal.ts';
import { settledOf } from './settled-of.ts';
import { isBlank } from './taken-back.ts';

/** No line of ours is longer; V8 has no longer string. */
const LINE_BYTES_MAX = 512 * 1024 ** 2 - 64;
const LINE_FEED = 10;
const HEADER_BEGINNING = '{"paceline":';
/** Holes in the numbers of requests cost memory; no input has as many as this. */
const INDEX_MAX = 2 ** 40;

export interface ScanOptions {
  /** `--retry-failed`: every outcome but ok is taken again. */
  readonly takesFailuresAgain: boolean;
  /** Also a request that may have been carried out and is not idempotent. */
  readonly retryUnsafe: boolean;
  /** Is told every line that stays. */
  readonly stays: { add(settled: Settled<unknown>): void };
  /** Is told those of them that did not end ok. */
  readonly onNotOk?: (settled: Settled<HttpRequest>) => void;
}

export interface ScannedRecord {
  readonly run: RunHeader;
  /** Of a run that wrote its last line. */
  readonly summary: Summary | null;
  readonly done: DoneIndexes;
  /** Not done, not idempotent, and perhaps on the wire when the run was ended. */
  readonly maybeSent: ReadonlySet<number>;
  /** Where the lines begin that a new one will stand for, the summary's among them; in order. */
  readonly takenBack: Float64Array;
  /** So many bytes are good; what follows is a torn line. */
  readonly bytes: number;
  /** The last line is whole, but for its line feed. */
  readonly lacksLineFeed: boolean;
  /** End of everything in it, on its own axis. */
  readonly lastMs: number;
}

/** Feed it all bytes, then ask for the `end`. */
export class RecordScan {
  readonly #options: ScanOptions;
  readonly #reader = new RecordReader();
  readonly #okLines = new OkLineReader();
  readonly #done = new DoneIndexes();
  /** Where the intents of a request begin that has no outcome yet. */
  readonly #intents = new Map<number, number[]>();
  readonly #maybeSent = new Set<number>();
  readonly #takenBack = new Offsets();
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array(4096);
  #restBytes = 0;
  /** Of the next line. */
  #offset = 0;
  #run: RunHeader | undefined;
  #summary: Summary | null = null;
  #lastMs = 0;

  constructor(options: ScanOptions) {
    this.#options = options;
  }

  /** The next bytes; their memory may be used again. @throws ERR_RECORD_… as `RecordReader` */
  feed(chunk: Uint8Array): void {
    let from = 0;
    if (this.#restBytes > 0) {
      const end = chunk.indexOf(LINE_FEED);
      this.#keep(chunk.subarray(0, end === -1 ? chunk.length : end));
      if (end === -1) return;
      const lineBytes = this.#restBytes;
      this.#restBytes = 0;
      this.#line(this.#rest, 0, lineBytes);
      from = end + 1;
    }
    for (let end = chunk.indexOf(LINE_FEED, from); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      this.#line(chunk, from, end);
      from = end + 1;
    }
    this.#keep(chunk.subarray(from));
  }

  /**
   * Null when nothing was ever written: the file is empty, or torn in its first line.
   * @throws ERR_RECORD_…
   */
  end(): ScannedRecord | null {
    const text = this.#decoder.decode(this.#rest.subarray(0, this.#restBytes));
    const item = this.#reader.tail(text);
    const lacksLineFeed = item !== null;
    if (this.#reader.lineNumber <= 1 && item === null && this.#run === undefined) {
      if (HEADER_BEGINNING.startsWith(text.slice(0, HEADER_BEGINNING.length))) return null;
    }
    if (item !== null) {
      this.#item(item, this.#offset);
      this.#offset += this.#restBytes;
    }
    this.#reader.end();
    for (const index of this.#intents.keys()) this.#maybeSent.add(index);
    for (const index of this.#maybeSent) if (this.#done.has(index)) this.#maybeSent.delete(index);
    return {
      run: this.#run as RunHeader,
      summary: this.#summary,
      done: this.#done,
      maybeSent: this.#maybeSent,
      takenBack: this.#takenBack.sorted(),
      bytes: this.#offset,
      lacksLineFeed,
      lastMs: this.#lastMs,
    };
  }

  #keep(bytes: Uint8Array): void {
    const neededBytes = this.#restBytes + bytes.length;
    if (neededBytes > LINE_BYTES_MAX) {
      throw damagedRecord(this.#reader.lineNumber + 1, 'is longer than any line of a record');
    }
    if (neededBytes > this.#rest.length) {
      const grown = new Uint8Array(Math.min(LINE_BYTES_MAX, Math.max(neededBytes, 2 * this.#rest.length)));
      grown.set(this.#rest.subarray(0, this.#restBytes));
      this.#rest = grown;
    }
    this.#rest.set(bytes, this.#restBytes);
    this.#restBytes = neededBytes;
  }

  #line(bytes: Uint8Array, from: number, to: number): void {
    const offset = this.#offset;
    this.#offset += to - from + 1;
    const ok = this.#reader.isSealed ? this.#okLines.read(bytes, from, to) : null;
    if (ok === null) {
      const item = this.#reader.line(this.#decoder.decode(bytes.subarray(from, to)));
      if (item !== null) this.#item(item, offset);
      else if (!isBlank(bytes, from, to)) this.#takenBack.add(offset); // begun by a run that was ended then
      return;
    }
    this.#reader.passOver(1);
    const sum = crc32(bytes, from, ok.headEnd);
    if (!isSealed(bytes, from, to, ok.headEnd, sum)) {
      throw damagedRecord(this.#reader.lineNumber, 'does not fit its checksum');
    }
    this.#stays(ok, sum);
  }

  #item(item: RecordItem, offset: number): void {
    switch (item.kind) {
      case 'header':
        this.#run = item.run;
        checkHeader(item.run, this.#reader.isSealed);
        return;
      case 'request':
        this.#request(item.request, offset);
        return;
      case 'intent': {
        const { index } = item.intent;
        const offsets = this.#intents.get(index);
        if (offsets) offsets.push(offset);
        else this.#intents.set(index, [offset]);
        return;
      }
      case 'resumed':
        this.#lastMs = Math.max(this.#lastMs, item.resumed.atMs);
        return;
      case 'footer':
        this.#summary = item.summary;
        this.#takenBack.add(offset);
    }
  }

  #request(line: RequestLine, offset: number): void {
    const { index, outcome, method } = line;
    if (!this.#isTakenAgain(outcome, method)) {
      const settled = settledOf(line);
      this.#stays(settled, headSum(index, line));
      if (outcome !== 'ok') this.#options.onNotOk?.(settled);
      return;
    }
    if (line.endedMs > this.#lastMs) this.#lastMs = line.endedMs;
    this.#takenBack.add(offset);
    if (outcome === 'cancelled' && line.attempts > 0 && !isIdempotent(method)) {
      this.#maybeSent.add(index); // its intent stays, should this run be killed before it says so
      return;
    }
    for (const intentOffset of this.#intents.get(index) ?? []) this.#takenBack.add(intentOffset);
    this.#intents.delete(index);
  }

  #isTakenAgain(outcome: OutcomeKind, method: string): boolean {
    if (outcome === 'cancelled') return true;
    if (outcome === 'ok' || !this.#options.takesFailuresAgain) return false;
    return outcome !== 'unknown' || isIdempotent(method) || this.#options.retryUnsafe;
  }

  #stays(settled: Settled<unknown>, sum: number): void {
    const { index } = settled;
    if (index > INDEX_MAX) throw damagedRecord(this.#reader.lineNumber, `has an index above ${INDEX_MAX}`);
    if (!this.#done.add(index, sum)) {
      throw damagedRecord(this.#reader.lineNumber, `is a second line of the request with index ${index}`);
    }
    if (settled.endedMs > this.#lastMs) this.#lastMs = settled.endedMs;
    this.#options.stays.add(settled);
    if (this.#intents.size > 0) this.#intents.delete(index);
  }
}

function checkHeader(run: RunHeader, isSealed: boolean): void {
  const why =
    run.simulated === true
      ? 'it is the record of a simulation'
      : !isSealed || run.inputs === undefined
        ? 'it was written by a paceline that could not do that yet'
        : null;
  if (why === null) return;
  throw new PacelineError('ERR_RECORD_MISMATCH', `A run cannot go on from this record: ${why}.`);
}

/** Places in a file, eight bytes each. */
class Offsets {
  #offsets = new Float64Array(64);
  #count = 0;

  add(offset: number): void {
    if (this.#count === this.#offsets.length) {
      const grown = new Float64Array(2 * this.#offsets.length);
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    this.#offsets[this.#count++] = offset;
  }

  sorted(): Float64Array {
    return this.#offsets.slice(0, this.#count).sort();
  }
}
