// A fair keeper of permits whose number may change while it is used.
//
// First come, first served: nobody overtakes a waiter, not even `tryAcquire`. A waiter that gives up
// leaves the queue at once. Growing wakes the head; shrinking lets holders finish, and nothing starts
// until fewer are held than the new limit. A permit is a thing you hold and release exactly once.
import { assert } from '../base/assert.ts';
import { PacelineError } from '../base/errors.ts';

/** The right to one place, held from `acquire` to `release`. */
export class Permit {
  #semaphore: Semaphore | undefined;

  /** @internal Permits come from a semaphore. */
  constructor(semaphore: Semaphore) {
    this.#semaphore = semaphore;
  }

  /** Gives the permit back and wakes the first waiter. A second release is a bug and throws. */
  release(): void {
    assert(this.#semaphore, 'a permit is released once');
    const semaphore = this.#semaphore;
    this.#semaphore = undefined;
    semaphore.giveBack();
  }
}

/** A moment of a semaphore: permits there are, permits held, and waiters for one. */
export interface SemaphoreStatistics {
  readonly limit: number;
  readonly held: number;
  readonly waiting: number;
}

/** Most permits that one semaphore may be asked to keep, unless it is unlimited. */
export const LIMIT_MAX = 1_000_000;

type Waiter = (permit: Permit) => void;

/**
 * Keeps permits, first come, first served; their number may change at any time.
 * @example
 * const semaphore = new Semaphore(3);
 * await semaphore.use(() => upload(file)); // never more than three at once
 */
export class Semaphore {
  #limit: number;
  #held = 0;
  /** In order of arrival; a Set so that a waiter who gives up leaves in constant time. */
  readonly #waiters = new Set<Waiter>();

  /** @param limit whole number from 1 to a million, or Infinity */
  constructor(limit: number) {
    this.#limit = checkedLimit(limit);
  }

  get limit(): number {
    return this.#limit;
  }

  /** Whether `tryAcquire` would give a permit now. */
  get hasFree(): boolean {
    return this.#held < this.#limit && this.#waiters.size === 0;
  }

  /** A permit now, or undefined when none is free or somebody waits. */
  tryAcquire(): Permit | undefined {
    if (!this.hasFree) return undefined;
    this.#held++;
    return new Permit(this);
  }

  /**
   * Waits for a permit in order of arrival.
   * @param signal gives up at once, with its reason
   */
  acquire(signal?: AbortSignal): Promise<Permit> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const permit = this.tryAcquire();
    if (permit) return Promise.resolve(permit);
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiters.delete(wake);
        reject(signal?.reason);
      };
      const wake = (woken: Permit): void => {
        signal?.removeEventListener('abort', giveUp);
        // A signal that fires between this wake-up and its receiver loses: the receiver holds
        // the permit and must release it, as after any other acquire.
        resolve(woken);
      };
      this.#waiters.add(wake);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Runs `body` while holding a permit. */
  async use<T>(body: () => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    const permit = await this.acquire(signal);
    try {
      return await body();
    } finally {
      permit.release();
    }
  }

  /** Changes the number of permits, now. */
  resize(limit: number): void {
    this.#limit = checkedLimit(limit);
    this.#wake();
  }

  statistics(): SemaphoreStatistics {
    return { limit: this.#limit, held: this.#held, waiting: this.#waiters.size };
  }

  /** @internal Called by the permit. */
  giveBack(): void {
    this.#held--;
    assert(this.#held >= 0, 'no more permits come back than were given');
    if (this.#waiters.size > 0) this.#wake();
  }

  #wake(): void {
    for (const waiter of this.#waiters) {
      if (this.#held >= this.#limit) return;
      this.#waiters.delete(waiter);
      this.#held++;
      waiter(new Permit(this));
    }
  }
}

/** @throws ERR_OPTION_INVALID for anything but a whole number from 1 to a million, or Infinity */
export function checkedLimit(limit: number): number {
  if (limit === Number.POSITIVE_INFINITY) return limit;
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw new PacelineError(
    'ERR_OPTION_INVALID',
    `Expected a limit that is a whole number from 1 to ${LIMIT_MAX}, or Infinity; got ${String(limit)}.`,
  );
}
