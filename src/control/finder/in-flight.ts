// How many may be in flight. It begins with a few and doubles while the server proves that it holds more (starting),
// then stays just above what is proved (holding). Where more in flight bought no more throughput although requests
// overtook each other, proofs cannot be believed, and the throughput decides (measuring).
import { FOUND_BEFORE } from './found-before.ts';
import { Held } from './held.ts';
import { Holding } from './holding.ts';
import { toleranceOf, withMargin } from './margin.ts';
import { Measuring } from './measuring.ts';
import { OvertakingProof, type ProofToken } from './proof.ts';
import { Round } from './round.ts';
import { Starting } from './starting.ts';
import { Throughput } from './throughput.ts';
import { Windows } from './windows.ts';

export type Phase = 'starting' | 'holding' | 'measuring';

/** How one ended, as this sees it: `ok` has a latency that counts. */
export type LevelEnd = 'ok' | 'served' | 'timeout' | 'refused' | 'void';

/** Where throughput has an upper end below such a share of the level, the proofs are wrong; */
const WRONG_SHARE = 0.8;
/** the errors of that end: in the start-up, later, and where requests were seen to queue. */
const WRONG_ERRORS = { starting: 2, holding: 2, ordered: 3.5 };
/** A level that differs by more than this has to settle before it is measured. */
const SETTLED_SHARE = 0.15;
const HELD_REASON = 'no request overtakes more than it proves';

export class InFlight {
  readonly #proof = new OvertakingProof();
  readonly #throughput = new Throughput();
  readonly #windows: Windows;
  readonly #starting = new Starting(this.#throughput, this.#proof);
  readonly #holding = new Holding(this.#throughput);
  readonly #held = new Held(this.#proof.inferred, this.#throughput);
  readonly #measuring = new Measuring(this.#throughput, this.#proof);
  readonly #max: number;
  #phase: Phase = 'starting';
  #reason = 'nothing is known yet';
  #level: number;
  #capacity = 1;
  #isKnown = false;
  /** Requests were seen to wait for each other. */
  #isOrdered = false;
  /** Proofs were wrong once: what throughput knows is kept. */
  #hasDoubted = false;
  #rounds = 0;
  #round: Round;
  #inFlight = 0;
  #meanLevel = 0;
  /** It was found before, and no full round of this run has said anything about it. */
  #isUnproved = false;
  /** What the server refuses to exceed. */
  ceiling = Number.POSITIVE_INFINITY;

