// What may have held a run back, one rule each. A rule speaks when the numbers leave no other reading, and gives null
// otherwise: a larger limit beside a slow handler helps nobody.
import { formatCount, formatDuration, formatShare } from '../../base/units.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type DiagnosedRun, isOwnCpuBusy, mainBusy, rateFlagText, statedRateText } from './diagnosed-run.ts';
import { FULL } from './shares.ts';

/** Most of the time. */
const MOSTLY = 0.8;
const HALF = 0.5;
/** Shares of attempts that are called all and none: a few may fall out of line. */
const ALL = 0.95;
const NONE = 0.01;
/** So many in a hundred may fail before times mean nothing: a failure is quick. */
const FAILED_MAX = 0.05;

/** The server asked to be left alone, and most of the time went into that. */
export function serverRefuses(run: DiagnosedRun): Diagnosis | null {
  const { facts, summary, shares, onlyHost } = run;
  const { refused, attempts, failed } = facts;
  const { makespanMs } = summary;
  if (onlyHost === null || refused === 0 || failed > FAILED_MAX * attempts) return null;
  // A refusal that names no wait leads to a pause of our own, which shows as starts that were held back.
  const isOwnPause =
    shares.paused < 0.3 && run.header.rate === undefined && run.header.hostRate === undefined;
  const paused = isOwnPause ? shares.held : shares.paused;
  if (paused < 0.3) return null;
  const accepted = ((attempts - refused - failed) * 1000) / makespanMs;
  if (!(accepted > 0)) return null;
  const times = `${formatDuration(paused * makespanMs)} of ${formatDuration(makespanMs)}`;
  const pauses = isOwnPause ? 'the pauses after that' : 'the pauses that it asked for';
  return {
    code: 'server_refuses',
    sentence:
      `The server's rate limit: it refused ${formatCount(refused)} of ${formatCount(attempts)} attempts, and ` +
      `${pauses} took ${times}.`,
    tryThis: `--rate ${rateFlagText(accepted)}: so many it took on average, with the pauses`,
  };
}

/** Starts came as fast as our own rate lets them, from the first to the last, while others waited for it. */
export function ownRate(run: DiagnosedRun): Diagnosis | null {
  const { facts, header, shares, onlyHost, limit } = run;
  const { rate, hostRate, burst = 1 } = header;
  const own = slower(rate, onlyHost ? hostRate : undefined);
  if (own === undefined || areNotWhole(run) || shares.held < MOSTLY) return null;
  const perMs = own.count / own.windowMs;
  const spanMs = facts.lastAdmittedMs - facts.firstAdmittedMs;
  const due = spanMs * perMs;
  if (due < 5 || facts.attempts - burst < ALL * due) return null;
  const busy = facts.inFlightMs / Math.max(spanMs, 1e-9);
  const room = Math.min(limit.count === null ? 2 : (FULL * limit.count) / busy, serverRoom(run, spanMs), 2);
  if (room < 1.2) return null; // then the next limit is as near as this one
  const flag = own === rate ? '--rate' : '--host-rate';
  return {
    code: 'own_rate',
    sentence:
      `Our own rate: starts came at the ${statedRateText(own)} that ${flag} allows while others waited; on average ` +
      `${inUseText(run, busy)}.`,
    tryThis: `${flag} ${rateFlagText(perMs * 1000 * room)}, if the server may be asked so often`,
  };
}

function slower<R extends { count: number; windowMs: number }>(a: R | undefined, b: R | undefined) {
  if (a === undefined || b === undefined) return a ?? b;
  return a.count / a.windowMs <= b.count / b.windowMs ? a : b;
}

/** How many times as much its workers could serve, where that is known. */
function serverRoom({ facts, summary }: DiagnosedRun, spanMs: number): number {
  const { serverWorkers } = summary;
  if (serverWorkers === undefined || facts.reported < ALL * facts.attempts) return Number.POSITIVE_INFINITY;
  return (FULL * serverWorkers * spanMs) / facts.servedMs;
}

