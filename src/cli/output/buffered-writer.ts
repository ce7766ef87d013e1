// Lines to a file or a stream: gathered for a moment and while a write is under way, one write at a time.
// Nothing is lost on the way out, and whoever is too fast is told to wait.
import type { Clock, Timer } from '../../base/clock.ts';

/** Where the text goes; a write resolves when the text has been taken over. */
export interface Sink {
  write(text: string): Promise<void>;
  close(): Promise<void>;
  /** How long text may lie here before it is handed over, in ms: fewer and larger writes cost less. */
  readonly lingerMs: number;
}

/** So much is worth a write of its own. */
const WORTHWHILE_LENGTH = 64 * 1024;

/** Text that may wait before the writer asks for a pause. */
export const WAITING_LENGTH_MAX = 1024 ** 2;

export class BufferedWriter {
  readonly #sink: Sink;
  readonly #clock: Clock;
  #waiting = '';
  #due: Timer | undefined;
  #writing: Promise<void> | undefined;
  #failure: { readonly cause: unknown } | undefined;

  constructor(sink: Sink, clock: Clock) {
    this.#sink = sink;
    this.#clock = clock;
  }

  /** Why writing has ended early; what is pushed after it is let go of. */
  get failure(): { readonly cause: unknown } | undefined {
    return this.#failure;
  }

  get isFull(): boolean {
    return this.#waiting.length > WAITING_LENGTH_MAX && this.#failure === undefined;
  }

  push(text: string): void {
    if (this.#failure) return;
    this.#waiting += text;
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
    while (this.#writing || (this.#waiting !== '' && !this.#failure)) {
      this.#write();
      await this.#writing;
    }
    this.#due?.cancel();
    await this.#sink.close().catch((cause: unknown) => {
      this.#failure ??= { cause };
    });
  }

  /** At once when it is worth it, else when the oldest text has waited long enough. */
  #writeSoon(): void {
    if (this.#writing || this.#waiting === '') return;
    if (this.#waiting.length >= WORTHWHILE_LENGTH) this.#write();
    else this.#due ??= this.#clock.schedule(this.#clock.now() + this.#sink.lingerMs, () => this.#write());
  }

  #write(): void {
    this.#due?.cancel();
    this.#due = undefined;
    if (this.#writing || this.#waiting === '' || this.#failure) return;
    const text = this.#waiting;
    this.#waiting = '';
    this.#writing = this.#sink.write(text).then(
      () => {
        this.#writing = undefined;
        this.#writeSoon();
      },
      (cause: unknown) => {
        this.#writing = undefined;
        this.#failure ??= { cause };
        this.#waiting = '';
      },
    );
  }
}
