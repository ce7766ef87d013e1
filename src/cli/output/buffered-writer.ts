// Lines to a file or a stream: gathered for a moment and while a write is under way, one write at a time.
// Nothing is lost on the way out, and whoever is too fast is told to wait.
import type { Clock, Timer } from '../../base/clock.ts';

/** Where the bytes go; a write resolves when they have been taken over, and their memory is used again. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
  /** How long bytes may lie here before they are handed over, in ms: fewer and larger writes cost less. */
  readonly lingerMs: number;
}

/** So much is worth a write of its own. */
const WORTHWHILE_BYTES = 64 * 1024;
const MEMORY_BYTES = 2 * WORTHWHILE_BYTES;

/** Bytes that may wait before the writer asks for a pause. */
export const WAITING_BYTES_MAX = 1024 ** 2;

/** Most bytes that a UTF-16 unit becomes. */
const BYTES_PER_UNIT_MAX = 3;

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
  #failure: { readonly cause: unknown } | undefined;

  /** @param onFailure called once, when writing has ended early, if that is before `end` */
  constructor(sink: Sink, clock: Clock, onFailure: () => void = () => undefined) {
    this.#sink = sink;
    this.#clock = clock;
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
    if (this.#waitingBytes + BYTES_PER_UNIT_MAX * text.length > this.#memory.length) this.#makeRoom(text);
    this.#waitingBytes += this.#memory.write(text, this.#waitingBytes);
    this.#writeSoon();
  }

  /** Resolves when there is room again, or none is needed because writing has failed. Never rejects. */
  async room(): Promise<void> {
    while (this.isFull) {
      this.#write();
      await this.#writing;
    }
  }

  /** Writes all that is left and closes. A failure is left in `failure`; never rejects. */
  async end(): Promise<void> {
    while (this.#writing || (this.#waitingBytes > 0 && !this.#failure)) {
      this.#write();
      await this.#writing;
    }
    this.#due?.cancel();
    await this.#sink.close().catch((cause: unknown) => {
      this.#failure ??= { cause };
    });
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
    this.#writing = this.#sink.write(memory.subarray(0, this.#waitingBytes)).then(
      () => {
        this.#writing = undefined;
        if (memory.length <= WAITING_BYTES_MAX) this.#spare = memory; // else one long line needed it
        this.#writeSoon();
      },
      (cause: unknown) => {
        this.#writing = undefined;
        this.#failure ??= { cause };
        this.#waitingBytes = 0;
        this.#onFailure();
      },
    );
    this.#memory = this.#spare ?? Buffer.allocUnsafeSlow(MEMORY_BYTES);
    this.#spare = undefined;
    this.#waitingBytes = 0;
  }

  #makeRoom(text: string): void {
    const neededBytes = this.#waitingBytes + Buffer.byteLength(text);
    if (neededBytes <= this.#memory.length) return;
    const memory = Buffer.allocUnsafeSlow(Math.max(neededBytes, 2 * this.#memory.length));
    this.#memory.copy(memory, 0, 0, this.#waitingBytes);
    this.#memory = memory;
  }
}
