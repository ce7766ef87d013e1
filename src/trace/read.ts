// A record read back, a line at a time. A record is a file from anywhere: nothing in it is believed
// before it was looked at, and damage is told by its line.
import { PacelineError } from '../base/errors.ts';
import { RECORD_VERSION, type RequestLine, type RunHeader, type Summary } from '../model/record.ts';
import { requestLineProblem, runHeaderProblem, summaryProblem } from './check.ts';

/** What one line holds. */
export type RecordItem =
  | { readonly kind: 'header'; readonly run: RunHeader }
  | { readonly kind: 'request'; readonly request: RequestLine }
  | { readonly kind: 'footer'; readonly summary: Summary };

/** What can be said when all lines were read. */
export interface RecordEnd {
  readonly requests: number;
  /** The run wrote its last line. */
  readonly complete: boolean;
  /** Number of a last line that was cut in the middle; null for none. Its request is not counted. */
  readonly tornLine: number | null;
}

/** Reads one record, given line after line without line feeds. */
export class RecordReader {
  #lineNumber = 0;
  #requests = 0;
  #hasHeader = false;
  #complete = false;
  /** A line that is no JSON: torn if it stays the last one, damage if another follows. */
  #torn: number | null = null;

  /**
   * Takes the next line; null for an empty one and for one that may be torn.
   * @throws ERR_RECORD_VERSION when another version wrote it
   * @throws ERR_RECORD_DAMAGED when it is no line of a record
   */
  line(text: string): RecordItem | null {
    this.#lineNumber++;
    if (text.trim() === '') return null;
    if (this.#torn !== null) throw damaged(this.#torn, 'is not JSON');
    if (this.#complete) throw damaged(this.#lineNumber, 'comes after the summary, which is the last line');
    const value = this.#parse(text);
    if (value === null) return null;
    if (!this.#hasHeader) return this.#header(value);
    if ('summary' in value) return this.#footer(value.summary);
    const problem = requestLineProblem(value);
    if (problem !== null) throw damaged(this.#lineNumber, problem);
    this.#requests++;
    return { kind: 'request', request: value as unknown as RequestLine };
  }

  /** Call it once after the last line. @throws ERR_RECORD_DAMAGED when there was not even a first line */
  end(): RecordEnd {
    if (!this.#hasHeader)
      throw damaged(Math.max(1, this.#torn ?? this.#lineNumber), 'is not the first line of a record');
    return { requests: this.#requests, complete: this.#complete, tornLine: this.#torn };
  }

  #parse(text: string): Record<string, unknown> | null {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      this.#torn = this.#lineNumber;
      return null;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw damaged(this.#lineNumber, 'is not a JSON object');
    return value as Record<string, unknown>;
  }

  #header(value: Record<string, unknown>): RecordItem {
    const version = value.paceline;
    if (version === undefined) throw damaged(this.#lineNumber, 'is not the first line of a record');
    if (version !== RECORD_VERSION) {
      throw new PacelineError(
        'ERR_RECORD_VERSION',
        `The record has version ${JSON.stringify(version)?.slice(0, 20)}, ` +
          `this paceline reads version ${RECORD_VERSION}. ` +
          'Read it with the paceline that wrote it.',
      );
    }
    const problem = runHeaderProblem(value.run);
    if (problem !== null) throw damaged(this.#lineNumber, problem);
    this.#hasHeader = true;
    return { kind: 'header', run: value.run as RunHeader };
  }

  #footer(summary: unknown): RecordItem {
    const problem = summaryProblem(summary);
    if (problem !== null) throw damaged(this.#lineNumber, problem);
    this.#complete = true;
    return { kind: 'footer', summary: summary as Summary };
  }
}

/** Every item of a record whose lines are at hand, and at the end what can be said of it. */
export function* readRecord(lines: Iterable<string>): Generator<RecordItem, RecordEnd> {
  const reader = new RecordReader();
  for (const line of lines) {
    const item = reader.line(line);
    if (item !== null) yield item;
  }
  return reader.end();
}

function damaged(line: number, what: string): PacelineError {
  return new PacelineError('ERR_RECORD_DAMAGED', `The record is damaged: line ${line} ${what}.`);
}
