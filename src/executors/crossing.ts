// How attempts and their ends cross to a worker and back: each is a fixed number of places in one flat list,
// many to a message. Cloning a flat list of numbers and strings costs about half of cloning objects, and the
// common request (GET without headers, body, id) is a URL and five numbers.
import type { Attempt, AttemptEnd, Phases } from '../model/attempt.ts';
import { OUTCOMES, type OutcomeKind } from '../model/outcome.ts';
import type { HttpRequest } from '../model/request.ts';

const START_PLACES = 7;
const END_PLACES = 12;

/** What is not the same for nearly all requests. */
type Shape = Omit<HttpRequest, 'url'>;
/** What few ends have. */
type Rest = Pick<
  AttemptEnd,
  | 'headers'
  | 'location'
  | 'url'
  | 'body'
  | 'value'
  | 'error'
  | 'server'
  | 'mayHaveArrived'
  | 'retryAfterMs'
  | 'retryAfterIgnored'
  | 'quota'
  | 'addresses'
  | 'framing'
  | 'passedOver'
> & {
  readonly handlerMs?: number | undefined;
};

const PLAIN_GET: Shape = { method: 'GET', headers: [], body: null, id: null, timeoutMs: null };
const OUTCOME_NUMBERS = new Map<OutcomeKind, number>(OUTCOMES.map((outcome, number) => [outcome, number]));

export function packStart(into: unknown[], attempt: Attempt<HttpRequest>): void {
  const { request } = attempt;
  into.push(
    attempt.lane,
    attempt.index,
    attempt.number,
    attempt.admittedMs,
    attempt.deadlineMs,
    request.url,
    isPlainGet(request) ? null : shapeOf(request),
  );
}

export function unpackStarts(
  list: readonly unknown[],
  onStart: (attempt: Attempt<HttpRequest>) => void,
): void {
  for (let at = 0; at < list.length; at += START_PLACES) {
    const url = list[at + 5] as string;
    onStart({
      lane: list[at] as number,
      index: list[at + 1] as number,
      number: list[at + 2] as number,
      admittedMs: list[at + 3] as number,
      deadlineMs: list[at + 4] as number,
      request: { url, ...((list[at + 6] as Shape | null) ?? PLAIN_GET) },
    });
  }
}

export function packEnd(into: unknown[], end: AttemptEnd): void {
  const { phasesMs } = end;
  into.push(
    end.lane,
    OUTCOME_NUMBERS.get(end.outcome),
    end.status,
    end.startedMs,
    end.endedMs,
    end.bytes,
    phasesMs.network,
    phasesMs.queue,
    phasesMs.service,
    phasesMs.ttfb,
    phasesMs.download,
    restOf(end),
  );
}

/** @param worker the number of the worker that told these ends */
export function unpackEnds(list: readonly unknown[], worker: number, onEnd: (end: AttemptEnd) => void): void {
  for (let at = 0; at < list.length; at += END_PLACES) {
    const { handlerMs, ...rest } = (list[at + 11] as Rest | null) ?? NOTHING;
    onEnd({
      lane: list[at] as number,
      outcome: OUTCOMES[list[at + 1] as number] as OutcomeKind,
      status: list[at + 2] as number | null,
      startedMs: list[at + 3] as number,
      endedMs: list[at + 4] as number,
      bytes: list[at + 5] as number,
      phasesMs: phasesOf(list, at + 6, handlerMs),
      worker,
      ...rest,
    });
  }
}

const NOTHING: Rest = {};

/** A phase that was not measured is left out, on both sides. */
function phasesOf(list: readonly unknown[], at: number, handlerMs: number | undefined): Phases {
  const phases: Phases = {};
  const network = list[at] as number | undefined;
  const queue = list[at + 1] as number | undefined;
  const service = list[at + 2] as number | undefined;
  const ttfb = list[at + 3] as number | undefined;
  const download = list[at + 4] as number | undefined;
  if (network !== undefined) phases.network = network;
  if (queue !== undefined) phases.queue = queue;
  if (service !== undefined) phases.service = service;
  if (ttfb !== undefined) phases.ttfb = ttfb;
  if (download !== undefined) phases.download = download;
  if (handlerMs !== undefined) phases.handler = handlerMs;
  return phases;
}

function isPlainGet({ method, headers, body, id, timeoutMs }: HttpRequest): boolean {
  return method === 'GET' && headers.length === 0 && body === null && id === null && timeoutMs === null;
}

function shapeOf({ method, headers, body, id, timeoutMs }: HttpRequest): Shape {
  return { method, headers, body: body instanceof Uint8Array ? ownBytes(body) : body, id, timeoutMs };
}

function restOf(end: AttemptEnd): Rest | null {
  const { headers, location, body, value, error, server, mayHaveArrived } = end;
  const { retryAfterMs, retryAfterIgnored, quota, url, addresses, framing, passedOver } = end;
  const handlerMs = end.phasesMs.handler;
  const hasWord = retryAfterMs !== undefined || retryAfterIgnored !== undefined || quota !== undefined;
  const hasNotes =
    addresses !== undefined || framing !== undefined || passedOver !== undefined || mayHaveArrived === true;
  const isBare =
    !headers && location === undefined && !body && value === undefined && !hasWord && !url && !hasNotes;
  if (isBare && !error && !server && handlerMs === undefined) return null;
  return {
    ...(headers ? { headers: { ...headers } } : undefined),
    ...(location === undefined ? undefined : { location }),
    ...(body ? { body: ownBytes(body) } : undefined),
    ...(value === undefined ? undefined : { value }),
    ...(error ? { error } : undefined),
    ...(server ? { server } : undefined),
    ...(handlerMs === undefined ? undefined : { handlerMs }),
    ...(mayHaveArrived ? { mayHaveArrived } : undefined),
    ...(retryAfterMs === undefined ? undefined : { retryAfterMs }),
    ...(retryAfterIgnored === undefined ? undefined : { retryAfterIgnored }),
    ...(quota ? { quota } : undefined),
    ...(url === undefined ? undefined : { url }),
    ...(addresses ? { addresses } : undefined),
    ...(framing ? { framing } : undefined),
    ...(passedOver === undefined ? undefined : { passedOver }),
  };
}

/** A view on part of a larger buffer would take the whole buffer across. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  const { buffer } = bytes;
  const whole = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength;
  return whole ? bytes : new Uint8Array(bytes);
}
