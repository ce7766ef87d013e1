// A first-come server of the tests, and a client that keeps as many in flight as a finder allows: no network, no clock.
import type { EndKind, PaceFinder } from '../../../src/control/finder/pace-finder.ts';

export interface ToyAnswer {
  readonly kind: EndKind;
  readonly isOk: boolean;
  readonly retryAfterMs?: number;
  /** The server answers without a worker. */
  readonly isAtOnce?: boolean;
}

export interface ToyOptions {
  readonly finder: PaceFinder;
  readonly requests: number;
  /** At an instant. */
  readonly workers: (nowMs: number) => number;
  readonly serviceMs: (request: number) => number;
  /** The way there and back; 1 ms without it. */
  readonly wireMs?: number;
  /** How one ends that arrives now, when so many are there; served well without it. */
  readonly answer?: (nowMs: number, request: number, there: number) => ToyAnswer;
  readonly onRound?: (nowMs: number, limit: number) => void;
  /** What the client's clock shows at an instant. */
  readonly clock?: (nowMs: number) => number;
}

export interface ToyRun {
  readonly endMs: number;
  readonly ended: number;
  /** Every limit that was ever told, and the highest number that was in flight. */
  readonly limits: readonly number[];
  readonly inFlightMax: number;
  /** Times the client looked and could not send. */
  readonly looks: number;
}

interface Job {
  readonly request: number;
  readonly startedAs: number;
  readonly sentMs: number;
  readonly token: unknown;
  readonly answer: ToyAnswer;
  endMs: number;
}

const WELL: ToyAnswer = { kind: 'served', isOk: true };
const WIRE_MS = 1;
/** A client that looks so often without sending anything spins. */
const LOOKS_MAX = 200_000;

export function runToy(options: ToyOptions): ToyRun {
  const { finder, requests, workers, serviceMs, wireMs = WIRE_MS, clock = nowMs => nowMs } = options;
  const answerOf = options.answer ?? (() => WELL);
  const working: Job[] = [];
  const waiting: Job[] = [];
  const limits: number[] = [];
  let nowMs = 0;
  let sent = 0;
  let ended = 0;
  let inFlightMax = 0;
  let looks = 0;
  const begin = (job: Job): void => {
    job.endMs = nowMs + serviceMs(job.request) + wireMs;
    working.push(job);
  };
  while (ended < requests) {
    const inFlight = working.length + waiting.length;
    const dueMs = finder.nextStartMs(clock(nowMs)) - clock(nowMs);
    const limit = finder.limit();
    if (limits.at(-1) !== limit) limits.push(limit);
    if (sent < requests && inFlight < limit && dueMs <= 0) {
      const answer = answerOf(nowMs, sent, inFlight);
      const token = finder.started(clock(nowMs), inFlight + 1, '');
      const job: Job = {
        request: sent++,
        startedAs: inFlight + 1,
        sentMs: nowMs,
        token,
        answer,
        endMs: nowMs + wireMs,
      };
      inFlightMax = Math.max(inFlightMax, inFlight + 1);
      if (answer.isAtOnce) working.push(job);
      else if (working.filter(({ answer: { isAtOnce } }) => !isAtOnce).length < workers(nowMs)) begin(job);
      else waiting.push(job);
      continue;
    }
    const first = working.reduce((a, b) => (b.endMs < a.endMs ? b : a), {
      endMs: Number.POSITIVE_INFINITY,
    } as Job);
    const wakesMs = sent < requests && inFlight < limit ? nowMs + dueMs : Number.POSITIVE_INFINITY;
    if (wakesMs === Number.POSITIVE_INFINITY && first.endMs === Number.POSITIVE_INFINITY)
      throw new Error(`stalled at ${nowMs} ms with ${inFlight} in flight and a limit of ${limit}`);
    if (wakesMs < first.endMs) {
      nowMs = wakesMs;
      if (++looks > LOOKS_MAX) throw new Error('the client spins');
      continue;
    }
    nowMs = first.endMs;
    working.splice(working.indexOf(first), 1);
    while (waiting.length > 0 && working.length < workers(nowMs)) begin(waiting.shift() as Job);
    ended++;
    finder.ended({
      nowMs: clock(nowMs),
      startedMs: clock(first.sentMs),
      startedAs: first.startedAs,
      inFlight: working.length + waiting.length,
      kind: first.answer.kind,
      isOk: first.answer.isOk,
      key: '',
      connectMs: 0,
      token: first.token,
      ...(first.answer.retryAfterMs === undefined ? {} : { retryAfterMs: first.answer.retryAfterMs }),
    });
    options.onRound?.(nowMs, finder.limit());
  }
  return { endMs: nowMs, ended, limits, inFlightMax, looks };
}
