// The laws of rates, hosts and retries, judged from outside: from what starts, what ends, and what the servers said.
import type { Rate } from '../../src/control/gcra.ts';
import type { PolitePlan } from '../../src/engine/polite-plan.ts';
import { type Attempt, type AttemptEnd, isRefusal } from '../../src/model/attempt.ts';
import { originOf } from '../../src/model/origin.ts';
import { type HttpRequest, InvalidInput, isRepeatable } from '../../src/model/request.ts';
import type { Settled } from '../../src/model/settled.ts';

const NEAR_MS = 1e-6;
/** Retries of a run that no budget keeps back (src/control/retry-budget.ts). */
const FREE_RETRIES = 10;

type Claim = (holds: boolean, law: string, seen: () => string) => void;

/** How late a start may be and keep its place on the grid (src/control/gcra.ts). */
const LATE_MS_MAX = 10;

/** The starts of a rate: of its last window, and on the grid that spreads them. */
class Window {
  readonly #rate: Rate;
  readonly #most: number;
  readonly #intervalMs: number;
  readonly #aheadMs: number;
  readonly #startsMs: number[] = [];
  /** When the next one is exactly on pace, at the earliest and at the latest. */
  #gridMinMs = Number.NEGATIVE_INFINITY;
  #gridMaxMs = Number.NEGATIVE_INFINITY;

  constructor(rate: Rate, burst: number) {
    this.#rate = rate;
    this.#most = Math.max(1, Math.ceil(rate.count)) + burst - 1;
    this.#intervalMs = rate.windowMs / rate.count;
    this.#aheadMs = this.#intervalMs * (burst - 1);
  }

  /** @returns what is wrong with one more start now */
  add(nowMs: number): string | null {
    const starts = this.#startsMs;
    starts.push(nowMs);
    while ((starts[0] as number) <= nowMs - this.#rate.windowMs + NEAR_MS) starts.shift();
    if (starts.length > this.#most) return `${starts.length} starts of ${this.#most} in the window`;
    return this.#onGrid(nowMs);
  }

  /** Whether a late start keeps its place depends on who waited; so the grid is known within bounds only. */
  #onGrid(nowMs: number): string | null {
    const dueMs = this.#gridMinMs - this.#aheadMs;
    const keptFromMs = nowMs - Math.max(this.#intervalMs, LATE_MS_MAX) + this.#aheadMs - NEAR_MS;
    const mayKeep = this.#gridMaxMs > keptFromMs;
    this.#gridMinMs = Math.max(this.#gridMinMs, mayKeep ? keptFromMs : nowMs) + this.#intervalMs;
    this.#gridMaxMs = Math.max(this.#gridMaxMs, nowMs) + this.#intervalMs;
    return nowMs < dueMs - NEAR_MS ? `a start that is due at ${dueMs}` : null;
  }
}

/** What a host has said, and what follows from it at the least. */
class HostSeen {
  readonly window: Window | null;
  inFlight = 0;
  /** No start before: the longest wait that was asked for; of a refusal that names none, the pause it leads to. */
  pausedUntilMs = Number.NEGATIVE_INFINITY;
  /** No start before: it has asked for a wait that nobody has the time for. */
  closedUntilMs = Number.NEGATIVE_INFINITY;
  /** So much later may the pause end. */
  pausedUntilMsMax = Number.NEGATIVE_INFINITY;
  /** In flight at most, while it recovers from a pause. */
  bearsMax = Number.POSITIVE_INFINITY;
  /** Starts that its quota leaves, until when. */
  left = Number.POSITIVE_INFINITY;
  leftUntilMs = Number.NEGATIVE_INFINITY;
  /** Refusals in a row, at the least. */
  #refusals = 0;

  constructor(window: Window | null) {
    this.window = window;
  }

  ended(end: AttemptEnd, { delayMs, delayMsMax }: PolitePlan['retry']): void {
    this.inFlight--;
    const { startedMs, endedMs, retryAfterMs, status, quota } = end;
    if (isRefusal(end)) {
      if (startedMs >= this.pausedUntilMsMax) this.#refusals++;
      this.bearsMax = 1;
      const backoffMs = Math.min(delayMsMax, delayMs * 2 ** Math.max(0, this.#refusals - 1));
      const waitMs = retryAfterMs ?? backoffMs;
      if (waitMs > delayMsMax) this.closedUntilMs = Math.max(this.closedUntilMs, endedMs + waitMs);
      else this.#pauses(endedMs, waitMs);
    } else if (status !== null && startedMs >= this.pausedUntilMs) {
      this.bearsMax++;
      this.#refusals = 0;
    }
    if (!quota || quota.resetMs > delayMsMax) return;
    this.left = quota.remaining - this.inFlight;
    this.leftUntilMs = endedMs + quota.resetMs;
  }

  #pauses(nowMs: number, waitMs: number): void {
    this.pausedUntilMs = Math.max(this.pausedUntilMs, nowMs + waitMs);
    this.pausedUntilMsMax = Math.max(this.pausedUntilMsMax, nowMs + waitMs + Math.min(1000, waitMs / 10));
  }
}

export class PoliteInvariants {
  readonly #plan: PolitePlan;
  readonly #claim: Claim;
  readonly #timeoutMs: number;
  readonly #slackMs: () => number;
  readonly #window: Window | null;
  readonly #hosts = new Map<string, HostSeen>();
  readonly #ends = new Map<number, AttemptEnd[]>();
  readonly #firstMs = new Map<number, number>();
  #firsts = 0;
  #retries = 0;

  /** @param slackMs how long after a deadline an attempt may still end */
  constructor(
    plan: PolitePlan,
    { claim, timeoutMs, slackMs }: { claim: Claim; timeoutMs: number; slackMs: () => number },
  ) {
    this.#plan = plan;
    this.#claim = claim;
    this.#timeoutMs = timeoutMs;
    this.#slackMs = slackMs;
    this.#window = plan.rate && new Window(plan.rate, plan.burst);
  }

  starts({ index, request, number, admittedMs }: Attempt<HttpRequest>): void {
    const { retry, perHost } = this.#plan;
    const host = this.#host(request);
    const before = this.#ends.get(index) ?? [];
    const last = before.at(-1);
    this.#claim(number === before.length + 1, 'law 1', () => `attempt ${number} after ${before.length}`);
    this.#claim(number <= 1 + retry.retriesMax, 'I27', () => `${index} has attempt ${number}`);
    this.#claim(host.inFlight < perHost, 'I02', () => `${index} starts with ${host.inFlight} of ${perHost}`);
    this.#claim(
      admittedMs >= Math.max(host.pausedUntilMs, host.closedUntilMs) - NEAR_MS,
      'I30',
      () => `${index} starts at ${admittedMs}, its host asked for ${host.pausedUntilMs}`,
    );
    const { inFlight, bearsMax, left, leftUntilMs } = host;
    this.#claim(inFlight < bearsMax, 'pauses', () => `${index} starts with ${inFlight} of ${bearsMax}`);
    this.#claim(left > 0 || admittedMs >= leftUntilMs - NEAR_MS, 'quota', () => `${index} is one too many`);
    host.left--;
    const over = this.#window?.add(admittedMs) ?? host.window?.add(admittedMs) ?? null;
    this.#claim(over === null, 'I20', () => `${index}: ${over}`);
    if (number === 1) this.#firstMs.set(index, admittedMs);
    if (number === 1) this.#firsts++;
    if (last) {
      this.#retries++;
      const most = FREE_RETRIES + this.#plan.retryBudget * this.#firsts;
      this.#claim(this.#retries <= most + 1, 'I27', () => `${this.#retries} retries of ${most}`);
      const arrived = last.status !== null || last.mayHaveArrived || last.error?.code === 'WORKER_LOST';
      this.#claim(
        isRepeatable(request) || retry.unsafe || !arrived,
        'I29',
        () => `${request.method} ${index} is sent again after ${JSON.stringify(last)}`,
      );
      this.#claim(
        last.outcome !== 'ok' && last.outcome !== 'cancelled' && last.outcome !== 'too_large',
        'I28',
        () => `${index} is sent again after ${last.outcome}`,
      );
    }
    host.inFlight++;
  }

