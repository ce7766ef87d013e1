// What every bench works with: where the repository is, a directory for its files, lists of URLs, and how our
// own command is called.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../', import.meta.url));
export const PEERS = fileURLToPath(new URL('peers/', import.meta.url));
export const PROBES = fileURLToPath(new URL('probes/', import.meta.url));
const PIECE_LINES = 10_000;

export interface BenchOptions {
  /** Measured rounds, after one to warm up. */
  readonly rounds: number;
  /** A directory of this bench's own, gone when it ends. */
  readonly directory: string;
}

/** The built command with these arguments. */
export function paceline(...args: readonly string[]): readonly string[] {
  return [process.execPath, join(ROOT, 'bin/paceline.cjs'), ...args];
}

/** Runs `work` with a new directory. */
export async function withDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'paceline-bench-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await work(directory);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** Writes a file with a line for each of `count` different URLs. @returns its path */
export function writeUrls(
  path: string,
  origin: string,
  count: number,
  toLine: (url: string) => string = url => url,
): string {
  const file = openSync(path, 'w');
  for (let from = 0; from < count; from += PIECE_LINES) {
    let piece = '';
    for (let index = from; index < Math.min(count, from + PIECE_LINES); index++)
      piece += `${toLine(`${origin}/item/${index}`)}\n`;
    writeSync(file, piece);
  }
  closeSync(file);
  return path;
}
