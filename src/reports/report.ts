// What a report is to whoever feeds it: runs, one after another, each line by line as it stands in the record. A report
// starts no request, reads no file and knows no clock; it is told everything and gives back pieces of one file.
import type { RequestLine, Resumed, RunHeader, Summary } from '../model/record.ts';
import type { Charset } from '../timeline/palette.ts';
import type { Diagnosis } from './diagnosis.ts';

export type Theme = 'auto' | 'light' | 'dark';

export interface ReportOptions {
  /** `auto` follows the reader's own setting. */
  readonly theme: Theme;
  /** Of a picture, in pixels; of text, in columns. */
  readonly width: number;
  /** Of text: block characters, or ASCII alone. */
  readonly charset: Charset;
  /** Says what was left out, and how to get it: one sentence. */
  readonly warn: (sentence: string) => void;
}

export interface ReportBuilder {
  /** A run begins; the one before it has ended. `name` tells it from the others: its file's name without folders. */
  begin(run: RunHeader, name: string): void;
  /** From here on the lines are those of another run, which went on with this one. Optional: to most it is one run. */
  resume?(resumed: Resumed): void;
  /** Of the run that was begun last. Its text is a server's and a user's: hostile. */
  add(line: RequestLine): void;
  /**
   * @param summary null where the record was cut off before its last line
   * @param diagnoses what limited the run, as far as that is sure: hostile text
   */
  end(summary: Summary | null, diagnoses: readonly Diagnosis[]): void;
  /** All runs have ended: what is not written yet is written now. */
  finish(): void | Promise<void>;
}

/** @param write takes the pieces of the file, in order; large reports write as they are fed */
export type OpenReport = (
  write: (piece: string | Uint8Array) => void,
  options: ReportOptions,
) => ReportBuilder;
