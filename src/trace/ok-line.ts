// The quick way through the lines that are most of every record: requests that ended ok. Read from the bytes, only
// what the summary needs. Anything unusual (a key that is not listed here, an exponent, a retry, another outcome) gives
// null, and then the line is parsed as JSON like any other. Measured: a third of the time of that and its checks.
import type { AttemptEnd, Phases, ServerReport } from '../model/attempt.ts';
import type { Settled } from '../model/settled.ts';

/** What the summary needs of a line, in the shape of a settled request. */
export interface OkLine extends Settled<undefined> {
  /** Where the URL ends, and with it what tells this request from others. */
  readonly headEnd: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const BACKSLASH = 0x5c;
const LIST = 0x5b;
const LIST_END = 0x5d;
/** So many digits are read exactly. */
const DIGITS_MAX = 15;
const POWERS = Array.from({ length: DIGITS_MAX + 1 }, (_, digits) => 10 ** digits);
const FAILED = Number.NaN;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const BEGINNING = bytesOf('{"index":');
const ID = bytesOf(',"id":');
const METHOD = bytesOf(',"method":');
const URL_KEY = bytesOf(',"url":');
const OK = bytesOf(',"outcome":"ok","status":');

/** Keys that are known and passed over. */
const SKIPPED = 0;
/** Keys that matter to a summary, each with a number. */
const CREATED = 1;
const STARTED = 2;
const ENDED = 3;
const BYTES = 4;
const ATTEMPTS = 5;
const TRIES = 6;
const LANE = 7;
const STATUS = 8;
const PHASES = 9;
const SERVER = 10;
const PERMIT = 11;
const QUEUE = 12;
const SERVICE = 13;
const ARRIVED = 14;
const WORKERS = 15;
const NAMES: Readonly<Record<string, number>> = {
  ...{
    createdMs: CREATED,
    startedMs: STARTED,
    endedMs: ENDED,
    bytes: BYTES,
    attempts: ATTEMPTS,
    tries: TRIES,
  },
  ...{ lane: LANE, status: STATUS, phasesMs: PHASES, server: SERVER, permit: PERMIT, queue: QUEUE },
  ...{ service: SERVICE, arrivedMs: ARRIVED, workers: WORKERS },
  ...Object.fromEntries(
    [
      ...[
        'worker',
        'outcome',
        'body',
        'bodyEncoding',
        'value',
        'file',
        'sha256',
        'finalUrl',
        'crc',
        'network',
      ],
      ...['ttfb', 'download', 'handover', 'handler', 'doubtMs', 'url', 'quota', 'addresses', 'framing'],
    ].map(name => [name, SKIPPED]),
  ),
};
/** What stands for no key, and for one that is not listed: a summary may need it some day. */
const NO_KEY = -1;
const KEY_BYTES_MAX = 40;
/** No line of ours has more. */
const KEYS_MAX = 1000;

interface Key {
  /** `"createdMs":` */
  readonly bytes: Uint8Array;
  readonly number: number;
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };
type Try = Writable<AttemptEnd>;

/** Walks over one line. One object serves all lines. */
export class OkLineReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #to = 0;
  /** The keys of the last line in their order: those of the next are mostly the same, and found by one comparison. */
  readonly #keys: Key[] = [];
  #keyCount = 0;

