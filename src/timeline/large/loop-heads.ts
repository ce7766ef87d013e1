// Our own event loops as the head of a report holds them: few, and in whole numbers.
import type { EventLoop } from '../../model/record.ts';
import { busyText, loopStrips } from '../event-loops.ts';
import type { LoopHead } from './report-head.ts';

/** More strips than that cannot be told apart. */
const LOOPS_MAX = 8;

export function loopHeads(loops: readonly EventLoop[], wallMs: number): LoopHead[] {
  return loopStrips(loops, wallMs, LOOPS_MAX).map(strip => ({
    label: strip.label,
    says: busyText(strip),
    fromUs: strip.fromMs * 1000,
    everyUs: strip.everyMs * 1000,
    busy: strip.busy.map(share => (share === null ? null : Math.round(share * 1000))),
  }));
}
