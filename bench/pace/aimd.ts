// Additive increase, multiplicative decrease (D.-M. Chiu, R. Jain, 1989), as the AIMD limit of Netflix's
// concurrency-limits has it: one more for each good answer while at least half of the limit is in use, a tenth less for
// each drop or answer of more than five seconds.
import { FIRST_LIMIT, LIMIT_MAX, type Limiter } from './limiter.ts';

const TOO_SLOW_MS = 5000;
const BACK_OFF = 0.9;

export function aimd(): Limiter {
  return {
    limit: FIRST_LIMIT,
    ended({ isOk, isDrop, rttMs, startedAs }) {
      if (isDrop || rttMs > TOO_SLOW_MS) this.limit = Math.max(1, Math.floor(this.limit * BACK_OFF));
      else if (isOk && 2 * startedAs >= this.limit) this.limit = Math.min(LIMIT_MAX, this.limit + 1);
    },
  };
}