  ends({ index, request }: Attempt<HttpRequest>, end: AttemptEnd): void {
    this.#ends.set(index, [...(this.#ends.get(index) ?? []), end]);
    this.#host(request).ended(end, this.#plan.retry);
  }

  settled({ index, request, tries, outcome, noRetry, endedMs }: Settled<HttpRequest>): void {
    if (request instanceof InvalidInput) return;
    const firstMs = this.#firstMs.get(index);
    if (firstMs === undefined) return;
    const dueMs = firstMs + (request.timeoutMs ?? this.#timeoutMs) + this.#slackMs();
    this.#claim(endedMs <= dueMs + NEAR_MS, 'I33', () => `${index} is settled at ${endedMs}, due ${dueMs}`);
    const last = tries.at(-1);
    if (noRetry) this.#claim(outcome !== 'ok', 'noRetry', () => `${index}: ok and ${noRetry}`);
    if (noRetry === 'unsafe')
      this.#claim(!isRepeatable(request), 'noRetry', () => `${index} may be sent again`);
    if (noRetry === 'attempts')
      this.#claim(tries.length === 1 + this.#plan.retry.retriesMax, 'I27', () => `${index} gave up early`);
    if (last?.outcome === 'unknown' && last.mayHaveArrived)
      this.#claim(!isRepeatable({ ...request, headers: [] }), 'I29', () => `${request.method} is unknown`);
  }

  #host(request: HttpRequest): HostSeen {
    const name = originOf(request.url);
    let seen = this.#hosts.get(name);
    if (!seen) {
      const { hostRate, burst } = this.#plan;
      seen = new HostSeen(hostRate && new Window(hostRate, burst));
      this.#hosts.set(name, seen);
    }
    return seen;
  }
}
