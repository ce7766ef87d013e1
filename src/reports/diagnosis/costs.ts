// What cost a run time beside whatever held it back: connections made anew, and attempts made again.
import { formatCount, formatShare } from '../../base/units.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { DiagnosedRun } from './diagnosed-run.ts';

/** Attempts that connect for each lane: from here on it is no longer only the beginning. */
const PER_LANE_MIN = 3;
const SHARE_MIN = 0.4;
const RETRIED_MIN = 0.1;
const RETRIED_MS_MIN = 0.2;

/** Connections are not kept, and making them takes most of the time. */
export function connecting({ facts, onlyHost }: DiagnosedRun): Diagnosis | null {
  const { attempts, connected, connectMs, inFlightMs, handlerMs, laneMax, failed, refused } = facts;
  const lanes = laneMax + 1;
  if (onlyHost === null || failed > 0.05 * attempts || refused > 0) return null;
  if (connected < 0.5 * attempts || connected < PER_LANE_MIN * lanes) return null;
  const share = connectMs / (inFlightMs - handlerMs);
  if (!(share >= SHARE_MIN)) return null;
  return {
    code: 'connecting',
    sentence:
      `Connecting took ${formatShare(share)} of the time in flight: ${formatCount(connected)} of ` +
      `${formatCount(attempts)} attempts opened a connection, though no more than ${formatCount(lanes)} ` +
      `${lanes === 1 ? 'was' : 'were'} in flight at once.`,
    tryThis: "HTTP keep-alive on the server, and no 'Connection: close' in -H",
  };
}

/** Much was sent again. */
export function retries({ facts }: DiagnosedRun): Diagnosis | null {
  const { attempts, retried, retriedMs, inFlightMs, againAfter } = facts;
  if (retried < RETRIED_MIN * attempts) return null;
  if (retriedMs < RETRIED_MS_MIN * inFlightMs && retried < RETRIED_MS_MIN * attempts) return null;
  const [reason, count] = [...againAfter].reduce((most, one) => (one[1] > most[1] ? one : most), ['', 0]);
  const mostly =
    count * 2 > retried ? `, ${count === retried ? 'all' : 'most'} after ${article(reason)}` : '';
  return {
    code: 'retries',
    sentence:
      `Retries: ${formatCount(retried)} of ${formatCount(attempts)} attempts failed and were made again` +
      `${mostly}; they took ${formatShare(retriedMs / inFlightMs)} of the time in flight.`,
    tryThis: '-v, which tells each failure as it happens',
  };
}

function article(reason: string): string {
  return /^\d/.test(reason) ? `status ${reason}` : `a ${reason}`;
}
