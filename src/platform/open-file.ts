// Files by promise, over the callbacks of node:fs. `node:fs/promises` would do, but it brings web streams with
// it, and loading those takes longer than all else that a short run does with its files.
import { close, fdatasync, fstat, ftruncate, open, read, realpath, type Stats, stat, write } from 'node:fs';
import { promisify } from 'node:util';

const openAsync = promisify(open);
const closeAsync = promisify(close);
const fstatAsync = promisify(fstat);
const fdatasyncAsync = promisify(fdatasync);
const ftruncateAsync = promisify(ftruncate);
const readAsync = promisify(read);
const writeAsync = promisify(write);

/** What a path leads to. @throws what the system says */
export const factsOf: (path: string) => Promise<Stats> = promisify(stat);

/** A path without links in it. @throws what the system says */
export const realPathOf: (path: string) => Promise<string> = promisify(realpath);

export class OpenFile {
  readonly fd: number;

  private constructor(fd: number) {
    this.fd = fd;
  }

  /** @param flags as for `fs.open`; @param mode of a file that is made. @throws what the system says, as all below */
  static async open(path: string, flags: string | number, mode?: number): Promise<OpenFile> {
    return new OpenFile(await openAsync(path, flags, mode));
  }

  facts(): Promise<Stats> {
    return fstatAsync(this.fd);
  }

  /** @param position null goes on where the last read ended. @returns how many bytes; 0 at the end */
  async read(memory: Uint8Array, position: number | null): Promise<number> {
    const { bytesRead } = await readAsync(this.fd, memory, 0, memory.length, position);
    return bytesRead;
  }

  /** Writes all of it. @param position null for where the last write ended */
  async writeAll(bytes: Uint8Array, position: number | null = null): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const place = position === null ? null : position + at;
      const { bytesWritten } = await writeAsync(this.fd, bytes, at, bytes.length - at, place);
      at += bytesWritten;
    }
  }

  /** Nothing is left behind so many bytes. */
  truncate(bytes: number): Promise<void> {
    return ftruncateAsync(this.fd, bytes);
  }

  /** Resolves when what was written would outlive a loss of power. */
  sync(): Promise<void> {
    return fdatasyncAsync(this.fd);
  }

  close(): Promise<void> {
    return closeAsync(this.fd);
  }
}
