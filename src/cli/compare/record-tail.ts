// The record of a program that another process writes, read while it grows: what it holds so far can be drawn, and
// nothing has to be read twice.
import { type FileHandle, open } from 'node:fs/promises';
import { PacelineError } from '../../base/errors.ts';
import type { RunHeader, Summary } from '../../model/record.ts';
import { RunFacts } from '../../reports/diagnosis/facts.ts';
import { limitSteps } from '../../timeline/found-limit.ts';
import { PictureModel } from '../../timeline/picture.ts';
import { type RecordItem, RecordReader } from '../../trace/read.ts';
import { RecordLines } from '../../trace/record-lines.ts';

const BLOCK_BYTES = 256 * 1024;

export interface WholeRecord {
  readonly run: RunHeader;
  readonly summary: Summary;
  readonly picture: PictureModel;
  readonly facts: RunFacts;
}

export class RecordTail {
  readonly picture = new PictureModel();
  readonly #facts = new RunFacts();
  readonly #path: string;
  readonly #reader = new RecordReader();
  readonly #lines = new RecordLines();
  readonly #block = new Uint8Array(BLOCK_BYTES);
  #file: FileHandle | undefined;
  #reading: Promise<void> | undefined;
  #failure: { readonly cause: unknown } | undefined;
  #run: RunHeader | undefined;
  #summary: Summary | undefined;
  #requests = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Known once its first line is there. */
  get run(): RunHeader | undefined {
    return this.#run;
  }

  /** Requests that have been read. */
  get requests(): number {
    return this.#requests;
  }

  /** Reads on, in the background. A file that is not there yet, or cannot be read, is told at the end. */
  look(): void {
    this.#reading ??= this.#readOn()
      .catch((cause: unknown) => {
        if (this.#file) this.#failure ??= { cause }; // else it is not there yet
      })
      .finally(() => {
        this.#reading = undefined;
      });
  }

  /** Reads the rest, once nobody writes any more. @throws ERR_RECORD_…, or why it cannot be read */
  async finish(): Promise<WholeRecord> {
    try {
      await this.#reading;
      if (this.#failure) throw this.#failure.cause;
      await this.#readOn();
    } finally {
      await this.close();
    }
    const [run, summary] = [this.#run, this.#summary];
    if (run && summary) return { run, summary, picture: this.picture, facts: this.#facts };
    throw new PacelineError('ERR_RECORD_DAMAGED', `${this.#path}: the record of the program is not whole.`);
  }

  /** Lets go of the file. Harmless when called twice. */
  async close(): Promise<void> {
    await this.#reading;
    await this.#file?.close();
    this.#file = undefined;
  }

  async #readOn(): Promise<void> {
    this.#file ??= await open(this.#path, 'r');
    for (;;) {
      const { bytesRead } = await this.#file.read(this.#block, 0, BLOCK_BYTES, null);
      if (bytesRead === 0) return;
      for (const line of this.#lines.push(this.#block.subarray(0, bytesRead)))
        this.#take(this.#reader.line(line));
    }
  }

  #take(item: RecordItem | null): void {
    if (item?.kind === 'header') this.#run = item.run;
    else if (item?.kind === 'footer') {
      this.#summary = item.summary;
      this.picture.eventLoops = item.summary.eventLoops ?? [];
      this.picture.limitSteps = limitSteps(item.summary.pace ?? []);
    } else if (item?.kind === 'request') {
      this.#requests++;
      this.picture.add(item.request);
      this.#facts.add(item.request, item.request.url);
    }
  }
}
