// The one gate: whatever starts, in whatever strategy, was let through here. It asks four things of a start: its host
// allows it, the run's rate allows it, a permit is free, and it is the first in the order of the input of which all
// that is true. It starts nothing itself.
import type { Clock } from '../base/clock.ts';
import type { Rate } from '../control/gcra.ts';
import { FREE_HOST, type HostPolicy } from '../control/host-gate.ts';
import { Pace } from '../control/pace.ts';
import { Semaphore } from '../control/semaphore.ts';
import type { AttemptEnd } from '../model/attempt.ts';
import { Alarm } from './alarm.ts';
import type { EngineOptions, LimitChange } from './engine-options.ts';
import { openHostGate } from './hosts.ts';
import type { Running } from './running.ts';
import { type PausedHosts, WaitingRoom } from './waiting-room.ts';

const ONE_HOST = '';
const ONE_KEY = '';

export class Gate<R> {
  readonly #clock: Clock;
  readonly #semaphore: Semaphore;
  readonly #room: WaitingRoom<R>;
  readonly #hostOf: (request: R) => string;
  readonly #keyOf: (request: R) => string;
  /** Whether hosts have finders. */
  readonly #isFound: boolean;
  /** Rings when something that waits for an instant may start. */
  readonly #alarm: Alarm;
  #pace: Pace | undefined;
  #rate: Rate | null;
  #burst: number;
  #policy: HostPolicy;

  /** @param onDue something that waited for an instant may start now */
  constructor(options: EngineOptions<R>, onDue: () => void) {
    const { clock, limit, hosts, rate = null, burst = 1 } = options;
    this.#rate = rate;
    this.#burst = burst;
    this.#policy = hosts?.policy ?? FREE_HOST;
    this.#clock = clock;
    this.#semaphore = new Semaphore(limit);
    this.#room = new WaitingRoom(host => openHostGate(options.hosts, this.#policy, host));
    this.#hostOf = hosts?.nameOf ?? (() => ONE_HOST);
    this.#keyOf = hosts?.keyOf ?? (() => ONE_KEY);
    this.#isFound = hosts?.openFinder !== undefined;
    this.#alarm = new Alarm(clock, onDue);
    this.#pace = paceOf(rate, burst);
  }

  /** Those that have not started, or wait to start again. */
  get waiting(): number {
    return this.#room.size;
  }

  get inBackoff(): number {
    return this.#room.inBackoff;
  }

  /** Those that wait for nothing but a permit, as far as is known. */
  get unheld(): number {
    return this.#room.unheld;
  }

  /** Hosts that have refused a request and for whom others wait; null for none. */
  paused(): PausedHosts | null {
    return this.#room.paused(this.#clock.now());
  }

  get limit(): number {
    return this.#semaphore.limit;
  }

  get hasFree(): boolean {
    return this.#semaphore.hasFree;
  }

  change({ limit, rate = this.#rate, hostRate, burst = this.#burst, perHost }: LimitChange): void {
    if (limit !== undefined) this.#semaphore.resize(limit);
    if (rate !== this.#rate || burst !== this.#burst) this.#pace = paceOf(rate, burst);
    this.#rate = rate;
    this.#burst = burst;
    const { limit: perHostNow, rate: hostRateNow } = this.#policy;
    const inHosts = {
      limit: perHost ?? perHostNow,
      rate: hostRate === undefined ? hostRateNow : hostRate,
      burst,
    };
    this.#policy = { ...this.#policy, ...inHosts };
    this.#room.changeHosts(host => host.setPolicy(this.#policy));
  }

  arrive(running: Running<R>): void {
    this.#room.arrive(running, this.#hostOf(running.request));
  }

  /** The first that its host allows to start now; it stays until `admit` or `turnAway`. */
  next(nowMs: number): Running<R> | undefined {
    return this.#room.next(nowMs);
  }

  /** Until when the host of this one wants no request at all; undefined when that is not so. */
  closedUntilMs({ host }: Running<R>, nowMs: number): number | undefined {
    return host?.gate.closedUntilMs(nowMs);
  }

  /** Lets `next` through, if pace and permits allow. */
  admit(running: Running<R>, nowMs: number): boolean {
    const dueMs = this.#pace?.dueMs(nowMs) ?? nowMs;
    if (dueMs > nowMs) {
      this.#alarm.ringBy(dueMs);
      return false;
    }
    const permit = this.#semaphore.tryAcquire();
    if (!permit) return false;
    this.#room.take(running);
    running.startNumber = this.#pace?.start(nowMs) ?? 0;
    const { host, toSend } = running;
    running.hostStartNumber = host?.gate.started(nowMs) ?? 0;
    if (this.#isFound) running.noted = host?.gate.noteStart(nowMs, this.#keyOf(toSend));
    running.permit = permit;
    running.admittedMs = nowMs;
    return true;
  }

  /** What was admitted has begun, by now or at an instant that has become known. */
  began({ startNumber, hostStartNumber, host }: Running<R>, knownMs?: number): void {
    if (!this.#pace && this.#policy.rate === null) return;
    const atMs = knownMs ?? this.#clock.now();
    this.#pace?.began(startNumber, atMs);
    host?.gate.began(hostStartNumber, atMs);
  }

  /** Takes `next` out without letting it through. */
  turnAway(running: Running<R>): void {
    this.#room.take(running);
  }

  /** Its attempt is over: the permit is free, and its host has said something. */
  leave(running: Running<R>, end: AttemptEnd): void {
    running.permit?.release();
    running.permit = undefined;
    this.began(running, end.startedMs);
    const { host } = running;
    if (!host) return;
    host.gate.ended(end.endedMs, end, running.noted);
    this.#room.heardOf(host, end.endedMs);
  }

  /** It waits to be sent again. */
  comeBack(running: Running<R>, { dueMs, request }: { readonly dueMs: number; readonly request: R }): void {
    if (request !== running.toSend) {
      running.host = this.#room.hostNamed(this.#hostOf(request));
      running.sentBefore = [...running.sentBefore, running.toSend];
      running.toSend = request;
    }
    running.dueMs = dueMs;
    this.#room.later(running, dueMs);
  }

  /** Whoever waited for an instant that has come stands in line again. @returns those whose time is over */
  wakeDue(): readonly Running<R>[] {
    if (this.#room.wakeMs() === Number.POSITIVE_INFINITY) return NOBODY;
    const nowMs = this.#clock.now();
    this.#room.wake(nowMs);
    this.#room.sweep(nowMs);
    const expired: Running<R>[] = [];
    for (let one = this.#room.takeExpired(nowMs); one; one = this.#room.takeExpired(nowMs)) expired.push(one);
    return expired;
  }

  /** Sees to it that whoever waits for an instant is woken then. */
  setAlarm(): void {
    this.#alarm.ringBy(this.#room.wakeMs());
  }

  /** Everybody leaves, in the order of the input. */
  empty(): Running<R>[] {
    return this.#room.empty();
  }

  close(): void {
    this.#alarm.cancel();
  }
}

function paceOf(rate: Rate | null, burst: number): Pace | undefined {
  return rate ? new Pace(rate, { burst }) : undefined;
}

const NOBODY: readonly never[] = [];
