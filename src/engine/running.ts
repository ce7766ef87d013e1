// A request between being read and being settled, and the host it goes to.
import { Heap } from '../base/heap.ts';
import { Queue } from '../base/queue.ts';
import type { NotedStart } from '../control/found-pace.ts';
import type { HostGate } from '../control/host-gate.ts';
import type { Permit } from '../control/semaphore.ts';
import type { AttemptEnd } from '../model/attempt.ts';
import type { EarlyEnd } from './ports.ts';

const NO_TRIES: readonly AttemptEnd[] = [];
const NOTHING_BEFORE: readonly never[] = [];

export class Running<R> {
  /** As the user gave it. */
  readonly request: R;
  readonly index: number;
  readonly createdMs: number;
  /** Its attempts so far. A new list at the end of each: an empty one that grows takes room for many. */
  tries: readonly AttemptEnd[] = NO_TRIES;
  /** What the next attempt sends; another one than `request` after a redirect. */
  toSend: R;
  /** What it was before it was sent on to somewhere else, oldest first. */
  sentBefore: readonly R[] = NOTHING_BEFORE;
  host: Host<R> | undefined;
  permit: Permit | undefined;
  /** When it became known, or was due again: its wait for a permit is measured from here. */
  dueMs: number;
  /** Of the attempt that runs, or ran last. */
  admittedMs = 0;
  /** Its last start, as the paces of the run and of its host know it. */
  startNumber = 0;
  hostStartNumber = 0;
  /** What its host's finder has noted of its last start; undefined where there is none. */
  noted: NotedStart | undefined;
  /** All its attempts and waits must be over by then; Infinity for no bound. Set at its first start. */
  deadlineMs = Number.POSITIVE_INFINITY;
  isInBackoff = false;
  /** Settled, though its attempt may still be in flight or its place in line not yet cleared. */
  isFinal = false;

  constructor(request: R, index: number, createdMs: number) {
    this.request = request;
    this.index = index;
    this.createdMs = createdMs;
    this.toSend = request;
    this.dueMs = createdMs;
  }
}

/** Where a host stands: `idle` has nothing waiting, `timed` waits for its instant, `full` for the end of an attempt. */
export type Place = 'idle' | 'ready' | 'timed' | 'full';

/** A host, and those who wait for it. */
export class Host<R> {
  readonly name: string;
  readonly gate: HostGate;
  /** Read and never sent, in the order of the input. */
  readonly #fresh = new Queue<Running<R>>();
  /** To be sent again, by index. Some may be settled already: they are passed over when their turn comes. */
  readonly #again = new Heap<Running<R>>();
  place: Place = 'idle';
  /** While it is `timed`: the instant it waits for. */
  timedMs = Number.POSITIVE_INFINITY;
  /** Those that are not settled. */
  waiting = 0;
  /** Those that will stand in line again. */
  inBackoff = 0;

  constructor(name: string, gate: HostGate) {
    this.name = name;
    this.gate = gate;
  }

  push(running: Running<R>): void {
    this.waiting++;
    if (running.tries.length === 0) this.#fresh.push(running);
    else this.#again.push(running.index, running);
  }

  /** The first that waits, by index. */
  first(): Running<R> | undefined {
    const fresh = this.#fresh.peek();
    if (this.#again.size === 0) return fresh;
    for (let again = this.#again.peek(); again; again = this.#again.peek()) {
      if (!again.isFinal) return fresh && fresh.index < again.index ? fresh : again;
      this.#again.pop();
    }
    return fresh;
  }

  /** Takes out what `first` gives. */
  shift(): Running<R> | undefined {
    const first = this.first();
    if (!first) return undefined;
    if (first === this.#fresh.peek()) this.#fresh.shift();
    else this.#again.pop();
    this.waiting--;
    return first;
  }
}

/** Notes the end of an attempt, and what came before it: the backoff, and the wait to be admitted once it was due. */
export function noteEnd<R>(running: Running<R>, end: AttemptEnd): void {
  const { admittedMs, dueMs, tries } = running;
  const before = tries[tries.length - 1];
  if (before) end.phasesMs.backoff = Math.max(0, dueMs - before.endedMs);
  end.phasesMs.permit = admittedMs - dueMs;
  if (end.worker !== undefined) end.phasesMs.handover = Math.max(0, end.startedMs - admittedMs);
  running.tries = before ? [...tries.slice(0, -1), withoutBody(before), end] : [end];
}

/** Notes an end that the attempt itself has not told, and may still tell. */
export function endByForce<R>(running: Running<R>, lane: number, early: EarlyEnd, endedMs: number): void {
  const { outcome, error } = early;
  const end = { lane, outcome, status: null, startedMs: running.admittedMs, endedMs, bytes: 0, error };
  noteEnd(running, { ...end, phasesMs: {} });
}

/** Of an attempt that is not the last nobody wants the body, and it may be large. */
function withoutBody(end: AttemptEnd): AttemptEnd {
  if (end.body === undefined) return end;
  const { body: _, ...rest } = end;
  return rest;
}
