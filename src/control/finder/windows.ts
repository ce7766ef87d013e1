// Cuts a run into windows in which about as many requests end as were in flight when it began, and measures in each how
// many were in flight and how long it took. Servers whose requests take equally long answer in waves: a window that is
// cut inside of a wave would count half of it too much or too little, so it ends with the wave.

export interface WindowSum {
  /** Mean in flight. */
  readonly level: number;
  readonly ends: number;
  readonly ms: number;
  /** What it is worth: less than 1 where the number in flight changed on the way. */
  readonly worth: number;
}

/** Of what was in flight, so many have to end: the last of a wave must not hold its window up. */
const NEED_SHARE = 0.9;
const WORTH_MIN = 0.5;

export class Windows {
  readonly #onWindow: (sum: WindowSum) => void;
  #startMs = Number.NaN;
  #startedWith = 0;
  #area = 0;
  #ends = 0;
  #need = 2;
  #changedMs = 0;
  #inFlight = 0;
  // At the last end.
  #endMs = 0;
  #endArea = 0;
  #endedWith = 0;
  #skip = 0;
  #isSettled = true;

  constructor(onWindow: (sum: WindowSum) => void) {
    this.#onWindow = onWindow;
  }

  /** The limit was changed: this window and the next measure neither level. */
  unsettle(): void {
    this.#skip = 2;
    this.#isSettled = false;
  }

  /** Starts are held up by something else than the limit: this window and the next say nothing of the server. */
  spoil(): void {
    this.#skip = 2;
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** @param waveMs what lies within so many ms is of one wave */
  changed(nowMs: number, inFlight: number, waveMs: number): void {
    if (Number.isNaN(this.#startMs)) {
      this.#startMs = nowMs;
      this.#changedMs = nowMs;
    }
    const isDue = this.#ends >= this.#need;
    if (isDue && (nowMs - this.#endMs > waveMs || this.#ends >= 2 * this.#need)) this.#close();
    this.#area += this.#inFlight * (nowMs - this.#changedMs);
    this.#changedMs = nowMs;
    this.#inFlight = inFlight;
  }

  /** One was served, and `changed` was told. */
  served(): void {
    this.#ends++;
    this.#endMs = this.#changedMs;
    this.#endArea = this.#area;
    this.#endedWith = this.#inFlight;
  }

  #close(): void {
    const ms = this.#endMs - this.#startMs;
    if (this.#skip > 0) {
      this.#skip--;
      if (this.#skip === 0) this.#isSettled = true;
    } else if (ms > 0) {
      const change = Math.abs(Math.log((this.#endedWith + 1) / (this.#startedWith + 1)));
      const worth = Math.max(WORTH_MIN, 1 - change);
      this.#onWindow({ level: this.#endArea / ms, ends: this.#ends, ms, worth });
    }
    this.#startMs = this.#endMs;
    this.#startedWith = this.#inFlight;
    this.#area -= this.#endArea;
    this.#ends = 0;
    this.#need = Math.max(2, Math.floor(NEED_SHARE * (this.#inFlight + 1)));
  }
}