/** The user's code keeps the one thread busy: everything else waits for it. */
export function cpuHandler(run: DiagnosedRun): Diagnosis | null {
  const { facts, summary, header, shares, limit } = run;
  const { usage, makespanMs } = summary;
  if (header.workers !== undefined || areNotWhole(run)) return null;
  if (shares.handling < 0.6 || limit.count === 1) return null;
  // A handler that waits for something is no work: ours must have cost as much CPU time as it took.
  const cpuMs = usage && usage.userMs + usage.sysMs;
  if (!header.simulated && (cpuMs === undefined || facts.handlerMs > 1.1 * cpuMs)) return null;
  // The start of the process costs CPU time too, and in a short run enough for a handler that waits.
  const busy = mainBusy(summary);
  if (busy !== null && busy < FULL * shares.handling) return null;
  return {
    code: 'cpu_handler',
    sentence:
      `The handler: it kept the one thread busy for ${formatDuration(shares.handling * makespanMs)} of ` +
      `${formatDuration(makespanMs)} (${formatShare(shares.handling)}), and responses waited for it.`,
    tryThis: '-S threads: handlers then work side by side, one for each core',
  };
}

/** One of several hosts holds the permits that the others wait for. */
export function slowHost({ facts, shares, limit, header }: DiagnosedRun): Diagnosis | null {
  const hosts = facts.hosts ?? [];
  if (hosts.length < 2 || limit.count === null || limit.count < 2) return null;
  if (shares.full < HALF || facts.refused > 0 || facts.failed > FAILED_MAX * facts.attempts) return null;
  const slow = hosts.reduce((most, host) => (host.inFlightMs > most.inFlightMs ? host : most));
  const others = {
    attempts: facts.attempts - slow.attempts,
    inFlightMs: facts.inFlightMs - slow.inFlightMs,
    waitingMs: hosts.reduce((sum, host) => (host === slow ? sum : sum + host.waitingMs), 0),
  };
  const mean = slow.inFlightMs / slow.attempts;
  const othersMean = others.inFlightMs / others.attempts;
  if (slow.inFlightMs < 0.6 * facts.inFlightMs || slow.attempts > HALF * facts.attempts) return null;
  if (mean < 3 * othersMean || others.waitingMs < others.inFlightMs) return null;
  const half = Math.ceil(limit.count / 2);
  if (header.perHost !== undefined && header.perHost <= half) return null;
  return {
    code: 'slow_host',
    sentence:
      `One slow host: ${slow.origin} had ${formatShare(slow.attempts / facts.attempts)} of the attempts and ` +
      `${formatShare(slow.inFlightMs / facts.inFlightMs)} of the time in flight (${formatDuration(mean)} each, ` +
      `${formatDuration(othersMean)} at the others), and held permits that the others waited for.`,
    tryThis: `--per-host ${half}: half of the ${formatCount(limit.count)} permits stay free for the others`,
  };
}

/** More were sent at once than its workers can serve, and the rest stood in its queue. */
export function serverCapacity(run: DiagnosedRun): Diagnosis | null {
  const { facts, summary, shares, limit, onlyHost, aroundMs, servedMs } = run;
  const { serverWorkers, makespanMs, requests } = summary;
  if (onlyHost === null || serverWorkers === undefined || areNotWhole(run)) return null;
  if (facts.reported < ALL * facts.attempts || facts.waitedAtServer < 0.25 * facts.reported) return null;
  if (shares.queuedMs < 0.45 * makespanMs || shares.servedWhileQueued < FULL * serverWorkers) return null;
  const enough = enoughFor(serverWorkers, aroundMs / servedMs);
  const had = limit.count ?? summary.inFlightMax;
  if (enough >= Math.min(had, summary.inFlightMax)) return null;
  const isNear = enough === serverWorkers;
  const isOne = serverWorkers === 1;
  const workers = `${formatCount(serverWorkers)} ${isOne ? 'worker was' : 'workers were'}`;
  const all = isOne ? 'that worker' : `all ${formatCount(serverWorkers)}`;
  return {
    code: 'server_capacity',
    sentence:
      `The server's capacity: ${formatCount(facts.waitedAtServer)} of ${formatCount(facts.attempts)} ` +
      `${facts.attempts === requests ? 'requests' : 'attempts'} waited in its queue, up to ` +
      `${formatDuration(summary.serverQueueMs?.max ?? 0)}, while its ${workers} busy.`,
    tryThis: isNear
      ? `${flagFor(run, enough)}: it takes about as long and queues nothing there`
      : `${flagFor(run, enough)}: enough to keep ${all} busy across this network`,
  };
}

