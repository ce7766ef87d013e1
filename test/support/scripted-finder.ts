// A finder that decides nothing: it allows what the test says, and writes down what it is told.
import type { FinderEnd, Finding, PaceFinder } from '../../src/control/finder/pace-finder.ts';

export interface ToldStart {
  readonly nowMs: number;
  readonly inFlight: number;
  readonly key: string;
}

export class ScriptedFinder implements PaceFinder {
  allowed: number;
  nextMs = 0;
  /** Called at each end, to change what is allowed. */
  onEnd: (end: FinderEnd) => void = () => {};
  readonly starts: ToldStart[] = [];
  readonly ends: FinderEnd[] = [];

  constructor(allowed: number) {
    this.allowed = allowed;
  }

  limit(): number {
    return this.allowed;
  }

  nextStartMs(): number {
    return this.nextMs;
  }

  started(nowMs: number, inFlight: number, key: string): unknown {
    this.starts.push({ nowMs, inFlight, key });
    return this.starts.length;
  }

  ended(end: FinderEnd): void {
    this.ends.push(end);
    this.onEnd(end);
  }

  finding(): Finding {
    const unknown = { capacity: null, ratePerSecond: null, serviceMs: null, proofs: 0, isFilled: false };
    return { mode: 'in flight', limit: this.allowed, ...unknown, reason: 'the script says so' };
  }
}
