// A format's bound: so many attempts its readers bear. The first ones of the record are written whole, a request never
// in part, and what was left out is told with what to use instead.
import { formatCount } from '../../base/units.ts';
import { counted } from '../../timeline/caption.ts';

export class Cap {
  readonly #attemptsMax: number;
  #attempts = 0;
  #leftOut = 0;
  #isFull = false;

  constructor(attemptsMax: number) {
    this.#attemptsMax = attemptsMax;
  }

  /** Whether a request with so many attempts is to be written. After the first that does not fit, none is. */
  takes(attempts: number): boolean {
    if (this.#attempts + attempts > this.#attemptsMax) this.#isFull = true;
    if (this.#isFull) this.#leftOut += attempts;
    else this.#attempts += attempts;
    return !this.#isFull;
  }

  /**
   * Says what was left out, if anything was.
   * @param format how people call it @param instead what holds more: the end of the sentence
   */
  warn(format: string, instead: string, warn: (sentence: string) => void): void {
    if (this.#leftOut === 0) return;
    const written = formatCount(this.#attempts);
    const all = counted(this.#attempts + this.#leftOut, 'attempt');
    warn(`Only the first ${written} of ${all} are in the ${format}, whose readers bear no more: ${instead}.`);
  }
}
