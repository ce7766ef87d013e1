// Who serves which request, and who waits: all decisions of the slow API's front, with no socket,
// process or clock in sight.
//
//   arrive ──► a worker is free? ──yes──► serving ──► finish ──► over
//                  │ no                      ▲   └──► worker lost ──► over
//                  ▼                         │
//             room in line? ──yes──► waiting ┘──► abandon ──► over
//                  │ no
//                  ▼
//               refused
import { assert } from '../base/assert.ts';
import { type Place, WaitingLine } from './waiting-line.ts';

/** A request that was not refused, from its arrival until it is over. */
export interface Ticket<R> {
  readonly request: R;
  state: 'waiting' | 'serving' | 'over';
  /** Which worker serves it, from 0; -1 while it waits. */
  worker: number;
  place: Place<Ticket<R>> | null;
}

export interface DispatchRules {
  /** How many workers there are; none of them is up at first. */
  readonly workers: number;
  /** Requests that one worker serves at once: 1 for `sync`, Infinity for `async`. */
  readonly perWorker: number;
  /** Requests that may wait; the next one is refused. */
  readonly backlog: number;
}

export interface DispatchStatistics {
  readonly inFlight: { readonly now: number; readonly max: number };
  readonly queue: { readonly now: number; readonly max: number };
}

export class Dispatcher<R> {
  readonly #rules: DispatchRules;
  readonly #serve: (ticket: Ticket<R>) => void;
  /** Tickets that each worker holds; null while the worker is down. */
  readonly #held: (Set<Ticket<R>> | null)[];
  readonly #line = new WaitingLine<Ticket<R>>();
  #inFlight = 0;
  #inFlightMax = 0;
  #queueMax = 0;

  /** `serve` is told of each ticket that has its worker. It must not call back before it returns. */
  constructor(rules: DispatchRules, serve: (ticket: Ticket<R>) => void) {
    this.#rules = rules;
    this.#serve = serve;
    this.#held = new Array(rules.workers).fill(null);
  }

  /** Takes a request in: it is served now or waits. Null when it is refused, the line being full. */
  arrive(request: R): Ticket<R> | null {
    const ticket: Ticket<R> = { request, state: 'waiting', worker: -1, place: null };
    const worker = this.#freeWorker();
    if (worker !== -1) {
      this.#start(ticket, worker);
      return ticket;
    }
    if (this.#line.length >= this.#rules.backlog) return null;
    ticket.place = this.#line.join(ticket);
    this.#queueMax = Math.max(this.#queueMax, this.#line.length);
    return ticket;
  }

  /**
   * The client has gone. A waiting request leaves the line at once (true). One that is being served stays
   * with its worker (false): a worker at work does not look up, as with gunicorn's.
   */
  abandon(ticket: Ticket<R>): boolean {
    if (ticket.state !== 'waiting') return false;
    assert(ticket.place, 'a waiting ticket has a place in the line');
    this.#line.leave(ticket.place);
    ticket.state = 'over';
    return true;
  }

  /** The worker is done with it; the next in line gets the worker. */
  finish(ticket: Ticket<R>): void {
    assert(ticket.state === 'serving', 'only what is being served can finish');
    const held = this.#held[ticket.worker];
    assert(held?.delete(ticket), 'a served ticket is held by its worker');
    ticket.state = 'over';
    this.#inFlight--;
    this.#callNext();
  }

  /** The worker is ready to serve. */
  workerUp(worker: number): void {
    assert(this.#held[worker] === null, 'a worker comes up only when it is down');
    this.#held[worker] = new Set();
    this.#callNext();
  }

  /**
   * The worker is gone. Gives back what it held, now over: whether a lost request was carried out nobody
   * can say, so it is never handed to another worker, which might do it twice. Those in line keep their places.
   */
  workerDown(worker: number): Ticket<R>[] {
    const lost = [...(this.#held[worker] ?? [])];
    this.#held[worker] = null;
    this.#inFlight -= lost.length;
    for (const ticket of lost) ticket.state = 'over';
    return lost;
  }

  isBusy(worker: number): boolean {
    return (this.#held[worker]?.size ?? 0) > 0;
  }

  statistics(): DispatchStatistics {
    return {
      inFlight: { now: this.#inFlight, max: this.#inFlightMax },
      queue: { now: this.#line.length, max: this.#queueMax },
    };
  }

  #callNext(): void {
    while (this.#line.length > 0) {
      const worker = this.#freeWorker();
      if (worker === -1) return;
      const ticket = this.#line.call();
      assert(ticket, 'a line with a length has a first');
      ticket.place = null;
      this.#start(ticket, worker);
    }
  }

  #start(ticket: Ticket<R>, worker: number): void {
    ticket.state = 'serving';
    ticket.worker = worker;
    this.#held[worker]?.add(ticket);
    this.#inFlight++;
    this.#inFlightMax = Math.max(this.#inFlightMax, this.#inFlight);
    this.#serve(ticket);
  }

  /** The one with the least to do, the smallest number among equals; -1 when none has room. */
  #freeWorker(): number {
    let best = -1;
    let least = this.#rules.perWorker;
    for (let worker = 0; worker < this.#held.length && least > 0; worker++) {
      const load = this.#held[worker]?.size ?? Number.POSITIVE_INFINITY;
      if (load < least) {
        best = worker;
        least = load;
      }
    }
    return best;
  }
}
