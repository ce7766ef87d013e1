// Where requests come from: read lazily, one step at a time, and let go of properly.
import type { InvalidInput } from '../model/request.ts';

export interface Source<R> {
  /** The next request; undefined when none is at hand now, because it is still to come or there is none left. */
  pull(): R | InvalidInput | undefined;
  /** Nothing more will come. */
  readonly ended: boolean;
  /** Why it ended early, when its iterator threw. */
  readonly failure: { readonly cause: unknown } | undefined;
  /** Lets go of the iterator when the run ends before it; harmless at any time. */
  close(): void;
}

export type Requests<R> = Iterable<R | InvalidInput> | AsyncIterable<R | InvalidInput>;
/** Many at a time, for sources that read in blocks: one promise for each batch in place of one for each request. */
export type RequestBatches<R> = AsyncIterable<readonly (R | InvalidInput)[]>;

/** @param onReady called when a later `pull` may give something, or when an asynchronous source has ended */
export function openSource<R>(requests: Requests<R>, onReady: () => void): Source<R> {
  if (Symbol.asyncIterator in requests) {
    return new AsyncSource<R, R | InvalidInput>(
      requests[Symbol.asyncIterator](),
      request => [request],
      onReady,
    );
  }
  return new IteratorSource(requests[Symbol.iterator]());
}

/** As `openSource`, for requests that come many at a time. */
export function openBatchSource<R>(batches: RequestBatches<R>, onReady: () => void): Source<R> {
  return new AsyncSource<R, readonly (R | InvalidInput)[]>(
    batches[Symbol.asyncIterator](),
    batch => batch,
    onReady,
  );
}

class IteratorSource<R> implements Source<R> {
  readonly #iterator: Iterator<R | InvalidInput>;
  #reading = false;
  ended = false;
  failure: { readonly cause: unknown } | undefined;

  constructor(iterator: Iterator<R | InvalidInput>) {
    this.#iterator = iterator;
  }

  pull(): R | InvalidInput | undefined {
    if (this.ended || this.#reading) return undefined;
    let step: IteratorResult<R | InvalidInput> | undefined;
    this.#reading = true;
    try {
      step = this.#iterator.next();
    } catch (cause) {
      this.failure = { cause };
    }
    this.#reading = false;
    if (!step || step.done) this.ended = true;
    else if (!this.ended) return step.value;
    else this.#leave(); // the run was ended from inside the iterator itself
    return undefined;
  }

  close(): void {
    if (this.ended) return;
    this.ended = true;
    if (!this.#reading) this.#leave(); // a generator that runs cannot be told
  }

  #leave(): void {
    try {
      this.#iterator.return?.();
    } catch (cause) {
      this.failure ??= { cause };
    }
  }
}

class AsyncSource<R, T> implements Source<R> {
  readonly #iterator: AsyncIterator<T>;
  readonly #toBatch: (value: T) => readonly (R | InvalidInput)[];
  readonly #onReady: () => void;
  #batch: readonly (R | InvalidInput)[] = [];
  #place = 0;
  #reading = false;
  #exhausted = false;
  failure: { readonly cause: unknown } | undefined;

  constructor(
    iterator: AsyncIterator<T>,
    toBatch: (value: T) => readonly (R | InvalidInput)[],
    onReady: () => void,
  ) {
    this.#iterator = iterator;
    this.#toBatch = toBatch;
    this.#onReady = onReady;
  }

  get ended(): boolean {
    return this.#exhausted && this.#place >= this.#batch.length;
  }

  pull(): R | InvalidInput | undefined {
    if (this.#place < this.#batch.length) return this.#batch[this.#place++];
    if (!this.#reading && !this.#exhausted) this.#read();
    return undefined;
  }

  close(): void {
    const early = !this.#exhausted;
    this.#exhausted = true;
    this.#batch = [];
    this.#place = 0;
    // Not waited for: a generator that is stuck in `next` answers `return` only after it. A failure
    // of its clean-up has nobody left to hear it.
    if (early) this.#iterator.return?.().then(undefined, () => undefined);
  }

  #read(): void {
    this.#reading = true;
    this.#iterator.next().then(
      step => {
        this.#reading = false;
        if (this.#exhausted) return;
        if (step.done) this.#exhausted = true;
        else {
          this.#batch = this.#toBatch(step.value);
          this.#place = 0;
        }
        this.#onReady();
      },
      (cause: unknown) => {
        this.#reading = false;
        if (this.#exhausted) return;
        this.#exhausted = true;
        this.failure = { cause };
        this.#onReady();
      },
    );
  }
}
