// A server of the tests that counts requests, and a client that sends as soon as a throttle lets it, and again whatever
// was refused: no network, no clock.
import type { FoundBefore } from '../../../src/control/finder/found-before.ts';
import { Throttle } from '../../../src/control/finder/throttle.ts';

/** Undefined for one that is taken; else how long the 429 says to wait, null where it says nothing. */
export type Meter = (nowMs: number) => number | null | undefined;

/** Tokens flow in at a rate, and no more than `depth` of them gather. */
export function bucketMeter(
  perSecond: number,
  depth: number,
  waits: 'none' | 'whole' | 'exact' = 'none',
): Meter {
  let tokens = depth;
  let atMs = 0;
  return nowMs => {
    tokens = Math.min(depth, tokens + ((nowMs - atMs) * perSecond) / 1000);
    atMs = nowMs;
    if (tokens >= 1) {
      tokens--;
      return undefined;
    }
    return waitOf(((1 - tokens) * 1000) / perSecond, waits);
  };
}

/** So many in each window; the first one began `agoMs` before the run. */
export function windowMeter(
  quota: number,
  windowMs: number,
  waits: 'none' | 'whole' | 'exact',
  agoMs = 0,
): Meter {
  let window = -1;
  let used = 0;
  return nowMs => {
    const now = Math.floor((nowMs + agoMs) / windowMs);
    if (now !== window) used = 0;
    window = now;
    if (used < quota) {
      used++;
      return undefined;
    }
    return waitOf((now + 1) * windowMs - agoMs - nowMs, waits);
  };
}

function waitOf(ms: number, waits: 'none' | 'whole' | 'exact'): number | null {
  if (waits === 'none') return null;
  return waits === 'exact' ? ms : 1000 * Math.max(1, Math.ceil(ms / 1000));
}

export interface MeteredRun {
  readonly throttle: Throttle;
  readonly makespanMs: number;
  /** When the server refused one. */
  readonly refusedMs: readonly number[];
  /** When it took one. */
  readonly takenMs: readonly number[];
}

export interface MeteredOptions {
  readonly meter: Meter;
  readonly requests: number;
  readonly inFlightMax?: number;
  readonly serviceMs?: number;
  /** What an earlier run found. */
  readonly before?: Partial<FoundBefore>;
}

const WIRE_MS = 1;
const STEPS_MAX = 2_000_000;

/** The way to the server and back takes a ms each; a refusal takes no longer. */
export function runMetered(options: MeteredOptions): MeteredRun {
  const { meter, requests, inFlightMax = 8, serviceMs = 20, before } = options;
  const throttle = new Throttle(before);
  const open: { endMs: number; sentMs: number; number: number; waitMs: number | null | undefined }[] = [];
  const refusedMs: number[] = [];
  const takenMs: number[] = [];
  let nowMs = 0;
  let gateMs = 0;
  for (let step = 0; takenMs.length < requests || open.length > 0; step++) {
    if (step > STEPS_MAX) throw new Error(`it spins at ${nowMs} ms`);
    const dueMs = Math.max(gateMs, throttle.dueMs(nowMs, open.length));
    const mayStart = open.length < inFlightMax && takenMs.length < requests;
    if (mayStart && dueMs <= nowMs) {
      const number = throttle.started(nowMs);
      const waitMs = meter(nowMs + WIRE_MS);
      if (waitMs === undefined) takenMs.push(nowMs + WIRE_MS);
      else refusedMs.push(nowMs + WIRE_MS);
      const endMs = nowMs + 2 * WIRE_MS + (waitMs === undefined ? serviceMs : 0);
      open.push({ endMs, sentMs: nowMs, number, waitMs });
      continue;
    }
    const first = open.reduce((a, b) => (b.endMs < a.endMs ? b : a), {
      endMs: Number.POSITIVE_INFINITY,
    } as never);
    if (mayStart && dueMs < (first as { endMs: number }).endMs) {
      nowMs = dueMs;
      continue;
    }
    const { endMs, sentMs, number, waitMs } = first as (typeof open)[number];
    nowMs = endMs;
    open.splice(open.indexOf(first), 1);
    if (waitMs === undefined) throttle.accepted(nowMs, number, sentMs);
    else {
      throttle.refused(nowMs, number, nowMs - sentMs, waitMs ?? undefined);
      // The host's gate keeps each wait that was asked for.
      if (waitMs !== null) gateMs = Math.max(gateMs, nowMs + waitMs);
    }
  }
  return { throttle, makespanMs: nowMs, refusedMs, takenMs };
}
