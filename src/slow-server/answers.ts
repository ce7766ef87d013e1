// Puts an answer on the wire: whole, trickling, broken off in the middle, or not at all.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../base/clock.ts';
import { BODY_TEXT, type Fate } from './overrides.ts';

const SERVER_NAME = 'paceline slow API (for tests)';
const PLAIN_BODY = Buffer.from(BODY_TEXT);
/** The text over and over; every body is written in pieces of this. Its length is a multiple of the text's. */
const LONG_BODY = Buffer.alloc(BODY_TEXT.length * 2048, BODY_TEXT);
/** How often a dripping body is fed, unless its rate is below a byte each time. */
const DRIPS_PER_SECOND = 20;

/** What the workers' answer says of its own times. Spans in ms; `arrivedMs` is the machine's clock. */
export function serverTiming(times: {
  readonly arrivedMs: number;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly worker: number;
  readonly workers: number;
}): string {
  const queueMs = Math.max(0, times.startedMs - times.arrivedMs);
  const appMs = times.endedMs - times.startedMs;
  return (
    `queue;dur=${queueMs.toFixed(3)};t0=${times.arrivedMs.toFixed(3)}, app;dur=${appMs.toFixed(3)}, ` +
    `worker;desc="${times.worker + 1}", workers;desc="${times.workers}"`
  );
}

/** A short text that no worker had a part in: a refusal, or the loss of a worker. */
export function answerText(
  response: ServerResponse,
  answer: { readonly status: number; readonly text: string; readonly headers?: readonly string[] },
): void {
  const body = Buffer.from(answer.text);
  const type = answer.text.startsWith('{') ? 'application/json' : 'text/plain; charset=utf-8';
  response.writeHead(
    answer.status,
    head(type, body.length, ['X-Content-Type-Options', 'nosniff', ...(answer.headers ?? [])]),
  );
  response.end(body);
}

/** The answer of a worker, with the fate that was drawn for it. */
export function answerFate(
  response: ServerResponse,
  answer: { readonly fate: Fate; readonly headers: readonly string[]; readonly clock: Clock },
): void {
  const { fate } = answer;
  const { socket } = response.req; // the response itself has none while an earlier one is unanswered
  const bodiless = response.req.method === 'HEAD' || fate.status === 204 || fate.status === 304;
  if (fate.fault === 'reset') {
    socket.resetAndDestroy();
    return;
  }
  if (fate.fault === 'close' && bodiless) {
    socket.destroySoon(); // with no body to break off there is nothing to answer
    return;
  }
  const length = fate.status === 204 || fate.status === 304 ? null : fate.bodyBytes;
  response.writeHead(fate.status, head('text/plain; charset=utf-8', length, answer.headers));
  if (bodiless) {
    response.end();
    return;
  }
  const lastByte = fate.fault === 'close' ? Math.floor(fate.bodyBytes / 2) : fate.bodyBytes;
  const finish = (): void => {
    if (fate.fault === 'none') response.end();
    else socket.destroySoon();
  };
  if (fate.dripBytesPerSecond !== Number.POSITIVE_INFINITY) {
    drip(response, { bytes: lastByte, bytesPerSecond: fate.dripBytesPerSecond, clock: answer.clock }, finish);
  } else if (lastByte === PLAIN_BODY.length && fate.fault === 'none') response.end(PLAIN_BODY);
  else pour(response, lastByte, finish);
}

function head(type: string, bodyBytes: number | null, more: readonly string[]): string[] {
  const headers = ['Server', SERVER_NAME, ...more];
  if (bodyBytes !== null) headers.push('Content-Type', type, 'Content-Length', String(bodyBytes));
  return headers;
}

/** Writes as fast as the client reads, so that a body of any size needs no memory. */
function pour(response: ServerResponse, bytes: number, finish: () => void): void {
  let left = bytes;
  const step = (): void => {
    while (left > 0) {
      if (response.destroyed) return;
      const piece = LONG_BODY.subarray(0, Math.min(left, LONG_BODY.length));
      left -= piece.length;
      if (!response.write(piece) && left > 0) {
        response.once('drain', step);
        return;
      }
    }
    finish();
  };
  step();
}

/** Writes at a rate; what a slow client has not read yet is waited for, never gathered. */
function drip(
  response: ServerResponse,
  plan: { readonly bytes: number; readonly bytesPerSecond: number; readonly clock: Clock },
  finish: () => void,
): void {
  const { clock, bytesPerSecond } = plan;
  const pieceBytes = Math.min(LONG_BODY.length, Math.ceil(bytesPerSecond / DRIPS_PER_SECOND));
  const startMs = clock.now();
  let written = 0;
  const step = (): void => {
    if (response.destroyed) return;
    if (written >= plan.bytes) {
      finish();
      return;
    }
    const offset = written % BODY_TEXT.length;
    const piece = LONG_BODY.subarray(
      offset,
      offset + Math.min(pieceBytes, plan.bytes - written, LONG_BODY.length - offset),
    );
    written += piece.length;
    const nextMs = startMs + (written / bytesPerSecond) * 1000;
    if (response.write(piece)) clock.schedule(nextMs, step);
    else response.once('drain', () => clock.schedule(nextMs, step));
  };
  step();
}
