// Reads how busy event loops are while a run goes on: this process's own, and those of its threads, which need not be
// asked. A child process watches its own loop, and says what it saw with its last words.
import { BusyShares, type Shares } from '../base/busy-shares.ts';
import type { EventLoop } from '../model/record.ts';
import { callEvery, type LoopReading, readOwnLoop } from '../platform/event-loop.ts';

/** Between two readings, to begin with; a run of hours is read less often. */
const EVERY_MS = 20;
/** A reading wakes the process, which costs more than the reading: where all loops are idle, so many times as long. */
const IDLE_TIMES = 4;
const IDLE_SHARE_MAX = 0.05;

export type LoopName = Pick<EventLoop, 'of' | 'worker'>;

interface Watched {
  readonly name: LoopName;
  readonly shares: BusyShares;
  /** Undefined once nobody is there. */
  read: (() => LoopReading) | undefined;
  /** Of the last reading, and what it was. */
  atMs: number;
  last: LoopReading;
}

export class LoopWatch {
  readonly #now: () => number;
  readonly #watched = new Map<string, Watched>();
  /** What child processes have told. */
  readonly #told = new Map<string, EventLoop>();
  readonly #timer: { stop(): void };
  /** Grows while nothing happens. */
  #times = 1;

  /** @param now the run's clock */
  constructor(now: () => number) {
    this.#now = now;
    this.#timer = callEvery(
      () => this.#times * this.#everyMs(),
      () => this.look(),
    );
  }

  /** The loop of this thread, from now on. */
  watchOwn(name: LoopName): this {
    this.watch(name, readOwnLoop);
    return this;
  }

  /**
   * A worker that takes the place of another has its name, and its shares follow on those of the one before it.
   * @returns reads it a last time; to be called before it goes, harmless when called again
   */
  watch(name: LoopName, read: () => LoopReading): () => void {
    const key = keyOf(name);
    const shares = this.#watched.get(key)?.shares ?? new BusyShares(EVERY_MS);
    const watched: Watched = { name, shares, read, atMs: this.#now(), last: read() };
    this.#watched.set(key, watched);
    return () => {
      if (watched.read) note(watched, watched.read(), this.#now());
      watched.read = undefined;
    };
  }

  /** What a process has seen of its own loop. */
  tell(name: LoopName, { everyMs, busy }: Shares): void {
    this.#told.set(keyOf(name), { ...name, everyMs, busy });
  }

  /** Reads all of them, now. */
  look(): void {
    const nowMs = this.#now();
    let isIdle = true;
    for (const watched of this.#watched.values()) {
      if (!watched.read) continue;
      const share = note(watched, watched.read(), nowMs);
      if (share > IDLE_SHARE_MAX) isIdle = false;
    }
    this.#times = isIdle ? Math.min(IDLE_TIMES, 2 * this.#times) : 1;
  }

  /** Reads them a last time. Harmless when called twice. */
  stop(): void {
    this.#timer.stop();
    this.look();
    for (const watched of this.#watched.values()) watched.read = undefined;
  }

  /** The main one first, then workers in their order; those of which nothing is known are left out. */
  loops(): EventLoop[] {
    const seen = Array.from(this.#watched.values(), ({ name, shares }) => ({ ...name, ...shares.shares() }));
    return [...seen, ...this.#told.values()]
      .filter(({ busy }) => busy.length > 0)
      .sort((a, b) => (a.worker ?? -1) - (b.worker ?? -1));
  }

  #everyMs(): number {
    const [first] = this.#watched.values();
    return first?.shares.everyMs ?? EVERY_MS;
  }
}

function keyOf({ of, worker = -1 }: LoopName): string {
  return `${of} ${worker}`;
}

/**
 * Before a loop turns nothing is known of it; where less is known than has passed, it is the latest part.
 * @returns how busy it was since the last reading
 */
function note(watched: Watched, now: LoopReading, nowMs: number): number {
  const { shares, last, atMs } = watched;
  const knownMs = now.knownMs - last.knownMs;
  const busyMs = now.busyMs - last.busyMs;
  watched.last = now;
  watched.atMs = nowMs;
  if (!(knownMs > 0)) return 0;
  shares.add(Math.max(atMs, nowMs - knownMs), nowMs, busyMs);
  return busyMs / knownMs;
}
