// A file that takes the place of another in one step: written under a temporary name beside it, synced, and only then
// given its name. Whoever reads meanwhile sees the old file or the new one whole, and a failure leaves the old one.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
const OWNER_ALONE = 0o600;
/** Gathered before it is written. */
const BLOCK_BYTES = 64 * 1024;

export class ReplacedFile {
  /** `device:inode` of what is there now; null for nothing. */
  readonly key: string | null;
  readonly #path: string;
  /** Null for what is no regular file: a pipe or a device is written to as it is. */
  readonly #temporary: string | null;
  readonly #fd: number;
  #block = Buffer.allocUnsafeSlow(2 * BLOCK_BYTES);
  #blockBytes = 0;
  #isOpen = true;

  private constructor(path: string, facts: Stats | null) {
    this.#path = path;
    this.key = facts && `${facts.dev}:${facts.ino}`;
    if (facts !== null && !facts.isFile()) {
      this.#temporary = null;
      this.#fd = openSync(path, constants.O_WRONLY);
      return;
    }
    this.#temporary = join(dirname(path), `.paceline-${randomBytes(6).toString('hex')}.tmp`);
    this.#fd = openSync(this.#temporary, NEW_FILE, facts === null ? OWNER_ALONE : facts.mode & 0o777);
  }

  /** Nothing is changed yet. A symbolic link stays one; what it leads to is replaced. @throws what the system says */
  static open(path: string): ReplacedFile {
    const facts = statSync(path, { throwIfNoEntry: false }) ?? null;
    if (facts?.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
    return new ReplacedFile(facts === null ? path : realpathSync(path), facts);
  }

  /** @throws what the system says */
  write(piece: string | Uint8Array): void {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    if (bytes.length > BLOCK_BYTES) {
      this.#flush();
      this.#writeAll(bytes);
      return;
    }
    this.#block.set(bytes, this.#blockBytes);
    this.#blockBytes += bytes.length;
    if (this.#blockBytes >= BLOCK_BYTES) this.#flush();
  }

  /** From now on it is there. @throws what the system says; then nothing has changed */
  commit(): void {
    try {
      this.#flush();
      if (this.#temporary !== null) fsyncSync(this.#fd);
    } catch (cause) {
      this.abandon();
      throw cause;
    }
    this.#close();
    if (this.#temporary !== null) renameSync(this.#temporary, this.#path);
  }

  /** Leaves everything as it was; harmless after `commit`. */
  abandon(): void {
    if (!this.#isOpen) return;
    this.#close();
    if (this.#temporary !== null) unlinkSync(this.#temporary);
  }

  #close(): void {
    this.#isOpen = false;
    closeSync(this.#fd);
  }

  #flush(): void {
    const bytes = this.#block.subarray(0, this.#blockBytes);
    this.#blockBytes = 0;
    this.#writeAll(bytes);
  }

  #writeAll(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
  }
}
