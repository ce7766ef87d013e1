// How busy an event loop is, as Node measures it: in a loop that is busy nothing waits in the kernel for sockets or
// timers. Reading it costs a tenth of a microsecond; nothing is counted in between.
import { performance } from 'node:perf_hooks';
import type { Worker } from 'node:worker_threads';

/** Sums since the loop began to turn; both are 0 before that. */
export interface LoopReading {
  readonly busyMs: number;
  /** All of the time, busy or not. */
  readonly knownMs: number;
}

/** Of the thread that calls it. */
export function readOwnLoop(): LoopReading {
  return readingOf(performance.eventLoopUtilization());
}

/** Of a thread, without a word to it. */
export function readLoopOf({ performance }: Worker): LoopReading {
  return readingOf(performance.eventLoopUtilization());
}

function readingOf({ active, idle }: { readonly active: number; readonly idle: number }): LoopReading {
  return { busyMs: active, knownMs: active + idle };
}

/** Calls again and again, after the time that it is told each time; never keeps this process alive. */
export function callEvery(afterMs: () => number, call: () => void): { stop(): void } {
  let timeout: NodeJS.Timeout;
  const arm = (): void => {
    timeout = setTimeout(() => {
      call();
      arm();
    }, afterMs()).unref();
  };
  arm();
  return { stop: () => clearTimeout(timeout) };
}
