// Where the outcomes of a run go: its record to a file, data to stdout, or both. Opened before the run
// starts; written as it goes.
import type { Clock } from '../../base/clock.ts';
import type { BodyPolicy } from '../../model/plan.ts';
import type { Intent, Resumed, RunHeader, Summary } from '../../model/record.ts';
import type { HttpRequest } from '../../model/request.ts';
import type { Settled } from '../../model/settled.ts';
import { csvHead, csvLine } from '../../reports/csv-line.ts';
import { terminalSafe, terminalSafeJson } from '../../timeline/escape.ts';
import { footerLine, headerLine, intentLine, requestLine, resumedLine } from '../../trace/line.ts';
import { BufferedWriter } from '../output/buffered-writer.ts';
import { errorCode } from '../output/io-reason.ts';
import { cannotWrite } from '../output/sinks.ts';
import type { CommandIo } from '../terminal/io.ts';
import { type OpenSink, STDOUT } from './open-sinks.ts';
import type { DataFormat, FetchPlan } from './plan.ts';

interface Output {
  readonly name: string;
  readonly format: DataFormat;
  readonly writer: BufferedWriter;
  /** A record that is gone on from: the line that comes before its first new one, until that is written. */
  opening: string | null;
}

interface OutputsOptions {
  /** What the record keeps of a body. */
  readonly bodies: BodyPolicy;
  /** The same of one for which there is a folder. */
  readonly savedBodies: BodyPolicy;
  readonly escapes: boolean;
}

export class Outputs {
  readonly #outputs: readonly Output[];
  readonly #bodies: BodyPolicy;
  readonly #savedBodies: BodyPolicy;
  /** Stdout is a terminal: what servers and inputs say must not be obeyed there. */
  readonly #escapes: boolean;

  constructor(outputs: readonly Output[], { bodies, savedBodies, escapes }: OutputsOptions) {
    this.#outputs = outputs;
    this.#bodies = bodies;
    this.#savedBodies = savedBodies;
    this.#escapes = escapes;
  }

  /** @param resumed when the record has a first line already: what comes before its next one, if there is one */
  begin(header: RunHeader, resumed: Resumed | null = null): void {
    for (const output of this.#outputs) {
      const { name, format, writer } = output;
      if (resumed !== null && name !== STDOUT) output.opening = resumedLine(resumed);
      else if (format === 'ndjson') writer.pushSealed(headerLine(header));
      if (format === 'csv') writer.push(`${csvHead()}\r\n`);
    }
  }

  /** A record that was gone on from has got no new line. */
  get isRecordAsItWas(): boolean {
    return this.#outputs.some(({ opening }) => opening !== null);
  }

  /** Resolves when the intent stands in the record; false when it never will. Stdout gets none. */
  announce(intent: Intent): Promise<boolean> {
    const record = this.#outputs.find(({ name }) => name !== STDOUT);
    if (!record) return Promise.resolve(true);
    open(record);
    record.writer.pushSealed(intentLine(intent));
    return record.writer.written();
  }

  add(settled: Settled<HttpRequest>): void {
    let record: string | undefined;
    for (const output of this.#outputs) {
      const { name, format, writer } = output;
      const escapes = this.#escapes && name === STDOUT;
      if (output.opening !== null) open(output);
      if (format === 'ndjson') {
        record ??= requestLine(settled, isForFile(settled) ? this.#savedBodies : this.#bodies);
        writer.pushSealed(escapes ? terminalSafeJson(record) : record);
      } else if (format === 'csv') {
        const row = csvLine(settled);
        writer.push(`${escapes ? terminalSafe(row) : row}\r\n`);
      } else writer.push(this.#bodyLine(settled));
    }
  }

  /** Resolves at once while everybody keeps up. */
  room(): Promise<unknown> | undefined {
    if (!this.#outputs.some(({ writer }) => writer.isFull)) return undefined;
    return Promise.all(this.#outputs.map(({ writer }) => writer.room()));
  }

  /** Data goes to the terminal itself: a line that is rewritten there would be torn by it. */
  get useTerminal(): boolean {
    return this.#escapes && this.#outputs.some(({ name }) => name === STDOUT);
  }

  /** All that was added until now is on the disk, or the output has failed. */
  async synced(): Promise<void> {
    for (const { writer } of this.#outputs) await writer.synced();
  }

  /**
   * Writes what is left; harmless when called twice.
   * @param leavesRecord a record that has got no new line stays without one
   */
  async end(summary: Summary, { leavesRecord = false } = {}): Promise<void> {
    for (const output of this.#outputs) {
      if (output.format !== 'ndjson' || (leavesRecord && output.opening !== null)) continue;
      open(output);
      output.writer.pushSealed(footerLine(summary));
    }
    for (const { writer } of this.#outputs) await writer.end();
  }

  /** Some output can no longer be written. */
  get hasFailed(): boolean {
    return this.#outputs.some(({ writer }) => writer.failure !== undefined);
  }

  /** The reader of stdout has left, as `head` does: no mistake of anybody. */
  get readerHasLeft(): boolean {
    return this.#outputs.some(({ writer }) => errorCode(writer.failure?.cause) === 'EPIPE');
  }

  /** @throws ERR_IO_WRITE when an output failed otherwise */
  throwFailure(): void {
    for (const { name, writer } of this.#outputs) {
      const cause = writer.failure?.cause;
      if (cause !== undefined && errorCode(cause) !== 'EPIPE') throw cannotWrite(name, cause);
    }
  }

  /** A line for each body, also an empty one, so that line k belongs to the k-th outcome. */
  #bodyLine({ tries }: Settled<HttpRequest>): string {
    const body = tries.at(-1)?.body;
    if (body === undefined) return '\n';
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body).replace(/\r?\n$/, '');
    if (!this.#escapes) return `${text}\n`;
    return `${text
      .split('\n')
      .map(line => terminalSafe(line))
      .join('\n')}\n`;
  }
}

/** Its body is in a file, or belongs there: a disk that is full has no room for it here either. */
function isForFile({ saved, error }: Settled<HttpRequest>): boolean {
  return saved !== undefined || error?.code === 'BODY_NOT_SAVED';
}

function open(output: Output): void {
  if (output.opening !== null) output.writer.pushSealed(output.opening);
  output.opening = null;
}

interface OutputsParts {
  readonly clock: Clock;
  readonly plan: FetchPlan;
  readonly io: CommandIo;
  /** Some output can no longer be written; heard at once, since the next outcome may be long in coming. */
  readonly onFailure: () => void;
}

export function outputsOver(
  sinks: readonly OpenSink[],
  { clock, plan, io, onFailure }: OutputsParts,
): Outputs {
  const outputs = sinks.map(({ name, format, sink }) => ({
    name,
    format,
    writer: new BufferedWriter(sink, clock, onFailure),
    opening: null,
  }));
  return new Outputs(outputs, {
    bodies: plan.bodies,
    savedBodies: plan.savedBodies,
    escapes: io.stdout.isTTY === true,
  });
}
