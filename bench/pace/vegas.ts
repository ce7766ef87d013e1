// TCP Vegas (L. Brakmo, L. Peterson, 1995) for requests, as the Vegas limit of Netflix's concurrency-limits has it: the
// line at the server is taken to be limit × (1 − shortest / this round trip) and kept between three and six times the
// logarithm of the limit. The shortest is measured anew every some thirty limits of answers.
import { seededRandom } from '../../src/base/random.ts';
import { FIRST_LIMIT, LIMIT_MAX, type Limiter, type LimiterEnd, log10Of } from './limiter.ts';

const ANEW_LIMITS = 30;

export function vegas(seed: number): Limiter {
  const random = seededRandom(seed);
  const drawJitter = (): number => 0.5 + random.next() / 2;
  let jitter = drawJitter();
  let shortestMs = 0;
  let answers = 0;

  /** Whether this answer went into the shortest round trip and decides nothing. */
  const isMeasured = (end: LimiterEnd, limit: number): boolean => {
    if (++answers >= jitter * ANEW_LIMITS * limit) {
      answers = 0;
      jitter = drawJitter();
      if (end.isOk) shortestMs = end.rttMs;
      return true;
    }
    if (!end.isOk || (shortestMs !== 0 && end.rttMs >= shortestMs)) return false;
    shortestMs = end.rttMs;
    return true;
  };

  return {
    limit: FIRST_LIMIT,
    ended(end) {
      if (!end.isOk && !end.isDrop) return;
      if (isMeasured(end, this.limit)) return;
      this.limit = Math.max(1, Math.min(LIMIT_MAX, next(this.limit, end, shortestMs)));
    },
  };
}

function next(limit: number, { isDrop, startedAs, rttMs }: LimiterEnd, shortestMs: number): number {
  const step = log10Of(limit);
  if (isDrop) return limit - step;
  if (2 * startedAs < limit) return limit;
  const line = Math.ceil(limit * (1 - shortestMs / rttMs));
  if (line <= step) return limit + 6 * step;
  if (line < 3 * step) return limit + step;
  return line > 6 * step ? limit - step : limit;
}
