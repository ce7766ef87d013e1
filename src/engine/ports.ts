// All that the engine knows of the world: someone who runs attempts, and someone who moves bytes.
// Everything is told by calls, not promises: an attempt costs no allocation it does not need.
import type { Attempt, AttemptEnd, ConnectionNotes, ResponseHeaders } from '../model/attempt.ts';
import type { OutcomeError, OutcomeKind } from '../model/outcome.ts';
import type { HttpRequest } from '../model/request.ts';
import type { ServerTiming } from '../model/server-timing.ts';

/** Why an attempt is made to end before its time. */
export interface EarlyEnd {
  readonly outcome: OutcomeKind;
  readonly error: OutcomeError;
}

/** Runs admitted attempts somewhere: this thread, worker threads, child processes, a simulation. */
export interface Executor<R> {
  /** Begins an attempt on its lane. Never throws; the end is told once, possibly before this returns. */
  start(attempt: Attempt<R>): void;
  /** Called after each burst of starts and cancels: the moment to hand over what was gathered. */
  flush(): void;
  /** Makes the attempt on this lane end early. Its end is still told; a lane that is free is left alone. */
  cancel(lane: number, cause: EarlyEnd): void;
  /** Ends all workers and connections; resolves when nothing of ours is left. Harmless when called twice. */
  close(): Promise<void>;
  /** What workers cost beside this process; left out where there are none. */
  usage?(): WorkerUsage;
}

/** Complete once the executor is closed, but for workers that were killed: those take their figures along. */
export interface WorkerUsage {
  /** CPU time of child processes; that of threads is part of this process's own. */
  readonly userMs: number;
  readonly sysMs: number;
  /** Largest resident memory of each child process, added up. */
  readonly peakMemoryBytes: number;
  /** Child processes, and threads that run attempts. */
  readonly processes: number;
  readonly threads: number;
}

export const NO_WORKERS: WorkerUsage = { userMs: 0, sysMs: 0, peakMemoryBytes: 0, processes: 0, threads: 0 };

/** Told when an attempt's end is known **and** its socket is given back or gone: its permit is free again. */
export type OnAttemptEnd = (end: AttemptEnd) => void;

/** What a transport tells about the exchange that runs on a lane, in this order. */
export interface ExchangeEvents {
  /** There is a connection and the request is being written to it. */
  onSent(): void;
  /** @param timing the server's own times, where the transport knows them without their text */
  onHeaders(status: number, headers: ResponseHeaders, timing?: ServerTiming): void;
  /** A piece of the decoded body; valid only during the call. */
  onData(chunk: Uint8Array): void;
  /** The response is whole: framing and every content coding reached their own end. */
  onEnd(wireBytes: number): void;
  /** It is over without a whole response, and the socket is gone. Also the answer to `abort`. */
  onFailed(failure: EarlyEnd, wireBytes: number): void;
}

/** The connections of one lane; it carries one exchange at a time. */
export interface TransportLane {
  /** Begins an exchange; its end (`onEnd` or `onFailed`) is told exactly once. */
  send(request: HttpRequest): void;
  /** What keeps an exchange that is not yet sent, as a sentence; empty, or no such method, where nobody can say. */
  waitsFor?(): string;
  /** What the exchange that has ended has to tell of its connection; told once. Mostly nothing. */
  takeNotes?(): ConnectionNotes | undefined;
  /** Tears the running exchange down; `onFailed` follows once the socket is closed. */
  abort(): void;
}

export interface Transport {
  openLane(events: ExchangeEvents): TransportLane;
  /** Closes every connection; resolves when all sockets are gone. */
  close(): Promise<void>;
}
