// Records, read once from their first line to their last, and told to every report that is wanted of them.
import { PacelineError } from '../../base/errors.ts';
import type { RequestLine, Resumed, RunHeader, Summary } from '../../model/record.ts';
import { RunFacts } from '../../reports/diagnosis/facts.ts';
import { diagnose } from '../../reports/diagnosis.ts';
import type { ReportBuilder } from '../../reports/report.ts';
import { counted } from '../../timeline/caption.ts';
import { type RecordItem, RecordReader } from '../../trace/read.ts';
import { RecordLines } from '../../trace/record-lines.ts';

export interface RecordSource {
  /** As a message calls it: a path as given, or `stdin`. */
  readonly path: string;
  /** As a picture calls it. */
  readonly name: string;
  open(): AsyncIterable<Uint8Array>;
}

/**
 * A record that was cut off is told to its end with a warning; one that is damaged is refused.
 * @throws ERR_IO_READ, ERR_RECORD_…, with the record's name
 */
export async function feed(
  sources: readonly RecordSource[],
  builders: readonly ReportBuilder[],
  warn: (sentence: string) => void,
): Promise<void> {
  for (const source of sources) await new Feeding(source, builders, warn).run();
}

class Feeding {
  readonly #source: RecordSource;
  readonly #builders: readonly ReportBuilder[];
  readonly #warn: (sentence: string) => void;
  readonly #reader = new RecordReader();
  readonly #facts = new RunFacts();
  #run: RunHeader | null = null;
  /** Two runs in one record limit nothing together. */
  #isResumed = false;
  #hasBytes = false;

  constructor(source: RecordSource, builders: readonly ReportBuilder[], warn: (sentence: string) => void) {
    this.#source = source;
    this.#builders = builders;
    this.#warn = warn;
  }

  async run(): Promise<void> {
    const lines = new RecordLines();
    try {
      for await (const chunk of this.#source.open()) {
        if (chunk.length > 0) this.#hasBytes = true;
        for (const line of lines.push(chunk)) this.#tell(this.#reader.line(line));
      }
      this.#tell(this.#reader.tail(lines.rest()));
      this.#end();
    } catch (cause) {
      throw this.#named(cause);
    }
  }

  #tell(item: RecordItem | null): void {
    if (item?.kind === 'request') this.#add(item.request);
    else if (item?.kind === 'header') this.#begin(item.run);
    else if (item?.kind === 'resumed') this.#resume(item.resumed);
    else if (item?.kind === 'footer') this.#endRun(item.summary);
  }

  #begin(run: RunHeader): void {
    this.#run = run;
    for (const builder of this.#builders) builder.begin(run, this.#source.name);
  }

  #resume(resumed: Resumed): void {
    this.#isResumed = true;
    for (const builder of this.#builders) builder.resume?.(resumed);
  }

  #add(line: RequestLine): void {
    this.#facts.add(line, line.url);
    for (const builder of this.#builders) builder.add(line);
  }

  #endRun(summary: Summary | null): void {
    const isSure = summary !== null && this.#run !== null && !this.#isResumed;
    const diagnoses = isSure ? diagnose(this.#run as RunHeader, summary, this.#facts) : [];
    for (const builder of this.#builders) builder.end(summary, diagnoses);
  }

  #end(): void {
    const { requests, complete, tornLine } = this.#reader.end();
    const { path } = this.#source;
    if (!complete) {
      this.#endRun(null);
      const torn = tornLine === null ? '' : ` in line ${tornLine}`;
      this.#warn(
        `${path}: the record was cut off${torn} before its last line; drawn is what it holds, ` +
          `${counted(requests, 'request')}.`,
      );
    } else if (requests === 0) this.#warn(`${path}: the record holds no requests.`);
  }

  /** Messages of the reader do not know the file's name. */
  #named(cause: unknown): unknown {
    if (!(cause instanceof PacelineError) || !cause.code.startsWith('ERR_RECORD_')) return cause;
    const { path } = this.#source;
    const message = this.#hasBytes
      ? `Cannot draw ${path}: ${cause.message}`
      : `Cannot draw ${path}: it is empty. A record has at least a first line, written by fetch -o.`;
    return new PacelineError(cause.code, message, { cause });
  }
}
