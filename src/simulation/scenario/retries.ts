// What is sent again in a scenario: whatever did not end well, up to sixty times, after the wait the server asked for
// or a backoff that doubles. Chance is a hash, so that every way of choosing a pace waits alike.
import type { DecideNextStep } from '../../engine/next-step.ts';
import { draw, STREAM } from './draws.ts';
import { attemptNumber, type ScenarioRequest } from './request.ts';

const ATTEMPTS_MAX = 60;
const BACKOFF_MS = 200;
const BACKOFF_MS_MAX = 10_000;
const DOUBLINGS_MAX = 7;
/** A wait that was asked for is put off by up to this share of it. */
const PUT_OFF_SHARE = 0.05;

export function scenarioSteps(seed: number): DecideNextStep<ScenarioRequest> {
  return ({ index, sent, tries, nowMs }) => {
    const last = tries[tries.length - 1];
    if (!last || last.outcome === 'ok' || tries.length >= ATTEMPTS_MAX) return { kind: 'final' };
    const number = attemptNumber(index, tries.length);
    const { retryAfterMs } = last;
    const waitMs =
      retryAfterMs === undefined
        ? Math.min(BACKOFF_MS_MAX, BACKOFF_MS * 2 ** Math.min(tries.length - 1, DOUBLINGS_MAX)) *
          (0.5 + draw(seed, STREAM.backoff, number))
        : retryAfterMs * (1 + PUT_OFF_SHARE * draw(seed, STREAM.askedBackoff, number));
    return { kind: 'again', dueMs: nowMs + waitMs, request: sent };
  };
}
