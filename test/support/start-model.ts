// Who may start, thought out a second time and apart from the engine: from what was read, started and ended, and what
// the servers said. Where chance decides (the end of a pause, a backoff) the model takes the latest instant there can
// be. So whoever it calls free is free, and must neither be left waiting (I03) nor be overtaken (I11).
import { Heap } from '../../src/base/heap.ts';
import type { Rate } from '../../src/control/gcra.ts';
import type { PolitePlan } from '../../src/engine/polite-plan.ts';
import { type Attempt, type AttemptEnd, isRefusal } from '../../src/model/attempt.ts';
import { originOf } from '../../src/model/origin.ts';
import type { HttpRequest } from '../../src/model/request.ts';

const NEAR_MS = 1e-6;
/** How a pause's end may be put off, and when a host that was paused is as before (src/control/host-gate.ts). */
const [PUT_OFF_SHARE, PUT_OFF_MS_MAX, RECOVERED] = [0.1, 1000, 1024];

/** When the next start of a rate is due at the latest: on the grid of the last, and a window after enough others. */
class DueBound {
  readonly #intervalMs: number;
  readonly #burst: number;
  readonly #windowMs: number;
  readonly #most: number;
  readonly #startsMs: number[] = [];
  #gridMs = Number.NEGATIVE_INFINITY;
  #goneMs = Number.NEGATIVE_INFINITY;
  #gone = 0;

  constructor({ count, windowMs }: Rate, burst: number) {
    this.#intervalMs = windowMs / count;
    this.#burst = burst;
    this.#windowMs = this.#intervalMs * Math.max(1, Math.floor(count));
    this.#most = Math.max(1, Math.floor(count)) + burst - 1;
  }