  /** Null when it is not a line of this kind, or not certainly. */
  read(bytes: Uint8Array, from: number, to: number): OkLine | null {
    this.#bytes = bytes;
    this.#at = from;
    this.#to = to;
    this.#keyCount = 0;
    if (!this.#takes(BEGINNING)) return null;
    const index = this.#number();
    if (!Number.isSafeInteger(index) || index < 0) return null;
    if (!this.#takes(ID) || !this.#skipValue()) return null;
    if (!this.#takes(METHOD) || !this.#skipString()) return null;
    if (!this.#takes(URL_KEY) || !this.#skipString()) return null;
    const headEnd = this.#at;
    if (!this.#takes(OK)) return null;
    return this.#fields(index, headEnd, this.#number());
  }

  #fields(index: number, headEnd: number, status: number): OkLine | null {
    let createdMs = FAILED;
    let endedMs = FAILED;
    let bytes = FAILED;
    let attempts = FAILED;
    let tries: Try[] | null = null;
    while (this.#bytes[this.#at] === COMMA) {
      this.#at++;
      const key = this.#key();
      if (key === CREATED) createdMs = this.#number();
      else if (key === ENDED) endedMs = this.#number();
      else if (key === BYTES) bytes = this.#number();
      else if (key === ATTEMPTS) attempts = this.#number();
      else if (key === TRIES) tries = this.#tries();
      else if (key === NO_KEY || !this.#skipValue()) return null;
    }
    if (this.#bytes[this.#at] !== CLOSE || this.#at + 1 !== this.#to || tries === null) return null;
    const last = tries[tries.length - 1] as Try;
    if (attempts !== tries.length || last.status !== status) return null;
    if (!Number.isSafeInteger(bytes) || bytes < 0 || !Number.isFinite(createdMs + endedMs)) return null;
    last.bytes = bytes;
    return { index, request: undefined, outcome: 'ok', createdMs, endedMs, tries, headEnd };
  }

  /** Null when there is not exactly one, or it did not end as usual. */
  #tries(): Try[] | null {
    if (this.#bytes[this.#at++] !== LIST) return null;
    const one = this.#try();
    return one === null || this.#bytes[this.#at++] !== LIST_END ? null : [one];
  }

  #try(): Try | null {
    let lane = FAILED;
    let status = FAILED;
    let startedMs = FAILED;
    let endedMs = FAILED;
    let phasesMs: Phases | null = null;
    let server: ServerReport | null | undefined;
    if (this.#bytes[this.#at] !== OPEN) return null;
    do {
      this.#at++;
      const key = this.#key();
      if (key === LANE) lane = this.#number();
      else if (key === STATUS) status = this.#number();
      else if (key === STARTED) startedMs = this.#number();
      else if (key === ENDED) endedMs = this.#number();
      else if (key === PHASES) phasesMs = this.#phases();
      else if (key === SERVER) server = this.#server();
      else if (key === NO_KEY || !this.#skipValue()) return null;
    } while (this.#bytes[this.#at] === COMMA);
    if (this.#bytes[this.#at++] !== CLOSE || phasesMs === null || server === null) return null;
    if (!Number.isSafeInteger(lane) || lane < 0 || !Number.isSafeInteger(status)) return null;
    if (!Number.isFinite(startedMs + endedMs)) return null;
    const one: Try = { lane, outcome: 'ok', status, startedMs, endedMs, phasesMs, bytes: 0 };
    if (server !== undefined) one.server = server;
    return one;
  }

  #phases(): Phases | null {
    const phases: Phases = {};
    if (this.#bytes[this.#at] !== OPEN) return null;
    if (this.#bytes[this.#at + 1] === CLOSE) {
      this.#at += 2;
      return phases;
    }
    do {
      this.#at++;
      let spanMs = 0;
      const key = this.#key();
      if (key === PERMIT) spanMs = phases.permit = this.#number();
      else if (key === QUEUE) spanMs = phases.queue = this.#number();
      else if (key === SERVICE) spanMs = phases.service = this.#number();
      else if (key === NO_KEY || !this.#skipValue()) return null;
      if (!(spanMs >= 0)) return null;
    } while (this.#bytes[this.#at] === COMMA);
    return this.#bytes[this.#at++] === CLOSE ? phases : null;
  }

  #server(): ServerReport | null {
    let arrivedMs = FAILED;
    let workers: number | undefined;
    if (this.#bytes[this.#at] !== OPEN) return null;
    do {
      this.#at++;
      const key = this.#key();
      if (key === ARRIVED) arrivedMs = this.#number();
      else if (key === WORKERS) workers = this.#number();
      else if (key === NO_KEY || !this.#skipValue()) return null;
    } while (this.#bytes[this.#at] === COMMA);
    if (this.#bytes[this.#at++] !== CLOSE || !Number.isFinite(arrivedMs)) return null;
    if (workers === undefined) return { arrivedMs, doubtMs: 0 };
    return Number.isSafeInteger(workers) && workers >= 0 ? { arrivedMs, doubtMs: 0, workers } : null;
  }

  /** The number of the key that begins here; its colon is taken too. */
  #key(): number {
    const expected = this.#keys[this.#keyCount];
    if (expected && this.#takes(expected.bytes)) {
      this.#keyCount++;
      return expected.number;
    }
    const bytes = this.#bytes;
    const from = this.#at;
    if (bytes[from] !== QUOTE || this.#keyCount === KEYS_MAX) return NO_KEY;
    const quote = bytes.subarray(from + 1, Math.min(this.#to, from + KEY_BYTES_MAX)).indexOf(QUOTE);
    const to = from + quote + 3;
    if (quote === -1 || bytes[to - 1] !== COLON) return NO_KEY;
    const name = String.fromCharCode(...bytes.subarray(from + 1, to - 2));
    if (name.includes('\\')) return NO_KEY;
    const number = Object.hasOwn(NAMES, name) ? (NAMES[name] as number) : NO_KEY;
    this.#keys[this.#keyCount++] = { bytes: bytes.slice(from, to), number };
    this.#at = to;
    return number;
  }

  #takes(text: Uint8Array): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
    this.#at = at + text.length;
    return true;
  }

  /** A plain decimal number; NaN for any other. The quotient of two exact numbers is what `JSON.parse` gives. */
  #number(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    const isNegative = bytes[at] === 0x2d;
    if (isNegative) at++;
    const from = at;
    let digits = 0;
    let point = -1;
    for (; ; at++) {
      const byte = bytes[at] as number;
      if (byte >= 0x30 && byte <= 0x39) digits = digits * 10 + (byte - 0x30);
      else if (byte === 0x2e && point === -1) point = at;
      else break;
    }
    const count = at - from - (point === -1 ? 0 : 1);
    const next = bytes[at];
    if (count === 0 || count > DIGITS_MAX || (next !== COMMA && next !== CLOSE)) return FAILED;
    this.#at = at;
    const value = point === -1 ? digits : digits / (POWERS[at - point - 1] as number);
    return isNegative ? -value : value;
  }

  #skipString(): boolean {
    const bytes = this.#bytes;
    if (bytes[this.#at] !== QUOTE) return false;
    for (let at = this.#at + 1; at < this.#to; at++) {
      const byte = bytes[at];
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) {
        this.#at = at + 1;
        return true;
      }
    }
    return false;
  }

  /** Any JSON value. What it holds is not looked at: the checksum says that it is what was written. */
  #skipValue(): boolean {
    const bytes = this.#bytes;
    let depth = 0;
    while (this.#at < this.#to) {
      const byte = bytes[this.#at] as number;
      if (byte === QUOTE) {
        if (!this.#skipString()) return false;
      } else if ((byte === COMMA || byte === CLOSE || byte === LIST_END) && depth === 0) return true;
      else {
        if (byte === OPEN || byte === LIST) depth++;
        else if (byte === CLOSE || byte === LIST_END) depth--;
        this.#at++;
      }
    }
    return false;
  }
}
