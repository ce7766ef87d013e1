// The gradient of round trips, as the Gradient2 limit of Netflix's concurrency-limits has it, behind windows of about a
// second: the limit is multiplied by 1.5 × long-term / recent round trip, at most 1, and four more may wait; a fifth of
// the way there each time.
import { FIRST_LIMIT, type Limiter } from './limiter.ts';

const TOLERANCE = 1.5;
const WAITING = 4;
const SMOOTHING = 0.2;
const LIMIT_MAX = 200;
const WINDOW_ANSWERS_MIN = 10;
const WARM_UP_WINDOWS = 10;
/** The long term is an exponential mean of so many windows. */
const LONG_WINDOWS = 600;

export function gradient2(): Limiter {
  let longMs: number | null = null;
  let warmUp = 0;
  let window = { sumMs: 0, answers: 0, most: 0, hasDrop: false };
  let untilMs = 0;

  const lengthen = (shortMs: number): number => {
    if (longMs === null) return shortMs;
    if (warmUp < WARM_UP_WINDOWS) {
      warmUp++;
      return (longMs * warmUp + shortMs) / (warmUp + 1);
    }
    const share = 2 / (LONG_WINDOWS + 1);
    return longMs * (1 - share) + shortMs * share;
  };

  return {
    limit: FIRST_LIMIT,
    ended({ isOk, isDrop, rttMs, startedAs, nowMs }) {
      if (!isOk && !isDrop) return;
      if (isOk) window.sumMs += rttMs;
      if (isOk) window.answers++;
      if (isDrop) window.hasDrop = true;
      window.most = Math.max(window.most, startedAs);
      if (nowMs < untilMs || window.answers < WINDOW_ANSWERS_MIN) return;
      const { sumMs, answers, most, hasDrop } = window;
      const shortMs = sumMs / answers;
      window = { sumMs: 0, answers: 0, most: 0, hasDrop: false };
      untilMs = nowMs + Math.min(1000, Math.max(2 * shortMs, 100));
      longMs = lengthen(shortMs);
      if (longMs / shortMs > 2) longMs *= 0.95;
      if (most < this.limit / 2) return;
      const gradient = hasDrop ? 0.5 : Math.max(0.5, Math.min(1, (TOLERANCE * longMs) / shortMs));
      const wanted = this.limit * gradient + WAITING;
      this.limit = Math.max(1, Math.min(LIMIT_MAX, this.limit * (1 - SMOOTHING) + wanted * SMOOTHING));
    },
  };
}
