// When a run has failed: at the first request that was not ok, or once more were than are allowed. A share is judged
// only when it says something: from a hundred requests on, or at the end, since one of the first two is not half.
import { PacelineError } from '../base/errors.ts';
import { formatCount } from '../base/units.ts';

/** How many requests may end otherwise than ok: a number of them, or per cent of those that have ended. */
export type ErrorsMax = { readonly count: number } | { readonly percent: number };

/** A share of fewer requests is not judged before the end of the run. */
export const SHARE_JUDGED_FROM = 100;

/**
 * Reads `10` or `5%`.
 * @param name what it is for, as the user wrote it (`--max-errors`); used in the message
 * @throws ERR_OPTION_INVALID for anything else
 */
export function parseErrorsMax(text: string, name: string): ErrorsMax {
  const [, digits = '', sign] = /^(\d{1,15}|\d{1,3}\.\d{1,9}(?=%))(%?)$/.exec(text) ?? [];
  if (digits === '') {
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      `${name}: expected a number of requests such as 10, or a share of them such as 5%, got '${text}'.`,
    );
  }
  if (sign === '') return { count: Number(digits) };
  if (Number(digits) <= 100) return { percent: Number(digits) };
  throw new PacelineError('ERR_OPTION_INVALID', `${name} ${text}: at most 100%.`);
}

export interface FailureRules {
  /** The first request that is not ok is one too many. */
  readonly failEarly: boolean;
  readonly errorsMax: ErrorsMax | null;
}

/** Counts outcomes as they become final, in constant memory. */
export class TooManyFailures {
  readonly #rules: FailureRules;
  #settled = 0;
  #notOk = 0;

  constructor(rules: FailureRules) {
    this.#rules = rules;
  }

  /**
   * One more is final.
   * @param index its place in the input, from 0
   * @returns why the run has to end now, as a sentence; null while it may go on
   */
  add(isOk: boolean, index: number): string | null {
    this.#settled++;
    if (!isOk) this.#notOk++;
    if (!isOk && this.#rules.failEarly) {
      return `A request was not ok (index ${index}), and --fail-early ends the run at the first such one.`;
    }
    const { errorsMax } = this.#rules;
    if (errorsMax === null || ('percent' in errorsMax && this.#settled < SHARE_JUDGED_FROM)) return null;
    return this.#judge(errorsMax);
  }

  /** The same when no more will come, of however few there were. */
  atEnd(): string | null {
    return this.#rules.errorsMax && this.#judge(this.#rules.errorsMax);
  }

  #judge(errorsMax: ErrorsMax): string | null {
    const { allowed, isTooMany } =
      'count' in errorsMax
        ? { allowed: formatCount(errorsMax.count), isTooMany: this.#notOk > errorsMax.count }
        : {
            allowed: `${errorsMax.percent}%`,
            // Without a division, so that 7 of 100 is 7% to the last bit.
            isTooMany: this.#notOk * 100 > errorsMax.percent * this.#settled,
          };
    if (!isTooMany) return null;
    const counts = `${formatCount(this.#notOk)} of ${formatCount(this.#settled)} requests`;
    return `${counts} were not ok, more than --max-errors ${allowed} allows.`;
  }
}
