// How far the times that one takes alone may have grown. They have to be renewed, since a server may become slower; but
// where several runs share one, a line that never ends makes them grow as well, and whoever takes it for service stands
// in it with more and more. Little's law tells the two apart: what a server holds leaves at a pace of held ÷ time. One
// that became slower lets fewer leave; a line does not. So times grow no further than the pace has fallen.

/** Paces that differ by so many standard errors, and such a share, are not the same. */
const ERRORS = 3;
const SHARE = 0.05;
/** Of the pace, what is kept with each further round. */
const FADE = 0.95;

export class Renewal {
  #served = 0;
  #ms = 0;
  /** Served per ms, where the times that are known were true. */
  #knownPace = 0;

  endRound(served: number, ms: number): void {
    this.#served = FADE * this.#served + served;
    this.#ms = FADE * this.#ms + ms;
  }

  /**
   * @param variation of what requests cost: the variance as a share of the squared mean
   * @returns by what factor times may have grown: 1 where the pace is as it was, and less where it is higher
   */
  growth(variation: number): number {
    const known = this.#knownPace;
    const pace = this.#served / this.#ms;
    if (known === 0 || !(pace > 0)) return 1;
    const error = SHARE + ERRORS * Math.sqrt(variation / this.#served);
    return pace < known * (1 + error) && known < pace * (1 + error) ? 1 : known / pace;
  }

  /** Times were renewed and have grown by such a factor, of the `growth` that they might. */
  renewed(growth: number, grown: number): void {
    const pace = this.#served / this.#ms;
    if (pace > 0 && (this.#knownPace === 0 || growth < 1)) this.#knownPace = pace;
    else if (grown > 1 && growth > 1) this.#knownPace /= Math.min(grown, growth);
  }
}
