// A record read back, a line at a time. A record is a file from anywhere: nothing in it is believed
// before it was looked at, and damage is told by its line.
import { PacelineError } from '../base/errors.ts';
import {
  type Intent,
  RECORD_VERSION,
  type RequestLine,
  type Resumed,
  type RunHeader,
  type Summary,
} from '../model/record.ts';
import {
  intentProblem,
  requestLineProblem,
  resumedProblem,
  runHeaderProblem,
  summaryProblem,
} from './check.ts';
import { isSealedText, sealedEnd } from './seal.ts';
import { isTakenBack, MARK_BYTES } from './taken-back.ts';

/** What one line holds. */
export type RecordItem =
  | { readonly kind: 'header'; readonly run: RunHeader }
  | { readonly kind: 'request'; readonly request: RequestLine }
  | { readonly kind: 'intent'; readonly intent: Intent }
  | { readonly kind: 'resumed'; readonly resumed: Resumed }
  | { readonly kind: 'footer'; readonly summary: Summary };

/** What can be said when all lines were read. */
export interface RecordEnd {
  readonly requests: number;
  /** The run wrote its last line. */
  readonly complete: boolean;
  /** Number of a last line that was cut in the middle; null for none. Its request is not counted. */
  readonly tornLine: number | null;
}

const encoder = new TextEncoder();

/**
 * Reads one record, given line after line without line feeds: `line` for each that a line feed ends, `tail` for what
 * follows the last of them. Lines of a record whose first line has a checksum must all have one that fits.
 */
export class RecordReader {
  #lineNumber = 0;
  #requests = 0;
  #hasHeader = false;
  #isSealed = false;
  #complete = false;
  #torn: number | null = null;

  /** Lines read so far, empty ones included. */
  get lineNumber(): number {
    return this.#lineNumber;
  }

  /** The record's lines have checksums; known once its first line was read. */
  get isSealed(): boolean {
    return this.#isSealed;
  }

  /**
   * Takes the next line; null for one that holds nothing: an empty one, or one that a later run took back.
   * @throws ERR_RECORD_VERSION when another version wrote it
   * @throws ERR_RECORD_DAMAGED when it is no line of a record
   */
  line(text: string): RecordItem | null {
    this.#lineNumber++;
    if (holdsNothing(text)) return null;
    const value = parsed(text);
    if (value === undefined) throw this.#damaged(this.#hasHeader ? 'is not JSON' : NOT_FIRST);
    return this.#item(text, value);
  }

  /**
   * Takes what follows the last line feed; harmless when that is nothing. A line that was cut in the middle gives
   * null and is told at the `end`.
   * @throws as `line`
   */
  tail(text: string): RecordItem | null {
    if (text === '') return null;
    this.#lineNumber++;
    if (holdsNothing(text)) return null;
    const value = parsed(text);
    if (value !== undefined) return this.#item(text, value);
    if (sealedEnd(encoder.encode(text)) !== null)
      throw this.#damaged('is whole, and something else than a line feed follows it');
    this.#torn = this.#lineNumber;
    return null;
  }

  /** Counts lines that were understood elsewhere. */
  passOver(requests: number): void {
    this.#lineNumber += requests;
    this.#requests += requests;
    if (this.#complete) throw this.#damaged(AFTER_SUMMARY);
  }

  /** Call it once after the last line. @throws ERR_RECORD_DAMAGED when there was not even a first line */
  end(): RecordEnd {
    if (!this.#hasHeader) {
      this.#lineNumber = Math.max(1, this.#torn ?? this.#lineNumber);
      throw this.#damaged(NOT_FIRST);
    }
    return { requests: this.#requests, complete: this.#complete, tornLine: this.#torn };
  }

  #item(text: string, value: unknown): RecordItem {
    if (this.#complete) throw this.#damaged(AFTER_SUMMARY);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw this.#damaged('is not a JSON object');
    const fields = value as Record<string, unknown>;
    if (!this.#hasHeader) return this.#header(text, fields);
    if (this.#isSealed !== 'crc' in fields)
      throw this.#damaged(this.#isSealed ? 'has no checksum' : 'has a checksum, and the first line has none');
    if (this.#isSealed && !isSealedText(text)) throw this.#damaged(NOT_SEALED);
    if ('summary' in fields) return this.#footer(fields.summary);
    if ('intent' in fields) {
      this.#check(intentProblem(fields.intent));
      return { kind: 'intent', intent: fields.intent as Intent };
    }
    if ('resumed' in fields) {
      this.#check(resumedProblem(fields.resumed));
      return { kind: 'resumed', resumed: fields.resumed as Resumed };
    }
    this.#check(requestLineProblem(fields));
    this.#requests++;
    return { kind: 'request', request: value as RequestLine };
  }

  #header(text: string, value: Record<string, unknown>): RecordItem {
    const { paceline: version, run, crc, ...others } = value;
    if (version === undefined) throw this.#damaged(NOT_FIRST);
    if (crc !== undefined && !isSealedText(text)) throw this.#damaged(NOT_SEALED);
    if (version !== RECORD_VERSION) {
      throw new PacelineError(
        'ERR_RECORD_VERSION',
        `The record has version ${JSON.stringify(version)?.slice(0, 20)}, ` +
          `this paceline reads version ${RECORD_VERSION}. ` +
          'Read it with the paceline that wrote it.',
      );
    }
    this.#check(runHeaderProblem(run));
    const [stranger] = Object.keys(others);
    if (stranger !== undefined)
      throw this.#damaged(`has '${stranger.slice(0, 20)}', which no first line has`);
    this.#hasHeader = true;
    this.#isSealed = crc !== undefined;
    return { kind: 'header', run: run as RunHeader };
  }

  #footer(summary: unknown): RecordItem {
    this.#check(summaryProblem(summary));
    this.#complete = true;
    return { kind: 'footer', summary: summary as Summary };
  }

  #check(problem: string | null): void {
    if (problem !== null) throw this.#damaged(problem);
  }

  #damaged(what: string): PacelineError {
    return damagedRecord(this.#lineNumber, what);
  }
}

/**
 * Every item of a record whose lines are at hand, and at the end what can be said of it.
 * @param lines the record's text split at its line feeds: the last piece is what follows the last of them
 */
export function* readRecord(lines: Iterable<string>): Generator<RecordItem, RecordEnd> {
  const reader = new RecordReader();
  let previous: string | undefined;
  for (const line of lines) {
    const item = previous === undefined ? null : reader.line(previous);
    if (item !== null) yield item;
    previous = line;
  }
  const item = reader.tail(previous ?? '');
  if (item !== null) yield item;
  return reader.end();
}

const NOT_FIRST = 'is not the first line of a record';
const NOT_SEALED = 'does not fit its checksum';
const AFTER_SUMMARY = 'comes after the summary, which is the last line';

/** @param what is wrong with this line, as the end of a sentence */
export function damagedRecord(line: number, what: string): PacelineError {
  return new PacelineError('ERR_RECORD_DAMAGED', `The record is damaged: line ${line} ${what}.`);
}

function holdsNothing(text: string): boolean {
  if (text === '') return true;
  const start = encoder.encode(text.slice(0, MARK_BYTES));
  return isTakenBack(start, 0, start.length);
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
