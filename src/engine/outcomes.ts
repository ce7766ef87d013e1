// The outcomes of a run as an async iterable with back-pressure: while nobody takes them, nothing more starts.
import { Queue } from '../base/queue.ts';
import type { Settled } from '../model/settled.ts';

/** What the stream asks of the engine behind it. */
export interface Upstream {
  start(): void;
  hold(): void;
  release(): void;
}

/** Outcomes that may lie unread before starts pause. */
export const UNREAD_MAX = 256;
/** The same for the bytes of their bodies: few large bodies fill the memory as well as many small ones. */
export const UNREAD_BYTES_MAX = 64 * 1024 ** 2;

interface Reader<R> {
  readonly resolve: (step: IteratorResult<Settled<R>, undefined>) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * One stream, not one for each reader: `next` called again before the last has answered waits in line, so each
 * outcome goes to exactly one reader, in order. `return` answers all who wait with the end.
 */
export class Outcomes<R> implements AsyncIterableIterator<Settled<R>, undefined> {
  readonly #unread = new Queue<Settled<R>>();
  #unreadBytes = 0;
  readonly #readers = new Queue<Reader<R>>();
  readonly #onReturn: () => Promise<void>;
  #engine: Upstream | undefined;
  #started = false;
  #holding = false;
  #left = false;
  #ended = false;
  #failure: { readonly cause: unknown } | undefined;

  /** @param onReturn the reader leaves early (`break`): stop the run, and resolve when everything is let go of */
  constructor(onReturn: () => Promise<void>) {
    this.#onReturn = onReturn;
  }

  attach(engine: Upstream): void {
    this.#engine = engine;
  }

  add(settled: Settled<R>): void {
    if (this.#left) return; // nobody will read it
    const reader = this.#readers.shift();
    if (reader) {
      reader.resolve({ done: false, value: settled });
      return;
    }
    this.#unread.push(settled);
    this.#unreadBytes += bodyBytes(settled);
    const isFull = this.#unread.length >= UNREAD_MAX || this.#unreadBytes >= UNREAD_BYTES_MAX;
    if (!this.#holding && isFull) {
      this.#holding = true;
      this.#engine?.hold();
    }
  }

  /** @param failure what the source threw; the first reader after all outcomes hears it */
  end(failure?: { readonly cause: unknown }): void {
    this.#ended = true;
    if (this.#left) return;
    const reader = failure && this.#readers.shift();
    if (reader) reader.reject(failure.cause);
    else this.#failure = failure;
    this.#dismissReaders();
  }

  next(): Promise<IteratorResult<Settled<R>, undefined>> {
    this.#start();
    const value = this.#unread.shift();
    if (value) {
      this.#unreadBytes -= bodyBytes(value);
      const isHalfEmpty = this.#unread.length * 2 <= UNREAD_MAX && this.#unreadBytes * 2 <= UNREAD_BYTES_MAX;
      if (this.#holding && isHalfEmpty) {
        this.#holding = false;
        this.#engine?.release();
      }
      return Promise.resolve({ done: false, value });
    }
    if (this.#failure) return Promise.reject(this.#takeFailure());
    if (this.#ended || this.#left) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }

  /** Drops what is unread, ends the run, and resolves when everything is let go of. */
  async return(): Promise<IteratorResult<Settled<R>, undefined>> {
    this.#started = true;
    this.#left = true;
    this.#failure = undefined;
    while (this.#unread.shift()) {
      // what nobody will read is let go of
    }
    this.#dismissReaders();
    await this.#onReturn();
    return { done: true, value: undefined };
  }

  /** The first reader starts the run, even before its first `next`. */
  [Symbol.asyncIterator](): this {
    this.#start();
    return this;
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#engine?.start();
  }

  #dismissReaders(): void {
    for (let reader = this.#readers.shift(); reader; reader = this.#readers.shift()) {
      reader.resolve({ done: true, value: undefined });
    }
  }

  /** A failure is thrown once; after it the stream is at its end. */
  #takeFailure(): unknown {
    const cause = this.#failure?.cause;
    this.#failure = undefined;
    return cause;
  }
}

function bodyBytes<R>({ tries }: Settled<R>): number {
  return tries[tries.length - 1]?.body?.length ?? 0;
}
