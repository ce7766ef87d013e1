// `--report FILE` of a run: what would fail at the end is found before anything is sent; then the run's record, or one
// kept for a while where there is none, is drawn when it is whole. The run itself pays nothing for its pictures.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { PacelineError } from '../../base/errors.ts';
import { factsOf, OpenFile } from '../../platform/open-file.ts';
import { cannotRead } from '../fetch/input-files.ts';
import type { Speaker } from '../terminal/messages.ts';
import type { RecordSource } from './feed.ts';
import { checkReports, USUAL_FLAGS, writeReports } from './open-reports.ts';

const FLAG = '--report';
const CHUNK_BYTES = 256 * 1024;

/** A record, and what the picture calls it. */
export interface NamedRecord {
  readonly name: string;
  readonly path: string;
}

export class RunReports {
  readonly #paths: readonly string[];
  readonly #inputKeys: ReadonlySet<string>;
  #folder: string | undefined;
  readonly #leave = (): void => this.close();

  private constructor(paths: readonly string[], inputKeys: ReadonlySet<string>) {
    this.#paths = paths;
    this.#inputKeys = inputKeys;
  }

  /**
   * @param inputKeys files that the run reads, as `device:inode`
   * @throws ERR_OPTION_INVALID for an unknown ending, ERR_OPTION_CONFLICT, ERR_IO_WRITE, ERR_ENV_… for what it needs
   */
  static async open(
    paths: readonly string[],
    inputKeys: ReadonlySet<string> = new Set(),
  ): Promise<RunReports> {
    await checkReports({ paths, written: FLAG, inputKeys });
    return new RunReports(paths, inputKeys);
  }

  /** The record to draw from: the one that is written anyway, or a temporary one. @throws ERR_OPTION_CONFLICT */
  async recordPath(path: string | null): Promise<string> {
    if (path === null) return this.temporaryRecord('run');
    const facts = await factsOf(path).catch(() => null); // what is not there yet will be a file
    if (facts === null || facts.isFile()) return path;
    throw new PacelineError(
      'ERR_OPTION_CONFLICT',
      `${FLAG} reads the record again at the end, and -o ${path} is no file that allows it. Drop one of them.`,
    );
  }

  /** Readable by its owner alone; gone when this is closed, or the process ends. */
  temporaryRecord(name: string): string {
    if (this.#folder === undefined) {
      this.#folder = mkdtempSync(join(tmpdir(), 'paceline-'));
      process.once('exit', this.#leave);
    }
    return join(this.#folder, `${name}.ndjson`);
  }

  /** @throws as `writeReports` */
  async write(records: readonly NamedRecord[], { say, warn }: Speaker): Promise<void> {
    const plan = {
      ...{ paths: this.#paths, written: FLAG, inputKeys: this.#inputKeys },
      flags: { ...USUAL_FLAGS, warn },
    };
    await writeReports(
      plan,
      records.map(({ name, path }) => sourceOf(name, path)),
    );
    for (const path of this.#paths) say(`Wrote ${path}.`);
  }

  close(): void {
    process.off('exit', this.#leave);
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}

function sourceOf(name: string, path: string): RecordSource {
  return {
    ...{ name, path },
    async *open() {
      let file: OpenFile | undefined;
      try {
        file = await OpenFile.open(path, 'r');
        const memory = new Uint8Array(CHUNK_BYTES);
        for (;;) {
          const bytes = await file.read(memory, null);
          if (bytes === 0) return;
          yield memory.subarray(0, bytes);
        }
      } catch (cause) {
        throw cause instanceof PacelineError ? cause : cannotRead(path, cause);
      } finally {
        await file?.close();
      }
    },
  };
}
