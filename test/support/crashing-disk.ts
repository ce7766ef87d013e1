// A file in memory that forgets like a disk does: what was written since the last sync may be there or not, sector by
// sector, in any order. It stands in for an OpenFile.
import type { Random } from '../../src/base/random.ts';
import type { OpenFile } from '../../src/platform/open-file.ts';

const SECTOR_BYTES = 512;

/** Thrown by the call during which the power goes. */
export class PowerLost extends Error {}

export class CrashingDisk {
  readonly #random: Random;
  /** What surely is on the disk. */
  #synced: Buffer;
  /** What a reader sees while there is power. */
  #seen: Buffer;
  #callsLeft: number;
  calls = 0;

  constructor(bytes: Uint8Array, random: Random, callsLeft = Number.POSITIVE_INFINITY) {
    this.#synced = Buffer.from(bytes);
    this.#seen = Buffer.from(bytes);
    this.#random = random;
    this.#callsLeft = callsLeft;
  }

  /** As far as the code under test can tell, a file. */
  get file(): OpenFile {
    return this as unknown as OpenFile;
  }

  get seen(): Buffer {
    return this.#seen;
  }

  async read(memory: Uint8Array, position: number): Promise<number> {
    return this.#seen.copy(memory, 0, position);
  }

  async writeAll(bytes: Uint8Array, position: number): Promise<void> {
    const grown = Buffer.alloc(Math.max(this.#seen.length, position + bytes.length));
    this.#seen.copy(grown);
    grown.set(bytes, position);
    this.#seen = grown;
    this.#tick();
  }

  async truncate(bytes: number): Promise<void> {
    this.#seen = this.#seen.subarray(0, bytes);
    this.#tick();
  }

  async sync(): Promise<void> {
    this.#tick();
    this.#synced = Buffer.from(this.#seen);
  }

  /** What is found after the power went: each sector as it was synced, or as it was written since. */
  afterPowerLoss(): Buffer {
    const length = this.#random.next() < 0.5 ? this.#seen.length : this.#synced.length;
    const found = Buffer.alloc(length);
    for (let at = 0; at < length; at += SECTOR_BYTES) {
      const isWritten = this.#random.next() < 0.5 || at >= this.#synced.length;
      const from = isWritten && at < this.#seen.length ? this.#seen : this.#synced;
      from.copy(found, at, at, Math.min(at + SECTOR_BYTES, length));
    }
    return found;
  }

  #tick(): void {
    this.calls++;
    if (--this.#callsLeft < 0) throw new PowerLost();
  }
}
