// What each host took of a run, for as many hosts as can be told one by one; beyond them they are only counted as many.
import { originNames } from '../../model/origin.ts';

const HOSTS_MAX = 64;

export interface HostShare {
  readonly origin: string;
  attempts: number;
  /** From admission to the end of its attempts, added up. */
  inFlightMs: number;
  /** Waiting for a permit, pace or lane. */
  waitingMs: number;
}

export class HostTally {
  readonly #originOf = originNames();
  readonly #hosts = new Map<string, HostShare>();
  #last: HostShare | undefined;
  #areTooMany = false;

  /** Null once there are too many to tell apart. */
  get shares(): readonly HostShare[] | null {
    return this.#areTooMany ? null : [...this.#hosts.values()];
  }

  add(url: string, inFlightMs: number, waitingMs: number): void {
    const share = this.#of(this.#originOf({ url }));
    if (share === undefined) return;
    share.attempts++;
    share.inFlightMs += inFlightMs;
    share.waitingMs += waitingMs;
  }

  #of(origin: string): HostShare | undefined {
    if (this.#last?.origin === origin) return this.#last;
    let share = this.#hosts.get(origin);
    if (share === undefined) {
      if (this.#hosts.size === HOSTS_MAX) {
        this.#areTooMany = true;
        return undefined;
      }
      share = { origin, attempts: 0, inFlightMs: 0, waitingMs: 0 };
      this.#hosts.set(origin, share);
    }
    this.#last = share;
    return share;
  }
}
