// What has been read and may not start yet, by host, and which of it is next: of all that may start now, the first in
// the order of the input. A retry keeps its place in that order, so it is ahead of everything read after it.
//
//   arrive ──▶ host: by index ──▶ hosts that may start, by their first index ──▶ next
//   later ───▶ backoff, by due ──┘  │ ▲
//                                   ▼ │ full: until an attempt of the host ends · timed: until its instant
//
// A host that is full, paused or paced holds up nobody but itself: it is taken out of the line of hosts.
import { Heap } from '../base/heap.ts';
import type { HostGate } from '../control/host-gate.ts';
import { Host, type Place, type Running } from './running.ts';

/** Hosts that are remembered before those at rest are looked for and forgotten. */
const HOSTS_KEPT = 1024;

/** Hosts that have refused a request and for whom others wait. */
export interface PausedHosts {
  readonly count: number;
  /** The one whose pause ends first, and in how many ms. */
  readonly first: string;
  readonly leftMs: number;
}

export class WaitingRoom<R> {
  readonly #openGate: (host: string) => HostGate;
  readonly #hosts = new Map<string, Host<R>>();
  /** By the index of their first; an entry that is no longer true is passed over. */
  readonly #ready = new Heap<Host<R>>();
  readonly #timed = new Heap<Host<R>>();
  readonly #backoff = new Heap<Running<R>>();
  /** Those that were sent before and must be final by an instant. */
  readonly #expiring = new Heap<Running<R>>();
  #last: Host<R> | undefined;
  #waiting = 0;
  #held = 0;
  #inBackoff = 0;
  #sweepAt = HOSTS_KEPT;

  constructor(openGate: (host: string) => HostGate) {
    this.#openGate = openGate;
  }

  /** Something about each host has changed: whoever was held up is looked at again. */
  changeHosts(change: (gate: HostGate) => void): void {
    for (const host of this.#hosts.values()) {
      change(host.gate);
      if (host.place === 'full' || host.place === 'timed') this.#line(host);
    }
  }

  /** All that are here, those in backoff included. */
  get size(): number {
    return this.#waiting + this.#inBackoff;
  }

  /** Those that wait for nothing but a permit, as far as is known. */
  get unheld(): number {
    return this.#waiting - this.#held;
  }

  /** Hosts that are remembered. */
  get hostCount(): number {
    return this.#hosts.size;
  }

  get inBackoff(): number {
    return this.#inBackoff;
  }

  arrive(running: Running<R>, hostName: string): void {
    const host = this.hostNamed(hostName);
    running.host = host;
    this.#enter(running, host);
  }

  /** It may start again from `dueMs` on. */
  later(running: Running<R>, dueMs: number): void {
    this.#inBackoff++;
    if (running.host) running.host.inBackoff++;
    running.isInBackoff = true;
    this.#backoff.push(dueMs, running);
    if (running.deadlineMs !== Number.POSITIVE_INFINITY) this.#expiring.push(running.deadlineMs, running);
  }

  /** Takes out one whose time is over while it waits to be sent again. */
  takeExpired(nowMs: number): Running<R> | undefined {
    while (this.#expiring.peekKey() <= nowMs) {
      const running = this.#expiring.pop();
      if (!running || running.isFinal || running.permit) continue; // over, or under its attempt's own deadline
      this.#forget(running);
      return running;
    }
    return undefined;
  }

  /** Whoever waited for an instant that has come stands in line again. Call it before `next`. */
  wake(nowMs: number): void {
    while (this.#timed.peekKey() <= nowMs) {
      const host = this.#timed.pop();
      if (host?.place === 'timed') this.#line(host);
    }
    while (this.#backoff.peekKey() <= nowMs) {
      const running = this.#backoff.pop();
      if (!running || running.isFinal) continue;
      running.isInBackoff = false;
      this.#inBackoff--;
      const { host } = running;
      if (!host) continue;
      host.inBackoff--;
      this.#enter(running, host);
    }
  }

