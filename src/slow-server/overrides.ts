// What a request may ask for in its query, and what then becomes of it: the server for trying faults.
//
//   delay=150ms:10,2s:5   service time: any form of `--delay`; here 10 % 150 ms, 5 % 2 s, the rest as usual
//   status=503:5,429:1    5 % are answered 503, 1 % 429, the rest 200; `status=404` alone means all
//   size=4kB              the body is the usual text over and over, to that many bytes
//   drip=10B/s            the body trickles
//   close=1               1 % break off: headers, half of the body, then an orderly end of the connection
//   reset=1               1 % are reset: not a byte of an answer, the connection torn down
//
// Other names are none of ours and mean nothing, so `?n=17` makes URLs distinct.
import { PacelineError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { formatDuration, formatSize, parseSize } from '../base/units.ts';
import { type Mix, parseMix, pick, readPercent } from '../workload/mix.ts';
import { drawServiceTime, parseServiceTime, type ServiceTime } from '../workload/service-time.ts';
import { BODY_BYTES_MAX, DELAY_MS_MAX, DRIP_MS_MAX } from './limits.ts';

/** The talk's body, to the letter, without a newline. */
export const BODY_TEXT = 'This is a slow web api';

/** What one request asked for. */
export interface Wishes {
  readonly serviceTime: ServiceTime;
  readonly status: Mix<number>;
  readonly closePercent: number;
  readonly resetPercent: number;
  readonly bodyBytes: number;
  /** Infinity for all at once. */
  readonly dripBytesPerSecond: number;
}

/** What becomes of it, all draws made. */
export interface Fate {
  readonly serviceMs: number;
  readonly status: number;
  readonly fault: 'none' | 'close' | 'reset';
  readonly bodyBytes: number;
  readonly dripBytesPerSecond: number;
}

const NAMES = ['delay', 'status', 'size', 'drip', 'close', 'reset'] as const;

/** What a request without a query gets. */
export function plainWishes(serviceTime: ServiceTime): Wishes {
  return {
    serviceTime,
    status: { parts: [], rest: 200 },
    closePercent: 0,
    resetPercent: 0,
    bodyBytes: BODY_TEXT.length,
    dripBytesPerSecond: Number.POSITIVE_INFINITY,
  };
}

/**
 * Reads the query of a request, without its `?`.
 * @throws ERR_OPTION_INVALID for a wish that makes no sense or crosses a bound
 */
export function readWishes(query: string, usual: Wishes): Wishes {
  const given = new URLSearchParams(query);
  const read = <T>(name: (typeof NAMES)[number], usually: T, parse: (text: string) => T): T => {
    const texts = given.getAll(name);
    if (texts.length > 1) throw invalid(`${name}: given ${texts.length} times. Once is enough.`);
    return texts[0] === undefined ? usually : parse(texts[0]);
  };
  const wishes: Wishes = {
    serviceTime: read('delay', usual.serviceTime, text =>
      parseServiceTime(text, { name: 'delay', rest: usual.serviceTime, msMax: DELAY_MS_MAX }),
    ),
    status: read('status', usual.status, text => parseMix(text, 'status', readStatus, 200)),
    closePercent: read('close', usual.closePercent, text => readPercent(text, 'close')),
    resetPercent: read('reset', usual.resetPercent, text => readPercent(text, 'reset')),
    bodyBytes: read('size', usual.bodyBytes, readBodyBytes),
    dripBytesPerSecond: read('drip', usual.dripBytesPerSecond, readDrip),
  };
  const dripMs = (wishes.bodyBytes / wishes.dripBytesPerSecond) * 1000;
  if (dripMs > DRIP_MS_MAX)
    throw invalid(
      `drip: the body would take ${formatDuration(dripMs)}, more than ${formatDuration(DRIP_MS_MAX)}.`,
    );
  return wishes;
}

/** Makes all draws for one request, those of fixed number first, so that a new delay moves no fault. */
export function decideFate(wishes: Wishes, random: Random): Fate {
  const resets = random.next() * 100 < wishes.resetPercent;
  const closes = random.next() * 100 < wishes.closePercent;
  const status = pick(wishes.status, random);
  return {
    serviceMs: Math.min(DELAY_MS_MAX, drawServiceTime(wishes.serviceTime, random)),
    status,
    fault: resets ? 'reset' : closes ? 'close' : 'none',
    bodyBytes: wishes.bodyBytes,
    dripBytesPerSecond: wishes.dripBytesPerSecond,
  };
}

function readStatus(text: string): number {
  const status = /^\d{3}$/.test(text) ? Number(text) : 0;
  if (status < 200 || status > 599)
    throw invalid(`status: expected a status from 200 to 599, got '${text}'.`);
  return status;
}

function readBodyBytes(text: string): number {
  const bytes = parseSize(text, 'size');
  if (bytes > BODY_BYTES_MAX)
    throw invalid(`size: ${text} is more than the ${formatSize(BODY_BYTES_MAX)} allowed here.`);
  return bytes;
}

function readDrip(text: string): number {
  const bytes = text.endsWith('/s') ? parseSize(text.slice(0, -2), 'drip') : 0;
  if (bytes < 1) throw invalid(`drip: expected bytes per second such as 10B/s or 4kB/s, got '${text}'.`);
  return bytes;
}

function invalid(message: string): PacelineError {
  return new PacelineError('ERR_OPTION_INVALID', message);
}
