// When the modelled workers of a client burn CPU time, as shares over the run. Exact but for columns: here nothing has
// to be woken up to be read.
import { BusyShares, type Shares } from '../base/busy-shares.ts';

const EVERY_MS = 1;

export class WorkerLoads {
  readonly #workers: { readonly shares: BusyShares; knownMs: number }[];

  constructor(workers: number) {
    this.#workers = Array.from({ length: workers }, () => ({
      shares: new BusyShares(EVERY_MS),
      knownMs: 0,
    }));
  }

  /** Spans of one worker come in order and do not overlap. */
  burn(worker: number, fromMs: number, toMs: number): void {
    const load = this.#workers[worker];
    if (!load) return;
    load.shares.add(load.knownMs, fromMs, 0);
    load.shares.add(fromMs, toMs, toMs - fromMs);
    load.knownMs = toMs;
  }

  /** By worker, from 0 until then. */
  shares(untilMs: number): Shares[] {
    return this.#workers.map(load => {
      load.shares.add(load.knownMs, untilMs, 0);
      load.knownMs = Math.max(load.knownMs, untilMs);
      return load.shares.shares();
    });
  }
}