  constructor(start: number, max: number) {
    this.#max = max;
    this.#level = Math.min(start, max);
    this.#round = new Round(0, this.#level, this.#level);
    this.#windows = new Windows(sum => {
      this.#throughput.add(sum);
      this.#meanLevel = sum.level;
      this.#starting.measured(sum.level);
    });
  }

  /** Begins where an earlier run was, and stays there until a full round says otherwise. */
  begin(level: number, capacity: number | null): void {
    this.#phase = 'holding';
    this.#reason = FOUND_BEFORE;
    this.#level = Math.max(1, Math.min(this.#max, level));
    this.#isUnproved = true;
    this.#isKnown = capacity !== null;
    this.#capacity = capacity ?? 1;
    this.#round = new Round(0, this.limit, this.limit);
  }

  get limit(): number {
    return Math.max(1, Math.min(this.#max, this.ceiling, Math.floor(this.#level + 1e-9)));
  }

  /** What it would be without a ceiling. */
  get level(): number {
    return this.#level;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get reason(): string {
    return this.#reason;
  }

  get rounds(): number {
    return this.#rounds;
  }

  /** Null before it is known. */
  get capacity(): number | null {
    return this.#isKnown ? this.#capacity : null;
  }

  /** The server is proved to hold as many as are allowed: there is no end of it. */
  get isProvedAtMost(): boolean {
    return this.#phase === 'starting' && this.limit >= this.#max && this.#capacity >= this.#max;
  }

  get proofs(): number {
    return this.#phase === 'measuring' ? 0 : this.#proof.proofs;
  }

  started(nowMs: number, inFlight: number): ProofToken {
    this.#changed(nowMs, inFlight);
    return this.#proof.started(nowMs, inFlight);
  }

  /** Before it was at the server, a connection was opened for it. */
  connected(connectMs: number): void {
    this.#proof.connected(connectMs);
  }

  /** One was served that says nothing but that it is gone. */
  passed(nowMs: number, inFlight: number, token: ProofToken): void {
    this.#changed(nowMs, inFlight);
    this.#proof.left(nowMs, token);
  }

  /** Starts are held up by something else than the limit. */
  held(): void {
    this.#windows.spoil();
  }

  /** Something else limits the run: the start-up is over. */
  settle(levelMax: number): void {
    if (this.#phase === 'starting') this.#phase = 'holding';
    this.#level = Math.max(1, Math.min(this.#level, levelMax));
    this.#holding.reset();
  }

  /** @returns whether a round is over with it */
  ended(
    nowMs: number,
    inFlight: number,
    token: ProofToken,
    kind: LevelEnd,
    tookMs: number,
    key: string,
  ): boolean {
    this.#changed(nowMs, inFlight);
    const round = this.#round;
    if (kind === 'void') return false;
    if (kind === 'served') this.#proof.left(nowMs, token);
    if (kind === 'ok') {
      const { level, held } = this.#proof.served(nowMs, token, tookMs, key, round.limit);
      round.noteLatency(tookMs);
      if (this.#starting.isClear(level, held, round.limit)) round.isClear = true;
    }
    if (kind === 'ok' || kind === 'served') {
      round.served++;
      this.#windows.served();
    }
    round.ends++;
    const isEnd = this.#phase === 'starting' && kind === 'ok' && this.#growOrStop();
    if (!isEnd && !round.isOver(token.sentMs)) return false;
    this.#endRound(nowMs);
    return true;
  }

  #changed(nowMs: number, inFlight: number): void {
    this.#windows.changed(nowMs, inFlight, this.#proof.instantMs);
    this.#inFlight = inFlight;
  }

  /** @returns whether the start-up is over in the middle of a round */
  #growOrStop(): boolean {
    const round = this.#round;
    if (!round.isClear) return this.#starting.isOver(round);
    if (this.#mayGrow) this.#level = Math.max(this.#level, Math.min(this.#max, this.#starting.grown(round)));
    return false;
  }

  get #mayGrow(): boolean {
    return this.#isOrdered || !this.#starting.isGated;
  }

  #endRound(nowMs: number): void {
    const { latencies, latencySumMs, latencySquares, served, startMs } = this.#round;
    const tookMs = nowMs - startMs;
    this.#throughput.noteLatencies(latencies, latencySumMs, latencySquares);
    const before = this.#level;
    if (this.#phase === 'measuring') this.#measure();
    else {
      const isSaturated = this.#proof.isSaturated(this.#round.limit);
      if (isSaturated) this.#isOrdered = true;
      if (!this.#doubt(nowMs)) this.#follow(isSaturated);
    }
    this.#level = Math.max(1, Math.min(this.#max, this.#level));
    if (this.#phase === 'measuring' && Math.abs(this.#level / before - 1) > SETTLED_SHARE)
      this.#windows.unsettle();
    this.#proof.endRound(served, tookMs, this.#throughput.variation);
    this.#rounds++;
    this.#round = new Round(nowMs, this.limit, this.#inFlight);
  }

  /** Goes by proofs: up, or where they are. */
  #follow(isSaturated: boolean): void {
    const { top } = this.#proof;
    const { limit } = this;
    const isFull = top >= limit - toleranceOf(top);
    const proved = this.#proved();
    const known = this.#capacity;
    const isSilent = this.#isUnproved && !isFull;
    this.#capacity = isSilent ? known : proved;
    if (this.#phase === 'starting') {
      const least = this.#starting.next(limit, proved, isSaturated, isFull && this.#mayGrow);
      if (least === null) this.#hold(proved);
      else this.#level = Math.max(this.#level, least);
      return;
    }
    if (isSilent) return;
    if (this.#isUnproved) this.#reason = HELD_REASON;
    this.#isUnproved = false;
    const next = this.#holding.next({
      level: this.#level,
      limit,
      top,
      proved,
      known,
      count: this.#proof.count,
      lifted: this.#proof.lifted(known),
      changes: this.#proof.changes,
    });
    this.#level = next ?? limit + 1;
    if (next === null) this.#restart();
  }

  /** Proofs of more than throughput allows are cut to it; after the start they are kept within what is likely. */
  #proved(): number {
    const proved = this.#proof.capacity();
    const fit = this.#throughput.fit(this.#errors);
    if (fit && fit.upper < WRONG_SHARE * this.#meanLevel) return Math.min(proved, fit.upper);
    if (this.#phase === 'starting') return proved;
    const { shortestMs } = this.#proof;
    return this.#held.kept({ known: this.#capacity, proved, limit: this.limit, shortestMs });
  }

  get #errors(): number {
    if (this.#phase === 'starting') return WRONG_ERRORS.starting;
    return this.#isOrdered ? WRONG_ERRORS.ordered : WRONG_ERRORS.holding;
  }

  /** @returns whether more in flight buys no more throughput although proofs say that it should */
  #doubt(nowMs: number): boolean {
    const fit = this.#throughput.fit(this.#errors);
    if (!fit) return false;
    const { top } = this.#proof;
    const isHeld = this.#phase === 'starting' && !this.#mayGrow && top >= this.limit - toleranceOf(top);
    const isWrong = fit.upper < WRONG_SHARE * this.#meanLevel && this.#proof.capacity() > 1.2 * fit.upper + 1;
    if (!isHeld && !isWrong) return false;
    this.#phase = 'measuring';
    this.#reason = 'more in flight buys no more throughput';
    this.#isKnown = true;
    this.#isOrdered = false;
    this.#hasDoubted = true;
    this.#measuring.reset();
    this.#proof.forget(nowMs);
    this.#measure();
    return true;
  }

  #measure(): void {
    if (this.#measuring.isOrdered()) {
      this.#isOrdered = true;
      this.#capacity = this.#proof.capacity();
      this.#hold(this.#capacity);
      return;
    }
    const { served } = this.#round;
    const isSettled = this.#windows.isSettled;
    this.#level = this.#measuring.next({ limit: this.limit, level: this.#level, served, isSettled });
    this.#capacity = this.#measuring.capacity;
  }

  #hold(capacity: number): void {
    this.#phase = 'holding';
    this.#reason = HELD_REASON;
    this.#isKnown = true;
    this.#level = withMargin(capacity);
    this.#holding.reset();
  }

  #restart(): void {
    this.#phase = 'starting';
    this.#reason = 'the server holds more than before';
    this.#starting.again();
    if (!this.#hasDoubted) this.#throughput.forget();
    this.#holding.reset();
  }
}
