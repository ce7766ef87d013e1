// Where the outcomes of a run go: its record to a file, data to stdout, or both. Opened before the run
// starts; written as it goes.
import type { Clock } from '../../base/clock.ts';
import type { BodyPolicy } from '../../model/plan.ts';
import type { RunHeader, Summary } from '../../model/record.ts';
import type { HttpRequest } from '../../model/request.ts';
import type { Settled } from '../../model/settled.ts';
import { csvHead, csvLine } from '../../reports/csv-line.ts';
import { terminalSafe, terminalSafeJson } from '../../timeline/escape.ts';
import { footerLine, headerLine, requestLine } from '../../trace/line.ts';
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

  begin(header: RunHeader): void {
    for (const { format, writer } of this.#outputs) {
      if (format === 'ndjson') writer.push(`${headerLine(header)}\n`);
      if (format === 'csv') writer.push(`${csvHead()}\r\n`);
    }
  }

  add(settled: Settled<HttpRequest>): void {
    let record: string | undefined;
    for (const { name, format, writer } of this.#outputs) {
      const escapes = this.#escapes && name === STDOUT;
      if (format === 'ndjson') {
        record ??= `${requestLine(settled, isForFile(settled) ? this.#savedBodies : this.#bodies)}\n`;
        writer.push(escapes ? `${terminalSafeJson(record.trimEnd())}\n` : record);
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

  /** Writes what is left; harmless when called twice. */
  async end(summary: Summary): Promise<void> {
    for (const { format, writer } of this.#outputs) {
      if (format === 'ndjson') writer.push(`${footerLine(summary)}\n`);
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

export function outputsOver(
  sinks: readonly OpenSink[],
  { clock, plan, io }: { readonly clock: Clock; readonly plan: FetchPlan; readonly io: CommandIo },
): Outputs {
  const outputs = sinks.map(({ name, format, sink }) => ({
    name,
    format,
    writer: new BufferedWriter(sink, clock),
  }));
  return new Outputs(outputs, {
    bodies: plan.bodies,
    savedBodies: plan.savedBodies,
    escapes: io.stdout.isTTY === true,
  });
}
