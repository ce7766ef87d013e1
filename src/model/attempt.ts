// One try of a request: what the gate admits, and how it ended.
import type { OutcomeError, OutcomeKind } from './outcome.ts';

/** What the gate has admitted: it has a permit and a lane, and may start now. */
export interface Attempt<R> {
  readonly request: R;
  /** Place of the request in the input, from 0. */
  readonly index: number;
  /** 1 for the first attempt of the request. */
  readonly number: number;
  /** Held alone from start to end; the smallest free number, from 0. */
  readonly lane: number;
  /** The instant of admission. */
  readonly admittedMs: number;
  /** No part of it may go on after this instant (the request's own total); Infinity for none. */
  readonly deadlineMs: number;
}

/** Spans in milliseconds. One that was not measured is left out, never 0. */
export interface Phases {
  /** From the end of the attempt before until this one was due. Set by the engine; left out of the first one. */
  backoff?: number;
  /** From known, or due again, to admitted: the wait for a permit, pace and lane. Set by the engine. */
  permit?: number;
  /** From admitted to started: the way to its worker and its start. Set by the engine; left out in this thread. */
  handover?: number;
  /** Connect and send; with a server that reports its times, the way back too. */
  network?: number;
  /** In the server's queue, as the server says. */
  queue?: number;
  /** In the server's worker, as the server says. */
  service?: number;
  /** From sent to the first byte, where the server says nothing. */
  ttfb?: number;
  /** From the first byte to the last. */
  download?: number;
  /** In the user's own code, after the last byte. */
  handler?: number;
}

/** What the server said of itself in `Server-Timing`. */
export interface ServerReport {
  /** Name of the server's worker, as given. */
  readonly worker?: string;
  /** How many workers the server has. */
  readonly workers?: number;
  /** When the request reached the server's queue, on the run's clock. */
  readonly arrivedMs: number;
  /** How far off `arrivedMs` may be; 0 where both sides read the same monotonic clock. */
  readonly doubtMs: number;
}

/** Response headers by lower-case name. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** How many more requests the server says it will take, in whichever of its headers. */
export interface ServerQuota {
  readonly remaining: number;
  /** From now until it counts anew. */
  readonly resetMs: number;
}

/** What few exchanges have to tell of their connection. */
export interface ConnectionNotes {
  /** Tried in this order for a connection that was opened to a name; once it is sent, the last is the one in use. */
  readonly addresses?: readonly string[];
  /** The body had no length of its own: only the orderly end of its connection says that it was whole. */
  readonly framing?: 'close';
  /**
   * It was answered on a kept connection, and so many that were sent before it on new ones were not: the server may
   * not have looked at them. Left out for none, and not in the record.
   */
  readonly passedOver?: number;
}

/** How one attempt ended. */
export interface AttemptEnd extends ConnectionNotes {
  readonly lane: number;
  readonly outcome: OutcomeKind;
  readonly status: number | null;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly phasesMs: Phases;
  /** Bytes of body as they came over the wire. */
  readonly bytes: number;
  /** The response's headers, when the run keeps them. */
  readonly headers?: ResponseHeaders;
  /** Where a whole 3xx response sends on to, as it came, when the run follows redirects. Hostile text. */
  readonly location?: string;
  /** What was asked for, where that may not be what the user gave: redirects are followed. */
  readonly url?: string;
  /** The decoded body, when the run keeps bodies. */
  readonly body?: Uint8Array;
  /** What the handler, or the function of the user, returned. */
  readonly value?: unknown;
  readonly error?: OutcomeError;
  /** Which worker ran it (thread or process number, from 0); left out in this thread. */
  readonly worker?: number;
  readonly server?: ServerReport;
  /** How long the server asked to be left alone (`Retry-After`), from the end of the attempt. */
  readonly retryAfterMs?: number;
  /** A `Retry-After` that cannot be understood, cut short. Hostile text. */
  readonly retryAfterIgnored?: string;
  readonly quota?: ServerQuota;
  /** It has no whole response, and some of the request may have reached the server. */
  readonly mayHaveArrived?: true;
}

/** 429 says that the client is too fast; 503 says so where it names a wait (RFC 6585, RFC 9110 section 15.6.4). */
export function isRefusal({ status, retryAfterMs }: Pick<AttemptEnd, 'status' | 'retryAfterMs'>): boolean {
  return status === 429 || (status === 503 && retryAfterMs !== undefined);
}
