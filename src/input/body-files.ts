// Requests whose bodies stand in files: the files are read one request at a time, when the request is next, and
// what many requests share is read once.
import { PacelineError } from '../base/errors.ts';
import { type Input, invalidInput, NeedsFiles } from './input.ts';

/** Largest file that is read as a body. */
export const BODY_FILE_BYTES_MAX = 64 * 1024 ** 2;

/** Reads a file whole. @throws ERR_INPUT_FILE, also for one larger than `bytesMax` */
export type ReadFile = (path: string, bytesMax: number) => Promise<Uint8Array>;

/** A batch is handed on when the bodies read for it are this large together. */
const BATCH_BYTES_MAX = 1024 ** 2;
/** The files read last are kept while they are small: lists name the same few again and again. */
const KEPT_COUNT_MAX = 16;
const KEPT_BYTES_MAX = 1024 ** 2;

export class BodyFiles {
  readonly #readFile: ReadFile | undefined;
  readonly #kept = new Map<string, Uint8Array>();
  #readBytes = 0;

  /** @param readFile undefined where there are no files, as in a browser */
  constructor(readFile: ReadFile | undefined) {
    this.#readFile = readFile;
  }

  /** The inputs with their files read, in order, in batches of bounded size. */
  async *fill(inputs: readonly (Input | NeedsFiles)[]): AsyncGenerator<readonly Input[]> {
    let batch: Input[] = [];
    for (const input of inputs) {
      batch.push(input instanceof NeedsFiles ? await this.#complete(input) : input);
      if (this.#readBytes < BATCH_BYTES_MAX) continue;
      this.#readBytes = 0;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async #complete(input: NeedsFiles): Promise<Input> {
    try {
      const contents: Uint8Array[] = [];
      for (const path of input.paths) contents.push(await this.#read(path));
      return input.complete(contents);
    } catch (error) {
      return invalidInput(error, input.place, input.about);
    }
  }

  async #read(path: string): Promise<Uint8Array> {
    const kept = this.#kept.get(path);
    if (kept) return kept;
    if (this.#readFile === undefined) {
      throw new PacelineError('ERR_INPUT_FILE', `@${path}: files cannot be read from here.`);
    }
    const bytes = await this.#readFile(path, BODY_FILE_BYTES_MAX);
    this.#readBytes += bytes.length;
    if (bytes.length <= KEPT_BYTES_MAX) this.#keep(path, bytes);
    return bytes;
  }

  #keep(path: string, bytes: Uint8Array): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= KEPT_COUNT_MAX && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(path, bytes);
  }
}