  /** The first that may start now; it stays until `take`. Asking moves hosts to where they belong. */
  next(nowMs: number): Running<R> | undefined {
    for (let host = this.#ready.peek(); host; host = this.#ready.peek()) {
      const first = host.place === 'ready' ? host.first() : undefined;
      if (first?.index === this.#ready.peekKey() && this.#mayStart(host, nowMs)) return first;
      this.#ready.pop();
      if (first === undefined && host.place === 'ready') this.#move(host, 'idle');
    }
    return undefined;
  }

  /** Takes out what `next` gave. */
  take(running: Running<R>): void {
    const { host } = running;
    if (!host) return;
    this.#ready.pop();
    host.shift();
    this.#waiting--;
    const first = host.first();
    if (first) this.#ready.push(first.index, host);
    else this.#move(host, 'idle');
  }

  /** An attempt of this host has ended: it may have room again, or has said something. */
  heardOf(host: Host<R>, nowMs: number): void {
    if (host.place === 'full') this.#line(host);
    else if (host.place !== 'timed') return;
    else if (this.#isDue(host, nowMs)) this.#line(host);
    else this.#waitUntil(host, host.gate.dueMs(nowMs)); // it may want us back sooner than it said before
  }

  /** The hosts for whose pause somebody waits. Looks at every host: for people, not for the loop. */
  paused(nowMs: number): PausedHosts | null {
    let count = 0;
    let first: Host<R> | undefined;
    for (const host of this.#hosts.values()) {
      if (host.waiting === 0 || host.gate.pausedUntilMs <= nowMs) continue;
      count++;
      if (!first || host.gate.pausedUntilMs < first.gate.pausedUntilMs) first = host;
    }
    return first ? { count, first: first.name, leftMs: first.gate.pausedUntilMs - nowMs } : null;
  }

  /** When something that waits for an instant may start; Infinity when nothing does. */
  wakeMs(): number {
    for (let first = this.#backoff.peek(); first?.isFinal; first = this.#backoff.peek()) this.#backoff.pop();
    return Math.min(this.#backoff.peekKey(), this.#timed.peekKey(), this.#expiring.peekKey());
  }

  /** Everybody leaves, in the order of the input. */
  empty(): Running<R>[] {
    const all: Running<R>[] = [];
    for (let one = this.#backoff.pop(); one; one = this.#backoff.pop()) if (!one.isFinal) all.push(one);
    while (this.#timed.pop());
    while (this.#expiring.pop());
    for (const host of this.#hosts.values()) {
      for (let one = host.shift(); one; one = host.shift()) all.push(one);
      host.place = 'idle';
      host.inBackoff = 0;
    }
    this.#waiting = 0;
    this.#held = 0;
    this.#inBackoff = 0;
    return all.sort((a, b) => a.index - b.index);
  }

  /** Its place in line is passed over later. */
  #forget(running: Running<R>): void {
    const { host } = running;
    const wasFirst = host?.first() === running;
    running.isFinal = true;
    if (running.isInBackoff) {
      this.#inBackoff--;
      if (host) host.inBackoff--;
      return;
    }
    if (!host) return;
    host.waiting--;
    this.#waiting--;
    if (host.place === 'timed' || host.place === 'full') this.#held--;
    else if (wasFirst) this.#line(host);
  }

  /** @param name an origin */
  hostNamed(name: string): Host<R> {
    if (this.#last?.name === name) return this.#last;
    let host = this.#hosts.get(name);
    if (!host) {
      host = new Host(name, this.#openGate(name));
      this.#hosts.set(name, host);
    }
    this.#last = host;
    return host;
  }

  #enter(running: Running<R>, host: Host<R>): void {
    const before = host.first();
    host.push(running);
    this.#waiting++;
    if (host.place === 'timed' || host.place === 'full') this.#held++;
    else if (before === undefined || running.index < before.index) this.#line(host);
  }

  /** Into the line of hosts that may start, as far as is known. */
  #line(host: Host<R>): void {
    const first = host.first();
    this.#move(host, first ? 'ready' : 'idle');
    if (first) this.#ready.push(first.index, host);
  }

  /** Whether its first should come up: to start, or to be told that the host wants none for long. */
  #isDue({ gate }: Host<R>, nowMs: number): boolean {
    return gate.dueMs(nowMs) <= nowMs || gate.closedUntilMs(nowMs) !== undefined;
  }

  #mayStart(host: Host<R>, nowMs: number): boolean {
    if (this.#isDue(host, nowMs)) return true;
    const dueMs = host.gate.dueMs(nowMs);
    this.#move(host, dueMs === Number.POSITIVE_INFINITY ? 'full' : 'timed');
    host.timedMs = Number.POSITIVE_INFINITY;
    if (host.place === 'timed') this.#waitUntil(host, dueMs);
    return false;
  }

  /** An entry for a later instant stays, and is passed over or looked at for nothing. */
  #waitUntil(host: Host<R>, dueMs: number): void {
    if (dueMs >= host.timedMs) return;
    host.timedMs = dueMs;
    this.#timed.push(dueMs, host);
  }

  #move(host: Host<R>, place: Place): void {
    const wasHeld = host.place === 'timed' || host.place === 'full';
    const isHeld = place === 'timed' || place === 'full';
    host.place = place;
    if (isHeld && !wasHeld) this.#held += host.waiting;
    if (wasHeld && !isHeld) this.#held -= host.waiting;
  }

  /** Forgets hosts of which nothing needs to be remembered, once there are many. */
  sweep(nowMs: number): void {
    if (this.#hosts.size < this.#sweepAt) return;
    for (const [name, host] of this.#hosts)
      if (host.place === 'idle' && host.inBackoff === 0 && host.gate.isAtRest(nowMs))
        this.#hosts.delete(name);
    this.#last = undefined;
    this.#sweepAt = Math.max(HOSTS_KEPT, 2 * this.#hosts.size);
  }
}
