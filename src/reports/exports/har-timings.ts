// An attempt's slices as the timings of an HTTP archive: the wait on our side, to send, to wait, to receive. Whole
// microseconds, so that their sum is exact.
import type { Phases } from '../../model/attempt.ts';
import { DOWNLOAD, HANDLER, HANDOVER, NETWORK, PERMIT, type Slices } from '../../timeline/slices.ts';

export interface HarTimings {
  /** When it began to wait, on the run's clock. */
  readonly fromMs: number;
  /** Null where no wait was measured. */
  readonly blockedMs: number | null;
  readonly sendMs: number;
  readonly waitMs: number;
  readonly receiveMs: number;
  /** The sum of the four. */
  readonly totalMs: number;
}

/** The user's own handler comes after the last byte, and is no part of them. */
export function harTimings(slices: Slices, { permit, handover }: Phases): HarTimings {
  const { kinds, fromsMs, tosMs, count, admittedMs } = slices;
  let [blocked, send, wait, receive] = [0, 0, 0, 0];
  let isSent = false;
  for (let i = 0; i < count; i++) {
    const kind = kinds[i] as number;
    const us = microseconds(tosMs[i] as number) - microseconds(fromsMs[i] as number);
    if (kind === PERMIT || kind === HANDOVER) blocked += us;
    else if (kind === NETWORK && !isSent) send += us;
    else if (kind === DOWNLOAD) receive += us;
    else if (kind !== HANDLER) wait += us;
    // A way back that the server's report leaves over is network, too, and comes later.
    isSent ||= kind !== PERMIT && kind !== HANDOVER;
  }
  const total = blocked + send + wait + receive;
  return {
    fromMs: Math.min(count > 0 ? (fromsMs[0] as number) : admittedMs, admittedMs),
    blockedMs: permit === undefined && handover === undefined ? null : blocked / 1000,
    ...{ sendMs: send / 1000, waitMs: wait / 1000, receiveMs: receive / 1000, totalMs: total / 1000 },
  };
}

function microseconds(ms: number): number {
  return Math.round(ms * 1000);
}
