// An attempt as slices: which phase it was in, from when to when, on the run's clock. The server's own times are
// placed as it says it got the request; what is left of the wait is the network. Nothing is invented: a server
// that tells nothing gives one slice `ttfb`, and the server's figures are dropped when they exceed the wait.
import type { Phases, ServerReport } from '../model/attempt.ts';
import type { OutcomeKind } from '../model/outcome.ts';

/** What an attempt does at an instant: the phases of the record, in their order. */
export const SLICE_KINDS = [
  'permit',
  'handover',
  'network',
  'queue',
  'service',
  'ttfb',
  'download',
  'handler',
] as const;
export type SliceKind = (typeof SLICE_KINDS)[number];

export const PERMIT = 0;
export const HANDOVER = 1;
export const NETWORK = 2;
export const QUEUE = 3;
export const SERVICE = 4;
export const TTFB = 5;
export const DOWNLOAD = 6;
export const HANDLER = 7;
export const KIND_COUNT = SLICE_KINDS.length;

/** From the ground up: what the server does, what waits there, what is on its way, what waits here. */
export const STACK = [SERVICE, TTFB, QUEUE, DOWNLOAD, HANDLER, NETWORK, HANDOVER, PERMIT] as const;
/** Without those that are on no lane yet. */
export const IN_FLIGHT: readonly number[] = STACK.filter(kind => kind !== PERMIT);

/** What a picture needs of an attempt; both a record's try and the engine's are one. */
export interface DrawnTry {
  readonly lane: number;
  /** Thread or process that ran it; left out in the main thread. */
  readonly worker?: number;
  readonly outcome: OutcomeKind;
  readonly status: number | null;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly phasesMs: Phases;
  readonly server?: ServerReport;
}

/** What a picture needs of a request; both a record's line and a settled request are one. */
export interface DrawnRequest {
  readonly index: number;
  readonly outcome: OutcomeKind;
  readonly createdMs: number;
  readonly endedMs: number;
  readonly tries: readonly DrawnTry[];
}

/** Spans shorter than this are rounding, not time. */
const ROUNDING_MS = 0.0015;
/** An attempt has at most: permit, handover, network, ttfb, queue, service, ttfb or network, download, handler. */
const SLICES_MAX = 9;

/** The slices of one attempt at a time, in order and without overlap; kept and filled anew for the next attempt. */
export class Slices {
  readonly kinds = new Uint8Array(SLICES_MAX);
  readonly fromsMs = new Float64Array(SLICES_MAX);
  readonly tosMs = new Float64Array(SLICES_MAX);
  count = 0;
  /** When it got its lane. */
  admittedMs = 0;
  /** The server told its queue or service time, and they fit into the wait. */
  split = false;

  /** Replaces the content by the slices of this attempt. */
  fill(one: DrawnTry): void {
    const { startedMs, phasesMs, server } = one;
    this.count = 0;
    this.split = false;
    const admittedMs = startedMs - (phasesMs.handover ?? 0);
    this.admittedMs = admittedMs;
    if (phasesMs.permit !== undefined) this.#push(PERMIT, admittedMs - phasesMs.permit, admittedMs);
    this.#push(HANDOVER, admittedMs, startedMs);
    const told = server !== undefined && (phasesMs.queue !== undefined || phasesMs.service !== undefined);
    if (told && fits(one, server)) this.#fillSplit(one, server.arrivedMs);
    else this.#fillUnsplit(one);
  }

  /** The stay at the server, its queue counted in; waited for, where it tells nothing. Null for none. */
  atServer(): { readonly fromMs: number; readonly toMs: number } | null {
    let fromMs = Number.NaN;
    let toMs = Number.NaN;
    for (let i = 0; i < this.count; i++) {
      const kind = this.kinds[i] as number;
      if (kind !== QUEUE && kind !== SERVICE && kind !== TTFB) continue;
      if (Number.isNaN(fromMs)) fromMs = this.fromsMs[i] as number;
      toMs = this.tosMs[i] as number;
    }
    return toMs > fromMs ? { fromMs, toMs } : null;
  }

  /** A server that tells only one of its two times leaves a rest `ttfb`, around what it tells. */
  #fillSplit(one: DrawnTry, arrivedMs: number): void {
    const { startedMs, endedMs, phasesMs } = one;
    this.split = true;
    const { network = 0, queue = 0, service = 0, ttfb = 0, download = 0 } = phasesMs;
    const lastByteMs = finished(one)
      ? Math.min(endedMs, startedMs + network + queue + service + ttfb + download)
      : endedMs;
    const rest = phasesMs.ttfb === undefined ? NETWORK : TTFB;
    const queueMs = Math.min(Math.max(arrivedMs, startedMs), lastByteMs);
    const sentMs = rest === NETWORK ? queueMs : Math.min(startedMs + network, queueMs);
    const serviceMs = Math.min(queueMs + queue, lastByteMs);
    const servedMs = Math.min(serviceMs + service, lastByteMs);
    const firstByteMs = Math.max(servedMs, lastByteMs - download);
    this.#push(NETWORK, startedMs, sentMs);
    this.#push(rest, sentMs, queueMs);
    this.#push(QUEUE, queueMs, serviceMs);
    this.#push(SERVICE, serviceMs, servedMs);
    this.#push(rest, servedMs, firstByteMs);
    this.#push(DOWNLOAD, firstByteMs, lastByteMs);
    this.#push(HANDLER, lastByteMs, endedMs);
  }

  #fillUnsplit(one: DrawnTry): void {
    const { startedMs, endedMs } = one;
    const { network, queue, service, ttfb, download } = one.phasesMs;
    const waited = ttfb !== undefined || queue !== undefined || service !== undefined;
    const waitMs = (ttfb ?? 0) + (queue ?? 0) + (service ?? 0);
    const sentMs = Math.min(endedMs, startedMs + (network ?? 0));
    const firstByteMs = Math.min(endedMs, sentMs + waitMs);
    const lastByteMs = Math.min(endedMs, firstByteMs + (download ?? 0));
    this.#push(NETWORK, startedMs, sentMs);
    this.#push(TTFB, sentMs, firstByteMs);
    this.#push(DOWNLOAD, firstByteMs, lastByteMs);
    this.#push(unfinishedKind(one, waited), lastByteMs, endedMs);
  }

  #push(kind: number, fromMs: number, toMs: number): void {
    if (toMs - fromMs < ROUNDING_MS) return;
    this.kinds[this.count] = kind;
    this.fromsMs[this.count] = fromMs;
    this.tosMs[this.count] = toMs;
    this.count++;
  }
}

/** Where the attempt stood in the time after its last measured phase. */
function unfinishedKind(one: DrawnTry, hasFirstByte: boolean): number {
  if (finished(one)) return HANDLER;
  if (hasFirstByte) return DOWNLOAD;
  return one.phasesMs.network !== undefined ? TTFB : NETWORK;
}

/** The response was whole, so that time after its phases is spent on our side, in the user's own code. */
function finished(one: DrawnTry): boolean {
  return one.outcome === 'ok' || one.outcome === 'http_error' || one.outcome === 'handler_error';
}

function fits(one: DrawnTry, server: ServerReport): boolean {
  const { queue = 0, service = 0 } = one.phasesMs;
  const slackMs = server.doubtMs + 1;
  return (
    server.arrivedMs >= one.startedMs - slackMs && server.arrivedMs + queue + service <= one.endedMs + slackMs
  );
}
