// The network of a scenario, behind the same port as the real transport: half a round trip there, half of it back, both
// with jitter. Connections stand already; an exchange that is given up leaves its request with the server.
import type { Clock } from '../../base/clock.ts';
import type { EarlyEnd, ExchangeEvents, Transport, TransportLane } from '../../engine/ports.ts';
import type { AttemptEnd, ConnectionNotes, ResponseHeaders } from '../../model/attempt.ts';
import type { HttpRequest } from '../../model/request.ts';
import { draw, STREAM } from './draws.ts';
import { attemptNumber, ScenarioRequest } from './request.ts';
import type { Scenario } from './scenario.ts';
import type { Answer, ScenarioServerModel } from './server.ts';

const BROKEN: EarlyEnd = {
  outcome: 'network_error',
  error: { code: 'ECONNRESET', message: 'The server refused or reset the connection.' },
};
const ABORTED: EarlyEnd = {
  outcome: 'cancelled',
  error: { code: 'ABORTED', message: 'The exchange was torn down.' },
};
const NO_HEADERS: ResponseHeaders = {};

export class ScenarioTransport implements Transport {
  readonly #parts: ScenarioTransportParts;

  constructor(parts: ScenarioTransportParts) {
    this.#parts = parts;
  }

  openLane(events: ExchangeEvents): TransportLane {
    return new ScenarioLane(this.#parts, events);
  }

  async close(): Promise<void> {}
}

export interface ScenarioTransportParts {
  readonly clock: Clock;
  readonly server: ScenarioServerModel;
  readonly scenario: Scenario;
  readonly seed: number;
}

class ScenarioLane implements TransportLane {
  readonly #parts: ScenarioTransportParts;
  readonly #events: ExchangeEvents;
  /** Grows with each exchange and each end: what belongs to an earlier one is not heard. */
  #exchange = 0;
  #notes: Notes | undefined;

  constructor(parts: ScenarioTransportParts, events: ExchangeEvents) {
    this.#parts = parts;
    this.#events = events;
  }

  send(request: HttpRequest): void {
    if (!(request instanceof ScenarioRequest)) throw new TypeError('a scenario sends its own requests');
    const { clock, server } = this.#parts;
    const exchange = ++this.#exchange;
    const number = attemptNumber(request.id, ++request.attempts);
    this.#events.onSent();
    if (exchange !== this.#exchange) return;
    clock.schedule(clock.now() + this.#wayMs(number, 1), () =>
      server.arrive(request.workMs, number, answer => {
        clock.schedule(clock.now() + this.#wayMs(number, 2), () => {
          if (exchange === this.#exchange) this.#answered(answer);
        });
      }),
    );
  }

  abort(): void {
    this.#exchange++;
    this.#events.onFailed(ABORTED, 0);
  }

  /** The waits that no header can carry: those of a fraction of a second. */
  takeNotes(): ConnectionNotes | undefined {
    const notes = this.#notes;
    this.#notes = undefined;
    return notes;
  }

  #wayMs(number: number, part: number): number {
    const { seed, scenario } = this.#parts;
    const { rttMs, jitterMs } = scenario;
    if (jitterMs === 0) return rttMs / 2;
    return rttMs / 2 - (jitterMs / 2) * Math.log(draw(seed, STREAM.network, number, part));
  }

  #answered({ status, retryAfterMs, quota }: Answer): void {
    const exchange = ++this.#exchange;
    if (status === null) {
      this.#events.onFailed(BROKEN, 0);
      return;
    }
    if (retryAfterMs !== null || quota !== null) {
      const exact = retryAfterMs !== null && retryAfterMs % 1000 !== 0;
      if (exact) this.#notes = { retryAfterMs };
      this.#events.onHeaders(status, {
        ...(retryAfterMs !== null && !exact && { 'retry-after': String(retryAfterMs / 1000) }),
        ...(quota && {
          'x-ratelimit-limit': quota.limit.toFixed(0),
          'x-ratelimit-remaining': quota.remaining.toFixed(0),
          'x-ratelimit-reset': (quota.resetMs / 1000).toFixed(6),
        }),
      });
    } else this.#events.onHeaders(status, NO_HEADERS);
    if (exchange === this.#exchange) this.#events.onEnd(0);
  }
}

type Notes = ConnectionNotes & Pick<AttemptEnd, 'retryAfterMs'>;
