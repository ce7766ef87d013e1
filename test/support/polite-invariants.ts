// The laws of rates, hosts and retries, judged from outside: from what starts, what ends, and what the servers said.
import type { Rate } from '../../src/control/gcra.ts';
import type { PolitePlan } from '../../src/engine/polite-plan.ts';
import { type Attempt, type AttemptEnd, isRefusal } from '../../src/model/attempt.ts';
import { originOf } from '../../src/model/origin.ts';
import { type HttpRequest, InvalidInput, isRepeatable } from '../../src/model/request.ts';
import type { Settled } from '../../src/model/settled.ts';

const NEAR_MS = 1e-6;

type Claim = (holds: boolean, law: string, seen: () => string) => void;

/** The starts of the last window of a rate. */
class Window {
  readonly #rate: Rate;
  readonly #most: number;
  readonly #startsMs: number[] = [];

  constructor(rate: Rate, burst: number) {
    this.#rate = rate;
    this.#most = Math.max(1, Math.ceil(rate.count)) + burst - 1;
  }

  /** @returns what is wrong with one more start now */
  add(nowMs: number): string | null {
    const starts = this.#startsMs;
    starts.push(nowMs);
    while ((starts[0] as number) <= nowMs - this.#rate.windowMs + NEAR_MS) starts.shift();
    return starts.length > this.#most ? `${starts.length} starts of ${this.#most} in the window` : null;
  }
}

interface HostSeen {
  inFlight: number;
  /** No start before: the longest wait that was asked for. */
  askedUntilMs: number;
  readonly window: Window | null;
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
  retries = 0;
  refusals = 0;

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
      admittedMs >= host.askedUntilMs - NEAR_MS,
      'I30',
      () => `${index} starts at ${admittedMs}, its host asked for ${host.askedUntilMs}`,
    );
    const over = this.#window?.add(admittedMs) ?? host.window?.add(admittedMs) ?? null;
    this.#claim(over === null, 'I20', () => `${index}: ${over}`);
    if (number === 1) this.#firstMs.set(index, admittedMs);
    if (last) {
      this.retries++;
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
    const host = this.#host(request);
    host.inFlight--;
    this.#ends.set(index, [...(this.#ends.get(index) ?? []), end]);
    if (!isRefusal(end)) return;
    this.refusals++;
    host.askedUntilMs = Math.max(host.askedUntilMs, end.endedMs + (end.retryAfterMs ?? 0));
  }

  settled({ index, request, tries, outcome, noRetry, endedMs }: Settled<HttpRequest>): void {
    if (request instanceof InvalidInput) return;
    const firstMs = this.#firstMs.get(index);
    if (firstMs === undefined) return;
    const dueMs = firstMs + (request.timeoutMs ?? this.#timeoutMs) + this.#slackMs();
    this.#claim(endedMs <= dueMs + NEAR_MS, 'I33', () => `${index} is settled at ${endedMs}, due ${dueMs}`);
    const last = tries.at(-1);
    if (noRetry) this.#claim(outcome !== 'ok', 'noRetry', () => `${index}: ok and ${noRetry}`);
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
      const window = hostRate && new Window(hostRate, burst);
      seen = { inFlight: 0, askedUntilMs: Number.NEGATIVE_INFINITY, window };
      this.#hosts.set(name, seen);
    }
    return seen;
  }
}
