// How many may be in flight: begins with a few, doubles while the server proves that it holds more, and then stays just
// above what it is proved to hold. Where proofs cannot be believed, the throughput decides.
import { OvertakingProof, type ProofToken } from './proof.ts';
import { Throughput } from './throughput.ts';
import { TUNING } from './tuning.ts';
import { Windows } from './windows.ts';

export type Phase = 'starting' | 'holding' | 'measuring';

export class InFlight {
  readonly #proof = new OvertakingProof();
  readonly #throughput = new Throughput();
  readonly #windows = new Windows(sum => {
    this.#throughput.add(sum);
    this.#windowEnds = sum.ends;
    this.#mean = sum.level;
    const fit = this.#throughput.fit(TUNING.gateZ);
    this.#gated = fit !== null && fit.upper < TUNING.gateShare * sum.level;
  });
  #windowEnds = 0;
  #mean = 0;
  #gated = false;
  #held = 0;
  #stable = 0;
  #changes = 0;
  ceiling = Number.POSITIVE_INFINITY;
  #sinceDispute = 0;
  #disputeWait = 4;
  #disputeProved = 0;
  #disputed = 0;
  #isRest = false;
  readonly #max: number;
  #phase: Phase = 'starting';
  #level: number;
  #capacity = 1;
  #isKnown = false;
  #isFifo = false;
  #growth = TUNING.growth;
  #step = 0;
  #rounds = 0;
  #sinceUp = 0;
  #up = 0;
  #base = 0;
  #seen = 0;
  #proofs = 0;
  // The round.
  #roundMs = 0;
  #roundLevel: number;
  #need: number;
  #ends = 0;
  #served = 0;
  #inFlight = 0;
  #clear = false;
  #latencies = 0;
  #latencySum = 0;
  #latencySquares = 0;
  // Measuring.
  #visit = 0;
  #visited = 0;
  #measured = 0;
  #quiet = 0;
  reason = 'nothing is known yet';

  readonly #onRound: (level: number) => void;

  constructor(start: number, max: number, onRound: (level: number) => void) {
    this.#onRound = onRound;
    this.#max = max;
    this.#level = Math.min(start, max);
    this.#roundLevel = this.#level;
    this.#need = this.#level;
  }

  get limit(): number {
    return Math.max(1, Math.min(this.#max, this.ceiling, Math.floor(this.#level + 1e-9)));
  }
  get phase(): Phase {
    return this.#phase;
  }
  get isBeginning(): boolean {
    return this.#phase === 'starting' && this.#rounds < 3;
  }
  get capacity(): number | null {
    return this.#isKnown ? this.#capacity : null;
  }
  get proofs(): number {
    return this.#proofs;
  }

  started(nowMs: number, inFlight: number): ProofToken {
    this.#count(nowMs, inFlight);
    return this.#proof.started(nowMs, inFlight);
  }

  /** Starts are held up by something else than the limit. */
  held(): void {
    this.#windows.spoil();
  }

  #count(nowMs: number, inFlight: number): void {
    this.#windows.changed(nowMs, inFlight, this.#proof.instantMs);
    this.#inFlight = inFlight;
  }

  /** One ended. */
  ended(
    nowMs: number,
    inFlight: number,
    token: ProofToken,
    kind: 'ok' | 'served' | 'timeout' | 'refused' | 'void',
    tookMs: number,
    key: string,
  ): void {
    this.#count(nowMs, inFlight);
    if (kind === 'void') return;
    if (kind === 'ok') {
      const { level, proof } = this.#proof.served(
        nowMs,
        token,
        tookMs,
        key,
        TUNING.noteShare * this.#roundLevel,
      );
      this.#latencies++;
      this.#latencySum += tookMs;
      this.#latencySquares += tookMs * tookMs;
      if (level >= 0.7 * this.#roundLevel && proof >= TUNING.clear * level) this.#clear = true;
      if (this.#phase === 'starting') {
        if (this.#clear) this.#grow();
        else if (
          TUNING.early &&
          this.#ends % Math.max(1, Math.floor(this.#proof.top / 8)) === 0 &&
          this.#proof.isSaturated(this.#roundLevel)
        ) {
          this.#endRound(nowMs);
          return;
        }
      }
    } else if (kind === 'served') this.#proof.left(nowMs, token);
    if (kind !== 'refused' && kind !== 'timeout') {
      this.#served++;
      this.#windows.ended();
    }
    this.#ends++;
    if (token.sentMs >= this.#roundMs && this.#ends >= this.#need) this.#endRound(nowMs);
  }

  #grow(): void {
    if (this.#gated && !this.#isFifo) return;
    const most = Math.min(this.#max, this.#growth * this.#roundLevel);
    const byNow = this.#roundLevel + (this.#growth - 1) * (this.#ends + 1);
    if (this.#level < most) this.#level = Math.min(most, Math.max(this.#level, byNow));
  }

  /** Something else holds the limit down (a ceiling, a rate): the start-up is over. */
  settle(level: number): void {
    if (this.#phase === 'starting') this.#phase = 'holding';
    this.#level = Math.min(this.#level, level);
    this.#step = 0;
  }

  #endRound(nowMs: number): void {
    this.#rounds++;
    const mean = this.#mean;
    const top = this.#proof.top;
    this.#throughput.noteLatencies(this.#latencies, this.#latencySum, this.#latencySquares);
    const before = this.#level;
    if (this.#phase === 'measuring') this.#measure(top);
    else this.#decide(nowMs, top, mean);
    this.#level = Math.max(1, Math.min(this.#max, this.#level));
    if (this.#phase === 'measuring' && Math.abs(this.#level / before - 1) > 0.15) this.#windows.skip();
    this.#onRound(this.#level);
    (globalThis as any).paceDebug?.({
      t: nowMs,
      ph: this.#phase,
      top,
      mean,
      L: this.#level,
      K: this.#capacity,
      kp: this.#proof.capacity(),
      cv2: this.#throughput.cv2,
      why: this.reason,
      fit: JSON.stringify(this.#throughput.fit(2), (k, v) => (typeof v === 'number' ? +v.toFixed(1) : v)),
    });
    this.#proof.endRound();
    if (this.#rounds % 40 === 0) this.#proof.renew();
    this.#roundMs = nowMs;
    this.#ends = 0;
    this.#served = 0;
    this.#clear = false;
    this.#latencies = 0;
    this.#latencySum = 0;
    this.#latencySquares = 0;
    this.#roundLevel = this.limit;
    this.#need = Math.max(2, Math.min(this.#inFlight + 1, this.limit));
  }

  #margin(capacity: number): number {
    return Math.max(TUNING.margin, TUNING.marginShare * capacity);
  }

  #decide(nowMs: number, top: number, mean: number): void {
    const limit = this.limit;
    const tolerance = Math.max(TUNING.tolerance, TUNING.toleranceShare * top);
    const known = this.#capacity;
    const isStarting = this.#phase === 'starting';
    let proved = this.#proof.capacity();
    if (this.#proof.changes !== this.#changes && !isStarting && proved < TUNING.fallShare * known) {
      this.#changes = this.#proof.changes;
      this.#throughput.forget();
      this.#sinceDispute = 0;
    }
    const isSaturated = this.#proof.isSaturated(this.#roundLevel);
    if (isSaturated) this.#isFifo = true;
    const isFull = top >= limit - tolerance;
    const z = isStarting ? TUNING.guardZStart : this.#isFifo ? TUNING.guardZFifo : TUNING.guardZ;
    const fit = this.#throughput.fit(z);
    this.#held = this.#gated && isStarting && !this.#isFifo && isFull ? this.#held + 1 : 0;
    const isOver = fit !== null && fit.upper < TUNING.guardShare * mean;
    if (fit && (isOver ? proved > 1.2 * fit.upper + 1 : this.#held >= TUNING.heldRounds)) {
      this.#isKnown = true;
      this.#phase = 'measuring';
      this.#isFifo = false;
      this.#held = 0;
      this.#measured = 0;
      this.#visited = 0;
      this.#visit = 0;
      this.#quiet = 0;
      this.#proof.forget(nowMs);
      this.reason = 'more in flight buys no more throughput';
      this.#measure(0);
      return;
    }
    if (TUNING.lowerZ > 0 && !isStarting)
      proved = Math.max(proved, this.#throughput.fit(TUNING.lowerZ)?.lower ?? 0);
    if (isOver) proved = Math.min(proved, fit.upper);
    this.#capacity = proved;
    const margin = this.#margin(proved);
    const isFree = proved >= top - tolerance;
    if (isStarting) {
      if (top >= 2 && isSaturated && proved < 0.8 * top) {
        this.#phase = 'holding';
        this.#isKnown = true;
        this.#level = proved + margin;
        this.reason = 'no request overtakes any more';
      } else if (isFull && (!this.#gated || this.#isFifo))
        this.#level = Math.max(this.#level, TUNING.growthFloor * limit);
      return;
    }
    const hasRisen = this.#stable >= TUNING.riseAfter && proved >= known + 1;
    this.#stable = proved === known ? this.#stable + 1 : 0;
    if (this.#isRest) {
      this.#isRest = false;
      this.#level = proved + margin;
      return;
    }
    const lifted = this.#proof.countAbove(known + 0.5);
    const isLifted = lifted >= Math.max(TUNING.liftRequests, TUNING.liftShare * this.#proof.count);
    const isProbed =
      this.#up > 0 && proved >= this.#base + Math.max(TUNING.probeRise, TUNING.probeRiseShare * this.#base);
    if (isFull && proved >= TUNING.liftFree * top - 0.5 && (isLifted || isProbed)) {
      this.#up = 0;
      this.#phase = 'starting';
      this.#growth = TUNING.regrowth;
      this.#throughput.forget();
      this.#level = limit + 1;
      this.#step = 0;
      this.reason = 'the server holds more than before';
    } else if (isFull && isFree) {
      this.#step =
        this.#step > 0 ? Math.min(2 * this.#step, Math.max(1, 0.5 * limit)) : Math.max(1, 0.02 * limit);
      this.#level = Math.max(top, Math.min(limit, proved + margin)) + this.#step;
    } else if (this.#up > 0) {
      this.#up--;
      if (this.#up === 0) this.#level = proved + margin;
    } else if (isFull && this.#isDisputed(proved)) {
      this.#up = 2;
      this.#base = proved;
      this.#sinceUp = 0;
      this.#level = Math.max(limit + 1, Math.min(TUNING.disputeBy * limit, this.#disputed * 1.1 + 1));
    } else if (
      isFull &&
      (hasRisen || ++this.#sinceUp >= (proved < TUNING.small ? TUNING.upEverySmall : TUNING.upEvery)) &&
      proved >= TUNING.upFrom
    ) {
      this.#sinceUp = 0;
      this.#up = 2;
      this.#base = proved;
      this.#level = Math.max(limit, proved + margin) * TUNING.upBy + (hasRisen ? 1 : 0);
    } else if (isFull || (TUNING.shrinkIdle && proved + margin < this.#level)) {
      this.#step = 0;
      this.#level = proved + margin;
      if (this.#stable >= TUNING.restAfter && this.#rounds % TUNING.duty !== 0 && proved < TUNING.restBelow) {
        this.#isRest = true;
        this.#level = proved;
      }
    }
  }

  /** The throughput says that the server holds more than is proved; asked ever more rarely while proofs do not follow. */
  #isDisputed(proved: number): boolean {
    if (++this.#sinceDispute < this.#disputeWait) return false;
    const open = this.#throughput.fit(TUNING.openZ);
    const isOpen = open !== null && open.upper === Number.POSITIVE_INFINITY && proved >= TUNING.openFrom;
    const lower = isOpen ? TUNING.openBy * proved : (this.#throughput.fit(TUNING.disputeZ)?.lower ?? 0);
    if (lower < TUNING.disputeShare * proved + 0.5) return false;
    this.#disputeWait = proved >= 1.15 * this.#disputeProved ? 4 : Math.min(160, 2 * this.#disputeWait);
    this.#disputeProved = proved;
    this.#sinceDispute = 0;
    this.#disputed = lower;
    return true;
  }

  /** Without proofs: at the largest capacity that the throughput does not rule out, with visits below to compare. */
  #measure(top: number): void {
    const fit = this.#throughput.fit(TUNING.doubtZ);
    if (!fit) return;
    this.#measured += this.#served;
    const near = this.#proof.nearTop(0.85);
    if (top >= 4 && this.#visit === 0) this.#quiet = near.best < 0.85 * top ? this.#quiet + near.count : 0;
    if (this.#quiet >= 40) {
      this.#phase = 'holding';
      this.#isFifo = true;
      this.#quiet = 0;
      this.#capacity = this.#proof.capacity();
      this.#level = this.#capacity + this.#margin(this.#capacity);
      this.reason = 'no request overtakes any more';
      return;
    }
    this.#capacity = fit.capacity;
    const upper = fit.upper === Number.POSITIVE_INFINITY ? fit.top * 1.25 : fit.upper;
    const wanted = Math.max(upper, fit.capacity + Math.max(TUNING.margin, 0.1 * fit.capacity));
    if (this.#visit > 0) {
      if (this.#windows.isSettled) this.#visit -= this.#served;
      this.#visited += this.#served;
      if (this.#visit > 0) return;
    }
    const low = Math.max(1, Math.round(TUNING.visitLevel * Math.sqrt(fit.capacity * upper)));
    const error = Math.sqrt(this.#throughput.cv2 / Math.max(1, fit.below));
    const isPoor =
      error > TUNING.visitError && (fit.below < 8 || this.#visited < TUNING.visitShare * this.#measured);
    if (isPoor && low < 0.85 * wanted && this.#windows.isSettled) {
      this.#visit = Math.max(TUNING.visitFirst, 2 * low);
      this.#level = low;
      return;
    }
    this.#level = wanted;
  }
}
