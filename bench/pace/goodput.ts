// Hill climbing on goodput, an idea that many transfer tools have (that of the AWS clients for S3 among them): double
// while a doubling buys a quarter more answers a second, then try one more now and then and keep it where it helps. A
// step is judged by twelve answers; a drop takes a third away.
import { FIRST_LIMIT, LIMIT_MAX, type Limiter } from './limiter.ts';

const JUDGED_BY = 12;
const WORTH_DOUBLING = 1.25;
const WORTH_ONE_MORE = 1.05;
const LESS = 0.9;
const AFTER_DROP = 0.7;
const WINDOWS_HELD = 8;
const WINDOWS_LESS = 3;

export function goodput(): Limiter {
  let mode: 'doubling' | 'holding' | 'trying' = 'doubling';
  let answers = 0;
  let sinceMs = 0;
  let before = { goodput: 0, limit: 0 };
  let held = 0;
  let less = 0;

  const judged = (now: number, limit: number): number => {
    if (mode === 'doubling') {
      if (before.goodput === 0 || now >= before.goodput * WORTH_DOUBLING) {
        before = { goodput: now, limit };
        return Math.min(LIMIT_MAX, limit * 2);
      }
      mode = 'holding';
      held = 0;
      before.goodput = now;
      return before.limit || limit;
    }
    if (mode === 'trying') {
      if (now > before.goodput * WORTH_ONE_MORE) {
        before = { goodput: now, limit };
        return limit + 1;
      }
      mode = 'holding';
      return before.limit;
    }
    before.goodput = before.goodput * 0.7 + now * 0.3;
    if (++held >= WINDOWS_HELD) {
      mode = 'trying';
      held = 0;
      before.limit = limit;
      return limit + 1;
    }
    less = now < before.goodput * LESS ? less + 1 : 0;
    if (less < WINDOWS_LESS) return limit;
    less = 0;
    return Math.max(1, limit - 1);
  };

  return {
    limit: FIRST_LIMIT,
    ended({ isOk, isDrop, nowMs }) {
      if (isDrop) {
        this.limit = Math.max(1, Math.floor(this.limit * AFTER_DROP));
        mode = 'holding';
        answers = 0;
        sinceMs = nowMs;
        return;
      }
      if (!isOk || ++answers < JUDGED_BY) return;
      const perSecond = (answers / Math.max(1e-3, nowMs - sinceMs)) * 1000;
      answers = 0;
      sinceMs = nowMs;
      this.limit = judged(perSecond, this.limit);
    },
  };
}
