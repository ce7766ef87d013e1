// How many a server takes before it refuses: 503, or connections refused or reset. Some refuse by chance; only more
// refusals than chance explains make a ceiling, and a ceiling is tried again, ever more rarely while it is confirmed.

const RECENT = 20;

export class Refusals {
  #ceiling = Number.POSITIVE_INFINITY;
  #base = 0;
  #recent: number[] = [];
  #chance = 0;
  #isProbing = false;
  #probes = 0;
  #probesBad = 0;
  #step = 1;
  #hold = 10;
  #rounds = 0;
  #lowestRefused = 0;
  #burstMs = Number.NEGATIVE_INFINITY;
  #burstEndMs = Number.NEGATIVE_INFINITY;

  get ceiling(): number {
    return this.#ceiling;
  }

  served(level: number): void {
    this.#note(0);
    if (this.#isProbing && level > this.#base) this.#probes++;
  }

  #note(refused: number): void {
    this.#recent.push(refused);
    if (this.#recent.length > RECENT) this.#recent.shift();
    this.#chance += (refused - this.#chance) * 0.005;
  }

  /** @returns whether the ceiling came down for it */
  refused(
    nowMs: number,
    sentMs: number,
    tookMs: number,
    level: number,
    inFlight: number,
    isBeginning: boolean,
    serviceMs: number,
  ): boolean {
    this.#note(1);
    if (nowMs < this.#burstEndMs && sentMs <= this.#burstMs) {
      this.#ceiling = Math.max(1, Math.min(this.#ceiling, Math.max(inFlight, this.#lowestRefused - 1)));
      this.#lowestRefused = Math.min(this.#lowestRefused, level);
      return false;
    }
    const chance = RECENT * this.#chance;
    const isMany = this.#recent.reduce((a, b) => a + b, 0) >= 2 + chance + 2 * Math.sqrt(chance);
    if (this.#isProbing) {
      if (level > this.#base && ++this.#probesBad < 2) return false;
      if (level <= this.#base && !isMany) return false;
    } else if (!isMany && !isBeginning) return false;
    const accepted = Math.max(level - 1, inFlight, 1);
    const isSame = this.#base > 0 && Math.abs(accepted - this.#base) <= 1;
    this.#hold = isSame ? Math.min(160, this.#hold * 2) : 10;
    this.#isProbing = false;
    this.#probes = 0;
    this.#probesBad = 0;
    this.#step = 1;
    this.#base = isSame && this.#base <= accepted ? this.#base : accepted;
    this.#ceiling = this.#base;
    this.#lowestRefused = level;
    this.#rounds = 0;
    this.#burstMs = nowMs;
    this.#burstEndMs = nowMs + Math.max(2 * tookMs, serviceMs);
    this.#recent = [];
    return true;
  }

  /** @param level what would be in flight without a ceiling */
  endRound(level: number): void {
    if (this.#ceiling === Number.POSITIVE_INFINITY) return;
    if (!this.#isProbing) this.#base = this.#ceiling;
    const isTime = this.#isProbing ? this.#probes >= 10 && this.#probesBad < 2 : ++this.#rounds >= this.#hold;
    if (isTime) {
      if (this.#isProbing) {
        this.#base = this.#ceiling;
        this.#hold = 10;
      }
      this.#ceiling += this.#step;
      this.#step = Math.min(8, this.#step * 2);
      this.#rounds = 0;
      this.#isProbing = true;
      this.#probes = 0;
      this.#probesBad = 0;
      if (this.#ceiling > level + 2) this.#lift();
    } else if (this.#isProbing && level < this.#ceiling && ++this.#rounds > 10) this.#lift();
  }

  #lift(): void {
    this.#ceiling = Number.POSITIVE_INFINITY;
    this.#base = 0;
    this.#hold = 10;
    this.#isProbing = false;
  }
}