  dueMs(): number {
    const full = this.#startsMs.length >= this.#most;
    const oldestMs = full ? Math.max(this.#goneMs, this.#startsMs[0] as number) : this.#goneMs;
    return Math.max(this.#gridMs - this.#intervalMs * (this.#burst - 1), oldestMs + this.#windowMs);
  }

  /** @returns its number, for `began` */
  start(nowMs: number): number {
    this.#gridMs = Math.max(this.#gridMs, nowMs) + this.#intervalMs;
    this.#startsMs.push(nowMs);
    if (this.#startsMs.length > this.#most) {
      this.#goneMs = Math.max(this.#goneMs, this.#startsMs.shift() as number);
      this.#gone++;
    }
    return this.#gone + this.#startsMs.length - 1;
  }

  began(number: number, atMs: number): void {
    const place = number - this.#gone;
    const knownMs = this.#startsMs[place];
    if (knownMs !== undefined && atMs > knownMs) this.#startsMs[place] = atMs;
  }
}

class HostModel {
  readonly due: DueBound | null;
  /** Those that were read and never started, in the order of the input; some of them are over. */
  readonly line: number[] = [];
  head = 0;
  /** Those whose backoff is over, surely. */
  readonly again = new Set<number>();
  inFlight = 0;
  /** In flight at most, at the least. */
  bearsMin = Number.POSITIVE_INFINITY;
  pausedUntilMs = Number.NEGATIVE_INFINITY;
  closedUntilMs = Number.NEGATIVE_INFINITY;
  everClosed = false;
  /** When its pause may have ended, at the earliest. */
  pausedFromMs = Number.NEGATIVE_INFINITY;
  /** Refusals in a row, at the most. */
  refusals = 0;
  left = Number.POSITIVE_INFINITY;
  leftUntilMs = Number.NEGATIVE_INFINITY;

  constructor({ hostRate, burst }: Pick<PolitePlan, 'hostRate' | 'burst'>) {
    this.due = hostRate && new DueBound(hostRate, burst);
  }
}

interface Seen {
  readonly host: HostModel;
  /** Read and never started. */
  waiting: boolean;
  /** The attempt that has ended and may be followed by another; 0 for none. */
  ended: number;
  final: boolean;
  number: number;
  hostNumber: number;
}

export class StartModel {
  readonly #plan: PolitePlan | null;
  /** In input order an outcome may be decided and not told yet; then less is claimed. */
  readonly #isOrdered: boolean;
  readonly #due: DueBound | null;
  readonly #hosts = new Map<string, HostModel>();
  readonly #seen: (Seen | undefined)[] = [];
  readonly #backoff = new Heap<{ readonly index: number; readonly ended: number }>();

  constructor(plan: PolitePlan | null, order: 'ended' | 'input') {
    this.#plan = plan;
    this.#isOrdered = order === 'input';
    this.#due = plan?.rate ? new DueBound(plan.rate, plan.burst) : null;
  }

  read(index: number, request: HttpRequest): void {
    const host = this.#hostOf(request);
    host.line.push(index);
    this.#seen[index] = { host, waiting: true, ended: 0, final: false, number: 0, hostNumber: 0 };
  }

  /** @returns whom it overtakes, who could have started */
  starts({ index, admittedMs }: Attempt<HttpRequest>): number | undefined {
    const before = this.#free(admittedMs, index);
    const seen = this.#seen[index];
    if (!seen) return before;
    const { host } = seen;
    seen.waiting = false;
    seen.ended = 0;
    host.again.delete(index);
    host.inFlight++;
    host.left--;
    seen.number = this.#due?.start(admittedMs) ?? 0;
    seen.hostNumber = host.due?.start(admittedMs) ?? 0;
    return before;
  }

  ends({ index, number }: Attempt<HttpRequest>, end: AttemptEnd): void {
    const seen = this.#seen[index];
    if (!seen) return;
    const { host } = seen;
    this.#due?.began(seen.number, end.startedMs);
    host.due?.began(seen.hostNumber, end.startedMs);
    host.inFlight--;
    if (!this.#plan) return;
    this.#hear(host, end, this.#plan.retry);
    if (seen.final || this.#isOrdered) return;
    const { delayMs, delayMsMax } = this.#plan.retry;
    const backoffMs = Math.max(end.retryAfterMs ?? 0, Math.min(delayMsMax, delayMs * 2 ** (number - 1)));
    seen.ended = number;
    this.#backoff.push(end.endedMs + backoffMs, { index, ended: number });
  }

  #hear(host: HostModel, end: AttemptEnd, { delayMs, delayMsMax }: PolitePlan['retry']): void {
    const { endedMs, startedMs, status, retryAfterMs, quota } = end;
    if (isRefusal(end)) {
      host.bearsMin = 1;
      if (startedMs >= host.pausedFromMs || host.refusals === 0) host.refusals++;
      if (retryAfterMs !== undefined && retryAfterMs > delayMsMax) {
        host.everClosed = true;
        host.closedUntilMs = Math.max(host.closedUntilMs, endedMs + retryAfterMs);
      } else {
        const waitMs = retryAfterMs ?? Math.min(delayMsMax, delayMs * 2 ** (host.refusals - 1));
        const untilMs = endedMs + waitMs + Math.min(PUT_OFF_MS_MAX, PUT_OFF_SHARE * waitMs);
        host.pausedUntilMs = Math.max(host.pausedUntilMs, untilMs);
        host.pausedFromMs = Math.max(host.pausedFromMs, endedMs + waitMs);
      }
    } else if (status !== null && startedMs >= host.pausedUntilMs) {
      host.refusals = 0;
      if (++host.bearsMin > RECOVERED) host.bearsMin = Number.POSITIVE_INFINITY;
    }
    if (!quota || quota.resetMs > delayMsMax) return;
    host.left = quota.remaining - host.inFlight;
    host.leftUntilMs = endedMs + quota.resetMs;
  }

  settled(index: number): void {
    const seen = this.#seen[index];
    if (!seen) return;
    seen.waiting = false;
    seen.ended = 0;
    seen.final = true;
    seen.host.again.delete(index);
  }

  /** The first that waits for nothing but a permit, surely; undefined when there is none. */
  free(nowMs: number): number | undefined {
    return this.#free(nowMs, Number.POSITIVE_INFINITY);
  }

  #free(nowMs: number, before: number): number | undefined {
    const surelyMs = nowMs - NEAR_MS;
    if (this.#due && this.#due.dueMs() > surelyMs) return undefined;
    while (this.#backoff.peekKey() <= surelyMs) {
      const one = this.#backoff.pop();
      const seen = one && this.#seen[one.index];
      if (seen?.ended === one?.ended) seen?.host.again.add(one?.index ?? 0);
    }
    let first: number | undefined;
    for (const host of this.#hosts.values()) {
      const index = this.#firstOf(host);
      if (index === undefined || index >= Math.min(before, first ?? before)) continue;
      if (this.#isFree(host, surelyMs)) first = index;
    }
    return first;
  }

  #firstOf(host: HostModel): number | undefined {
    while (host.head < host.line.length && !this.#seen[host.line[host.head] as number]?.waiting) host.head++;
    const first = host.line[host.head];
    const [again] = host.again;
    return again === undefined ? first : Math.min(again, first ?? again);
  }

  #isFree(host: HostModel, surelyMs: number): boolean {
    if (host.everClosed && this.#isOrdered) return false;
    if (host.closedUntilMs > surelyMs) return host.closedUntilMs > surelyMs + 2 * NEAR_MS; // to be turned away
    if (host.inFlight >= Math.min(this.#plan?.perHost ?? Number.POSITIVE_INFINITY, host.bearsMin))
      return false;
    if (host.pausedUntilMs > surelyMs || (host.left <= 0 && host.leftUntilMs > surelyMs)) return false;
    return host.due === null || host.due.dueMs() <= surelyMs;
  }

  #hostOf(request: HttpRequest): HostModel {
    const name = this.#plan ? originOf(request.url) : '';
    let host = this.#hosts.get(name);
    if (!host) {
      host = new HostModel(this.#plan ?? { hostRate: null, burst: 1 });
      this.#hosts.set(name, host);
    }
    return host;
  }
}
