// The machine's monotonic clock, the same in every process of this host, so that an instant written
// down by one process can be placed exactly by another. Its zero is somewhere near the start of the machine.
import type { Clock } from '../base/clock.ts';

const TIMER_MS_MAX = 2 ** 31 - 1;

/** Milliseconds on the machine's monotonic clock, to the nanosecond that the machine offers. */
export function machineNowMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** CPU time that this process has used so far, in ms, user and system together, all its threads. */
export function cpuUsedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A real clock whose instants are those of `machineNowMs`. */
export const MACHINE_CLOCK: Clock = {
  now: machineNowMs,
  schedule(atMs, fire) {
    let cancelled = false;
    let timer: NodeJS.Timeout;
    // A timer may fire a fraction of a millisecond early; and input is polled for once more before firing.
    const arm = (): void => {
      const leftMs = Math.ceil(Math.max(0, atMs - machineNowMs()));
      timer = setTimeout(() => setImmediate(check), Math.min(leftMs, TIMER_MS_MAX));
    };
    const check = (): void => {
      if (cancelled) return;
      if (machineNowMs() < atMs) arm();
      else fire();
    };
    arm();
    return {
      cancel() {
        cancelled = true;
        clearTimeout(timer);
      },
    };
  },
};
