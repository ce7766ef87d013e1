// How busy an event loop was, in percent, as the steps of a counter: until the end of the run, each of another value.
import type { LoopStrip } from '../../timeline/event-loops.ts';
import type { Step } from './steps.ts';

/** More loops are told as the main one and the mean of all workers. */
export const LOOPS_MAX = 64;

export function* busySteps({ fromMs, everyMs, busy }: LoopStrip, endUs: number): Generator<Step> {
  let told: number | null = null;
  for (const [column, share] of busy.entries()) {
    const at = Math.round((fromMs + column * everyMs) * 1000);
    if (at >= endUs) break;
    // Before the first of its shares nothing is known of it; between two of them it was not there, and so not busy.
    if (share === null && told === null) continue;
    const value = Math.round((share ?? 0) * 1000) / 10;
    if (value !== told) yield { at, value };
    told = value;
  }
  if (told !== null) yield { at: endUs, value: told };
}
