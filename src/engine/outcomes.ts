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

export class Outcomes<R> implements AsyncIterableIterator<Settled<R>> {
  readonly #unread = new Queue<Settled<R>>();
  readonly #onReturn: () => Promise<void>;
  #engine: Upstream | undefined;
  #reader:
    | { resolve: (step: IteratorResult<Settled<R>>) => void; reject: (cause: unknown) => void }
    | undefined;
  #started = false;
  #holding = false;
  #ended = false;
  #failure: { readonly cause: unknown } | undefined;

  /** @param onReturn the reader leaves early (`break`): stop the run and let go of everything */
  constructor(onReturn: () => Promise<void>) {
    this.#onReturn = onReturn;
  }

  attach(engine: Upstream): void {
    this.#engine = engine;
  }

  add(settled: Settled<R>): void {
    if (this.#reader) {
      const { resolve } = this.#reader;
      this.#reader = undefined;
      resolve({ done: false, value: settled });
      return;
    }
    if (this.#ended) return;
    this.#unread.push(settled);
    if (!this.#holding && this.#unread.length >= UNREAD_MAX) {
      this.#holding = true;
      this.#engine?.hold();
    }
  }

  end(failure?: { readonly cause: unknown }): void {
    this.#ended = true;
    this.#failure = failure;
    const reader = this.#reader;
    this.#reader = undefined;
    if (!reader) return;
    if (failure) reader.reject(this.#takeFailure());
    else reader.resolve({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<Settled<R>>> {
    const value = this.#unread.shift();
    if (value) {
      if (this.#holding && this.#unread.length * 2 <= UNREAD_MAX) {
        this.#holding = false;
        this.#engine?.release();
      }
      return Promise.resolve({ done: false, value });
    }
    if (this.#failure) return Promise.reject(this.#takeFailure());
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  async return(): Promise<IteratorResult<Settled<R>>> {
    this.#ended = true;
    while (this.#unread.shift()) {
      // what nobody will read is let go of
    }
    await this.#onReturn();
    return { done: true, value: undefined };
  }

  /** The first reader starts the run. */
  [Symbol.asyncIterator](): this {
    if (!this.#started) {
      this.#started = true;
      this.#engine?.start();
    }
    return this;
  }

  /** A failure is thrown once; after it the stream is at its end. */
  #takeFailure(): unknown {
    const cause = this.#failure?.cause;
    this.#failure = undefined;
    return cause;
  }
}
