// The words around a picture: its title, and the finding in numbers. All computed; a caption typed by hand will lie.
import { formatCount, formatDuration } from '../base/units.ts';
import type { RunHeader } from '../model/record.ts';
import { loopsPart } from './event-loops.ts';
import type { Mark } from './palette.ts';
import type { PictureFacts } from './picture.ts';

/** What the title says of the run. */
export type TitledRun = Pick<RunHeader, 'strategy' | 'concurrency' | 'findsPace' | 'workers' | 'simulated'>;

const FAILURES: Readonly<Record<Mark, string>> = {
  error: 'failed',
  timeout: 'timed out',
  backoff: 'told to slow down',
  retry: 'tried again',
  cancelled: 'cancelled',
};

const WORKERS: Readonly<Record<string, string>> = { threads: 'threads', processes: 'processes' };

/** A record may come from anybody, and name its strategy `constructor`. */
function workersWord(strategy: string): string {
  return (Object.hasOwn(WORKERS, strategy) && WORKERS[strategy]) || 'workers';
}

/** `async · 9 requests · no limit · server 3 workers` */
export function titleParts(run: TitledRun, facts: Pick<PictureFacts, 'requests' | 'capacity'>): string[] {
  return [
    run.strategy,
    counted(facts.requests, 'request'),
    limitPart(run),
    ...(run.workers === undefined ? [] : [`${formatCount(run.workers)} ${workersWord(run.strategy)}`]),
    ...(facts.capacity === null ? [] : [`server ${counted(facts.capacity, 'worker')}`]),
    ...(run.simulated ? ['simulated'] : []),
  ];
}

/** `limit found` of a run that finds the server's pace by itself. */
function limitPart({ concurrency, findsPace }: TitledRun): string {
  if (findsPace) return 'limit found';
  return concurrency === null ? 'no limit' : `limit ${formatCount(concurrency)}`;
}

/** `wall 3.07 s` · `on the wire p50 2.02 max 3.07 s` · `server queue: 6 of 9 waited, max 2.02 s` */
export function captionParts(facts: PictureFacts): string[] {
  if (facts.attempts === 0) return facts.requests === 0 ? ['no requests'] : ['nothing was sent'];
  return [
    `wall ${formatDuration(facts.wallMs)}`,
    ...(facts.onWireMs ? [`on the wire ${spread(facts.onWireMs.p50, facts.onWireMs.max)}`] : []),
    ...(facts.answered > 0 ? [serverQueue(facts)] : []),
    ...Object.entries(facts.failed).map(([mark, count]) => `${formatCount(count)} ${FAILURES[mark as Mark]}`),
    ...(facts.unsent > 0 ? [`${formatCount(facts.unsent)} not sent`] : []),
    ...(facts.attempts > facts.requests - facts.unsent ? [`${formatCount(facts.attempts)} attempts`] : []),
    ...loopsPart(facts.eventLoops, facts.wallMs),
  ];
}

function serverQueue({ reported, attempts, waited, queueMsMax }: PictureFacts): string {
  if (reported === 0) return 'the server does not report its queue';
  const some = reported < attempts ? ` (${formatCount(reported)} of ${formatCount(attempts)} reported)` : '';
  const longest = waited > 0 ? `, max ${formatDuration(queueMsMax)}` : '';
  return `server queue: ${formatCount(waited)} of ${formatCount(reported)} waited${longest}${some}`;
}

/** Both in one unit where that keeps the smaller one readable: `p50 2.02 max 3.07 s`. */
function spread(p50Ms: number, maxMs: number): string {
  const p50 = formatDuration(p50Ms);
  const max = formatDuration(maxMs);
  const unit = max.slice(max.indexOf(' '));
  return p50.endsWith(unit) ? `p50 ${p50.slice(0, -unit.length)} max ${max}` : `p50 ${p50} max ${max}`;
}

/** `1 worker`, `3 workers` */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
