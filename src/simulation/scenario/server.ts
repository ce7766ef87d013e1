// The server of a scenario as a request meets it: the meter first, then chance, then a place to be served.
import type { Clock } from '../../base/clock.ts';
import { draw, STREAM } from './draws.ts';
import { RateLimiter, type SaidQuota } from './rate-limiter.ts';
import type { Scenario } from './scenario.ts';
import type { Station } from './station.ts';

export interface Answer {
  /** Null where the connection is refused or reset in place of an answer. */
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly quota: SaidQuota | null;
}

export class ScenarioServerModel {
  readonly #scenario: Scenario;
  readonly #seed: number;
  readonly #clock: Clock;
  readonly #station: Station;
  readonly #meter: RateLimiter | null;

  constructor(scenario: Scenario, seed: number, parts: { clock: Clock; station: Station }) {
    this.#scenario = scenario;
    this.#seed = seed;
    this.#clock = parts.clock;
    this.#station = parts.station;
    this.#meter = scenario.rateLimit && new RateLimiter(scenario.rateLimit);
  }

  /**
   * A request arrives. What it is served is served to its end, whether or not its client still waits.
   * @param number the attempt's own, for chance
   */
  arrive(workMs: number, number: number, onAnswer: (answer: Answer) => void): void {
    const { faults, server } = this.#scenario;
    const meter = this.#meter;
    const waitMs = meter?.take(this.#clock.now()) ?? 0;
    if (meter && waitMs > 0) {
      onAnswer({ status: 429, retryAfterMs: meter.asked(waitMs), quota: this.#quota() });
      return;
    }
    const hits = (share: number, stream: number): boolean =>
      share > 0 && draw(this.#seed, stream, number) < share;
    if (hits(faults.share503, STREAM.fault503)) {
      onAnswer({ status: 503, retryAfterMs: null, quota: null });
      return;
    }
    if (hits(faults.shareHang, STREAM.hang)) return; // never answered
    if (hits(faults.shareReset, STREAM.reset)) {
      onAnswer(BROKEN);
      return;
    }
    const fails = hits(faults.share500, STREAM.fault500);
    const status = fails ? 500 : 200;
    const ownMs = fails ? workMs * faults.cost500 : workMs;
    const onDone = () => onAnswer({ status, retryAfterMs: null, quota: this.#quota() });
    if (this.#station.offer({ workMs: ownMs, onDone })) return;
    if (server.reject === 'refused') onAnswer(BROKEN);
    else onAnswer({ status: 503, retryAfterMs: server.retryAfterMs, quota: null });
  }

  #quota(): SaidQuota | null {
    return this.#meter?.quota(this.#clock.now()) ?? null;
  }
}

const BROKEN: Answer = { status: null, retryAfterMs: null, quota: null };