/** All our permits were taken while others waited, and the server had nobody waiting. */
export function ownLimit(run: DiagnosedRun): Diagnosis | null {
  const { facts, summary, shares, limit, onlyHost, aroundMs, servedMs } = run;
  const { serverWorkers, requests, makespanMs } = summary;
  if (onlyHost === null || limit.count === null || areNotWhole(run) || isOwnCpuBusy(summary)) return null;
  if (shares.full < MOSTLY || facts.lastAdmittedMs < 0.45 * makespanMs) return null;
  if (facts.reported < ALL * facts.attempts || facts.waitedAtServer > NONE * facts.reported) return null;
  // Permits that wait for something on our side would only wait in larger numbers.
  if (facts.elsewhereMs > 0.1 * facts.inFlightMs || facts.connectMs > 0.3 * facts.inFlightMs) return null;
  // Where it does not say how many it can serve, nobody knows whether it could serve one more.
  if (serverWorkers === undefined || serverWorkers <= limit.count) return null;
  const more = enoughFor(serverWorkers, aroundMs / servedMs);
  if (Math.ceil(requests / more) > FULL * Math.ceil(requests / limit.count)) return null;
  return {
    code: 'own_limit',
    sentence:
      `Our own limit: ${permitsWere(limit.count)} in use for ${formatShare(shares.full)} of the time while others ` +
      `waited here, and nobody waited at the server, which has ${formatCount(serverWorkers)} workers.`,
    tryThis: `${flagFor(run, more)}: that keeps all its workers busy`,
  };
}

/** Permits were free, nobody waited for one, and yet requests went on coming: we were waiting for them. */
export function slowInput(run: DiagnosedRun): Diagnosis | null {
  const { facts, summary, shares, limit } = run;
  const { makespanMs } = summary;
  if (limit.count === null || areNotWhole(run) || isOwnCpuBusy(summary)) return null;
  if (shares.idle < MOSTLY || facts.lastCreatedMs < HALF * makespanMs) return null;
  const used = facts.inFlightMs / makespanMs;
  const isPiped = run.header.inputs?.names.includes('-') ?? false;
  return {
    code: 'slow_input',
    sentence:
      `The input: for ${formatShare(shares.idle)} of the time nothing that had been read was left to send, and on ` +
      `average ${inUseText(run, used)}.`,
    tryThis: isPiped
      ? '-i FILE, with the requests written into it first'
      : '-i FILE from a faster place; more permits change nothing',
  };
}

/** As many in flight as keep the workers busy, with so much time around each stay there for the time in it. */
function enoughFor(workers: number, around: number): number {
  return around <= 0.05 ? workers : Math.ceil(workers * (1 + around));
}

/** `-c` alone changes nothing where the strategy has its own limit. */
function flagFor({ header, limit }: DiagnosedRun, count: number): string {
  const isFixed = header.strategy === 'async' || header.strategy === 'sequential';
  return `${isFixed && limit.flag === '-c' ? '-S semaphore ' : ''}${limit.flag} ${count}`;
}

/** Its times mean nothing when too much failed or was refused. */
function areNotWhole({ facts }: DiagnosedRun): boolean {
  return facts.refused > 0 || facts.failed > FAILED_MAX * facts.attempts;
}

/** `2.1 of 10 permits were in use`; where the limit is found, how many there might be is no measure. */
function inUseText({ limit, header }: DiagnosedRun, used: number): string {
  if (limit.count === null || header.findsPace) return `${oneDigit(used)} were in flight`;
  return `${oneDigit(used)} of ${formatCount(limit.count)} permits were in use`;
}

function permitsWere(count: number): string {
  if (count < 3) return count === 1 ? 'the one permit was' : 'both permits were';
  return `all ${formatCount(count)} permits were`;
}

function oneDigit(value: number): string {
  return value >= 99.95 ? formatCount(Math.round(value)) : value.toFixed(1);
}
