// How many a server takes before it refuses: by 503, or by refusing or resetting connections. Some are refused by
// chance; only more of them than chance explains make a ceiling. It is tried again, one higher, ever more rarely while
// that is refused, and in larger steps while it is not.

/** The last attempts that a decision looks at. */
const RECENT = 20;
/** How fast the share that is refused by chance is learnt. */
const CHANCE_STEP = 0.005;
/** Rounds that a ceiling holds before it is tried; one that a single refusal made, fewer. */
const HOLD = 14;
const HOLD_FIRST = 8;
const HOLD_MAX = 160;
/** And for so many times the wait that the server asked for: nothing is sent in it. */
const WAITS_BETWEEN = 20;
/**
 * Attempts above the ceiling that have to be taken, refusals among them that confirm it, and how many taken for each
 * refusal say that it was by chance: above a ceiling hardly any is taken.
 */
const TRIED = 10;
const TRIED_REFUSED = 2;
const TAKEN_FOR_EACH = 3;
const STEP_MAX = 8;
/** So many refusals in a row make a ceiling, too, if between them about as many were served as were in flight. */
const TURNS = 2;
const TURN_SHARE_MIN = 0.7;
const TURN_SHARE_MAX = 1.3;
const TURN_ALIKE = 0.15;

export interface RefusedAttempt {
  readonly nowMs: number;
  readonly sentMs: number;
  readonly tookMs: number;
  /** As the how-manyth in flight it was sent. */
  readonly level: number;
  /** In flight now, without it. */
  readonly inFlight: number;
  /** Nothing is known yet, so one refusal is reason enough. */
  readonly isBeginning: boolean;
  readonly serviceMs: number;
  /** How long the server wants to be left alone, where it says so. */
  readonly waitMs: number | undefined;
}

export class Refusals {
  #ceiling = Number.POSITIVE_INFINITY;
  /** The ceiling that was confirmed; 0 while there is none. */
  #base = 0;
  readonly #recent = new Uint8Array(RECENT);
  #count = 0;
  #chance = 0;
  #holds = HOLD;
  #holdsUntilMs = Number.NEGATIVE_INFINITY;
  #rounds = 0;
  #step = 1;
  #isTrying = false;
  #tried = 0;
  #triedRefused = 0;
  // The burst that the last decision was for.
  #burstMs = Number.NEGATIVE_INFINITY;
  #burstEndMs = Number.NEGATIVE_INFINITY;
  #lowestRefused = 0;
  // Served since the last refusal, and refusals in a row with about one turn of those in flight between them.
  #served = 0;
  #turns = 0;
  #turnLevel = 0;

  /** Attempts in flight that are not refused; infinite where there is no such limit. */
  get ceiling(): number {
    return this.#ceiling;
  }

  /** As if it was found in this run: it is tried again likewise. */
  begin(ceiling: number): void {
    this.#ceiling = ceiling;
    this.#base = ceiling;
  }

  served(level: number): void {
    this.#note(0);
    this.#served++;
    if (this.#isTrying && level > this.#base) this.#tried++;
  }

  /** @returns whether the ceiling came down for it */
  refused(attempt: RefusedAttempt): boolean {
    this.#note(1);
    const { nowMs, sentMs, tookMs, level, inFlight, serviceMs, waitMs } = attempt;
    if (nowMs < this.#burstEndMs && sentMs <= this.#burstMs) {
      this.#lowestRefused = Math.min(this.#lowestRefused, level);
      const taken = Math.max(inFlight, this.#lowestRefused - 1);
      this.#ceiling = Math.max(1, Math.min(this.#ceiling, taken));
      return false;
    }
    if (!this.#isReason(attempt)) return false;
    const taken = Math.max(level - 1, inFlight, 1);
    const isSame = this.#base > 0 && Math.abs(taken - this.#base) <= 1;
    const isFirst = attempt.isBeginning && !isSame;
    this.#holds = isSame ? Math.min(HOLD_MAX, 2 * this.#holds) : isFirst ? HOLD_FIRST : HOLD;
    this.#holdsUntilMs = nowMs + WAITS_BETWEEN * (waitMs ?? 0);
    this.#base = isSame ? Math.min(this.#base, taken) : taken;
    this.#ceiling = this.#base;
    this.#stopTrying();
    this.#step = 1;
    this.#rounds = 0;
    this.#turns = 0;
    this.#recent.fill(0);
    this.#lowestRefused = level;
    this.#burstMs = nowMs;
    this.#burstEndMs = nowMs + Math.max(2 * tookMs, serviceMs);
    return true;
  }

  endRound(nowMs: number): void {
    if (this.#ceiling === Number.POSITIVE_INFINITY) return;
    if (!this.#isTrying) {
      this.#base = this.#ceiling;
      if (++this.#rounds < this.#holds || nowMs < this.#holdsUntilMs) return;
    } else if (this.#tried >= TRIED && !this.#isConfirmed) {
      this.#base = this.#ceiling;
      this.#holds = HOLD;
    } else return;
    this.#ceiling += this.#step;
    this.#step = Math.min(STEP_MAX, 2 * this.#step);
    this.#rounds = 0;
    this.#stopTrying();
    this.#isTrying = true;
  }

  #isReason(attempt: RefusedAttempt): boolean {
    const { level, inFlight, isBeginning } = attempt;
    // Of those sent at one instant any may have arrived last.
    const isAbove = Math.max(level, inFlight + 1) > this.#base;
    const chance = RECENT * this.#chance;
    const isMany = this.#recent.reduce((a, b) => a + b, 0) >= 2 + chance + 2 * Math.sqrt(chance);
    const isEachTime = this.#isEachTime(attempt);
    if (!this.#isTrying) return isMany || isBeginning || isEachTime;
    // Refused there before, one more is no chance; and where each costs a wait, it is too dear to ask twice.
    const enough = this.#holds > HOLD || attempt.waitMs !== undefined ? 1 : TRIED_REFUSED;
    if (isEachTime || !isAbove) return isEachTime || isMany;
    return ++this.#triedRefused >= enough && this.#isConfirmed;
  }

  /** While it is tried: so few are taken above it that refusals there are no chance. */
  get #isConfirmed(): boolean {
    return this.#tried < TAKEN_FOR_EACH * this.#triedRefused;
  }

  /**
   * One for each time that so many were in flight: where the server names a wait, and so nobody sends after each of
   * them, those are few.
   */
  #isEachTime({ inFlight, waitMs }: RefusedAttempt): boolean {
    if (waitMs === undefined) return false;
    const there = inFlight + 1;
    const served = this.#served;
    if (served < TURN_SHARE_MIN * there) return false;
    const isAlike = Math.abs(there - this.#turnLevel) <= Math.max(1, TURN_ALIKE * there);
    this.#turns = isAlike && served <= TURN_SHARE_MAX * there ? this.#turns + 1 : 1;
    this.#turnLevel = there;
    this.#served = 0;
    return this.#turns >= TURNS;
  }

  #note(refused: 0 | 1): void {
    this.#recent[this.#count++ % RECENT] = refused;
    this.#chance += (refused - this.#chance) * CHANCE_STEP;
  }

  #stopTrying(): void {
    this.#isTrying = false;
    this.#tried = 0;
    this.#triedRefused = 0;
  }
}
