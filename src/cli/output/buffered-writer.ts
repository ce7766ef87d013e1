// Lines to a file or a stream: gathered for a moment and while a write is under way, one write at a time.
// Nothing is lost on the way out, and whoever is too fast is told to wait.
import type { Clock, Timer } from '../../base/clock.ts';
import { SEAL_BYTES, sealInto } from '../../trace/seal.ts';

/** Where the bytes go; a write resolves when they have been taken over, and their memory is used again. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
  /** Resolves when what was written outlives a loss of power. Left out where there is no such thing. */
  sync?(): Promise<void>;
  /** How long bytes may lie here before they are handed over, in ms: fewer and larger writes cost less. */
  readonly lingerMs: number;
}

/** So much is worth a write of its own. */
const WORTHWHILE_BYTES = 64 * 1024;
const MEMORY_BYTES = 2 * WORTHWHILE_BYTES;

/** A loss of power loses at most so much. */
export const SYNC_EVERY_MS = 1000;

/** Bytes that may wait before the writer asks for a pause. */
export const WAITING_BYTES_MAX = 1024 ** 2;

/** Most bytes that a UTF-16 unit becomes. */
const BYTES_PER_UNIT_MAX = 3;
const LINE_FEED = 10;

/**
 * Text becomes bytes as it comes, in one of two blocks of memory that take turns. Gathered as text instead, the
 * pieces of each line outlive the next collection of the heap, and that costs more than all the writing.
 */
export class BufferedWriter {
  readonly #sink: Sink;
  readonly #clock: Clock;
  readonly #onFailure: () => void;
  #memory: Buffer = Buffer.allocUnsafeSlow(MEMORY_BYTES);
  #spare: Buffer | undefined;
  #waitingBytes = 0;
  #due: Timer | undefined;
  #writing: Promise<void> | undefined;
  #pushedBytes = 0;
  #writtenBytes = 0;
  #syncedMs: number;
  #syncDue: Timer | undefined;
  #syncing: Promise<void> | undefined;
  /** Bytes were written that no sync has seen. */
  #isUnsynced = false;
  #failure: { readonly cause: unknown } | undefined;

  /** @param onFailure called once, when writing has ended early, if that is before `end` */
  constructor(sink: Sink, clock: Clock, onFailure: () => void = () => undefined) {
    this.#sink = sink;
    this.#clock = clock;
    this.#syncedMs = clock.now();
    this.#onFailure = onFailure;
  }

  /** Why writing has ended early; what is pushed after it is let go of. */
  get failure(): { readonly cause: unknown } | undefined {
    return this.#failure;
  }

  get isFull(): boolean {
    return this.#waitingBytes > WAITING_BYTES_MAX && this.#failure === undefined;
  }

  push(text: string): void {
    if (this.#failure) return;
    if (this.#waitingBytes + BYTES_PER_UNIT_MAX * text.length > this.#memory.length) this.#makeRoom(text, 0);
    this.#hold(this.#waitingBytes + this.#memory.write(text, this.#waitingBytes));
  }

  /** A line of a record, without its line feed: it gets its checksum here, where its bytes are at hand. */
  pushSealed(line: string): void {
    if (this.#failure) return;
    const from = this.#waitingBytes;
    if (from + BYTES_PER_UNIT_MAX * line.length + SEAL_BYTES > this.#memory.length) {
      this.#makeRoom(line, SEAL_BYTES);
    }
    const to = sealInto(this.#memory, from, from + this.#memory.write(line, from));
    this.#memory[to] = LINE_FEED;
    this.#hold(to + 1);
  }

  /** Resolves when there is room again, or none is needed because writing has failed. Never rejects. */
  async room(): Promise<void> {
    while (this.isFull) {
      this.#write();
      await this.#writing;
    }
  }

  /**
   * Resolves when all that was pushed until now has been handed over, without lingering; false when it was not and
   * never will be. Those who ask in one turn, or while a write is under way, share the next one. Never rejects.
   */
  async written(): Promise<boolean> {
    const untilBytes = this.#pushedBytes;
    while (this.#writtenBytes < untilBytes && !this.#failure) {
      this.#write();
      await this.#writing;
    }
    return !this.#failure;
  }

  /** As `written`, and it outlives a loss of power. */
  async synced(): Promise<boolean> {
    await this.written();
    await this.#sync();
    return !this.#failure;
  }

  /** Writes all that is left and closes. A failure is left in `failure`; never rejects. */
  async end(): Promise<void> {
    await this.synced();
    await this.#writing;
    this.#due?.cancel();
    this.#syncDue?.cancel();
    await this.#sink.close().catch((cause: unknown) => this.#fail(cause));
  }

  #hold(waitingBytes: number): void {
    this.#pushedBytes += waitingBytes - this.#waitingBytes;
    this.#waitingBytes = waitingBytes;
    this.#writeSoon();
  }

  /** At once when it is worth it, else when the oldest has waited long enough. */
  #writeSoon(): void {
    if (this.#writing || this.#waitingBytes === 0) return;
    if (this.#waitingBytes >= WORTHWHILE_BYTES) this.#write();
    else this.#due ??= this.#clock.schedule(this.#clock.now() + this.#sink.lingerMs, () => this.#write());
  }

  #write(): void {
    this.#due?.cancel();
    this.#due = undefined;
    if (this.#writing || this.#waitingBytes === 0 || this.#failure) return;
    const memory = this.#memory;
    const bytes = this.#waitingBytes;
    this.#writing = this.#sink.write(memory.subarray(0, bytes)).then(
      () => {
        this.#writing = undefined;
        this.#writtenBytes += bytes;
        this.#syncSoon();
        if (memory.length <= WAITING_BYTES_MAX) this.#spare = memory; // else one long line needed it
        this.#writeSoon();
      },
      (cause: unknown) => {
        this.#writing = undefined;
        this.#fail(cause);
      },
    );
    this.#memory = this.#spare ?? Buffer.allocUnsafeSlow(MEMORY_BYTES);
    this.#spare = undefined;
    this.#waitingBytes = 0;
  }

  #syncSoon(): void {
    if (!this.#sink.sync) return;
    this.#isUnsynced = true;
    this.#syncDue ??= this.#clock.schedule(
      Math.max(this.#clock.now(), this.#syncedMs + SYNC_EVERY_MS),
      () => void this.#sync(),
    );
  }

  async #sync(): Promise<void> {
    this.#syncDue?.cancel();
    this.#syncDue = undefined;
    while (this.#syncing) await this.#syncing;
    if (!this.#isUnsynced || this.#failure) return;
    this.#isUnsynced = false;
    this.#syncing = this.#sink.sync?.().then(
      () => {
        this.#syncing = undefined;
        this.#syncedMs = this.#clock.now();
      },
      (cause: unknown) => {
        // What the disk has of it nobody knows, and a second sync would claim success (fsyncgate, PostgreSQL 2018).
        this.#syncing = undefined;
        this.#fail(cause);
      },
    );
    await this.#syncing;
  }

  #fail(cause: unknown): void {
    const isFirst = this.#failure === undefined;
    this.#failure ??= { cause };
    this.#waitingBytes = 0;
    if (isFirst) this.#onFailure();
  }

  #makeRoom(text: string, moreBytes: number): void {
    const neededBytes = this.#waitingBytes + Buffer.byteLength(text) + moreBytes;
    if (neededBytes <= this.#memory.length) return;
    const memory = Buffer.allocUnsafeSlow(Math.max(neededBytes, 2 * this.#memory.length));
    this.#memory.copy(memory, 0, 0, this.#waitingBytes);
    this.#memory = memory;
  }
}
