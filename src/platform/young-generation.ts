// V8 lets its young generation grow a step with each few megabytes that outlive a collection, however small
// a part they are of a long run: after some 100 000 requests it stands at 16 MiB to a half, and that is what
// the process keeps. Requests live for milliseconds, so halves of 4 MiB lose little: at 200 000 requests, 50 in
// flight, 101 MB at most in place of 145, for a microsecond or two of collecting a request (bench/README.md).
//
// The sizes themselves can only be given before Node starts; whether to grow further can be said at any time.
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves together. */
const ENOUGH_BYTES = 8_000_000;
const LOOK_EVERY_MS = 100;

/**
 * Stops the young generation from growing once it is large enough; looks now and then and keeps nothing alive.
 * It holds for all threads of the process, so for a process of our own whose work is in its main thread.
 */
export function boundYoungGeneration(): void {
  const look = setInterval(() => {
    if (stopGrowthFrom(ENOUGH_BYTES)) clearInterval(look);
  }, LOOK_EVERY_MS);
  look.unref();
}

/** Stops the growth if it has come so far. */
export function stopGrowthFrom(enoughBytes: number): boolean {
  if (youngGenerationBytes() < enoughBytes) return false;
  setFlagsFromString('--semi-space-growth-factor=1');
  return true;
}

export function youngGenerationBytes(): number {
  return getHeapSpaceStatistics().find(space => space.space_name === 'new_space')?.space_size ?? 0;
}
