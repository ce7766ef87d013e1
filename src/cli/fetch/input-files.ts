// The inputs named on the command line, as sources of bytes. All of them are opened before anything is
// sent, so that a missing file is found at once; they are read later, a piece at a time.
import type { Stats } from 'node:fs';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { PacelineError } from '../../base/errors.ts';
import type { ReadFile } from '../../input/body-files.ts';
import type { ByteSource, UrlArgument } from '../../input/read-requests.ts';
import { OpenFile } from '../../platform/open-file.ts';
import type { Word } from '../flags/command-line.ts';
import { ioReason } from '../output/io-reason.ts';
import type { CommandIo } from '../terminal/io.ts';
import { readFilesIn } from './body-file.ts';

const CHUNK_BYTES = 64 * 1024;

export interface OpenInputs {
  /** In the order of the command line. */
  readonly sources: readonly (ByteSource | UrlArgument)[];
  /** Files that are read, to be known again: `device:inode`. */
  readonly fileKeys: ReadonlySet<string>;
  readonly usesStdin: boolean;
  /** Which part of all bytes has been read, 0 to 1; null where that cannot be known. */
  fractionRead(): number | null;
  /** Lets go of everything, also of a stream that nobody has written to yet. */
  close(): Promise<void>;
}

/** @throws ERR_IO_READ for what cannot be opened; nothing stays open then */
export async function openInputs(words: readonly Word[], io: CommandIo, rounds: number): Promise<OpenInputs> {
  const files: InputFile[] = [];
  const sources: (ByteSource | UrlArgument)[] = [];
  let usesStdin = false;
  const close = async (): Promise<void> => {
    for (const file of files) await file.close();
    if (usesStdin) io.stdin.destroy();
  };
  try {
    for (const { flag, text } of words) {
      if (flag === null) sources.push({ url: text });
      else if (flag === 'input' && text === '-') {
        if (usesStdin) throw new PacelineError('ERR_OPTION_CONFLICT', '-i -: stdin can be given only once.');
        usesStdin = true;
        sources.push({
          name: 'stdin',
          isRepeatable: false,
          open: () => readStdin(io),
          readFile: readFilesIn('.'),
        });
      } else if (flag === 'input') {
        const file = await InputFile.open(text);
        files.push(file);
        sources.push(file);
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    sources,
    fileKeys: new Set(files.map(file => file.key)),
    usesStdin,
    fractionRead: () => (usesStdin ? null : fractionRead(files, rounds)),
    close,
  };
}

async function* readStdin({ stdin }: CommandIo): AsyncGenerator<Uint8Array> {
  try {
    yield* stdin as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw cannotRead('stdin', cause);
  }
}

function fractionRead(files: readonly InputFile[], rounds: number): number | null {
  let bytes = 0;
  let read = 0;
  for (const file of files) {
    if (!file.isRepeatable) return null;
    bytes += file.bytes * rounds;
    read += file.readBytes;
  }
  return bytes === 0 ? null : read / bytes;
}

class InputFile implements ByteSource {
  readonly name: string;
  readonly key: string;
  readonly bytes: number;
  /** A regular file can be read from its start again; a pipe or a device cannot. */
  readonly isRepeatable: boolean;
  readonly readFile: ReadFile;
  readBytes = 0;
  readonly #file: OpenFile;
  readonly #pipe: Socket | undefined;

  private constructor(name: string, file: OpenFile, facts: Stats) {
    this.name = name;
    this.#file = file;
    this.readFile = readFilesIn(dirname(name));
    this.key = `${facts.dev}:${facts.ino}`;
    this.bytes = facts.size;
    this.isRepeatable = facts.isFile();
    // Read as a socket, a pipe that nobody writes to does not block a thread, and can be let go of.
    if (facts.isFIFO()) this.#pipe = new Socket({ fd: file.fd, readable: true, writable: false });
  }

  static async open(path: string): Promise<InputFile> {
    let file: OpenFile | undefined;
    try {
      file = await OpenFile.open(path, 'r');
      const facts = await file.facts();
      if (facts.isDirectory())
        throw new PacelineError('ERR_IO_READ', `Cannot read ${path}: it is a directory.`);
      return new InputFile(path, file, facts);
    } catch (cause) {
      await file?.close();
      throw cause instanceof PacelineError ? cause : cannotRead(path, cause);
    }
  }

  async *open(): AsyncGenerator<Uint8Array> {
    try {
      if (this.#pipe) yield* this.#pipe as AsyncIterable<Uint8Array>;
      else yield* this.#read();
    } catch (cause) {
      throw cannotRead(this.name, cause);
    }
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    const memory = new Uint8Array(CHUNK_BYTES);
    for (let at = 0; ; ) {
      const position = this.isRepeatable ? at : null;
      const bytesRead = await this.#file.read(memory, position);
      if (bytesRead === 0) return;
      at += bytesRead;
      this.readBytes += bytesRead;
      yield memory.subarray(0, bytesRead);
    }
  }

  async close(): Promise<void> {
    if (this.#pipe) this.#pipe.destroy();
    else await this.#file.close().catch(() => undefined); // nothing was written: nothing can be lost
  }
}

export function cannotRead(name: string, cause: unknown): PacelineError {
  return new PacelineError('ERR_IO_READ', `Cannot read ${name}: ${ioReason(cause)}.`, { cause });
}
