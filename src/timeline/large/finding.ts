// What a picture shows, as sentences with computed numbers. The rule that fits first is said; where none fits, only
// what was measured is.
import { formatCount, formatDuration as plainDuration } from '../../base/units.ts';
import { counted } from '../caption.ts';
import type { Mark } from '../palette.ts';
import { KIND_COUNT, PERMIT, QUEUE, TTFB } from '../slices.ts';
import type { RunFacts } from './facts.ts';

const FAILURES: Readonly<Record<Mark, string>> = {
  error: 'failed',
  timeout: 'timed out',
  backoff: 'were told to slow down',
  retry: 'were tried again',
  cancelled: 'were cancelled',
};

/** A number and its unit stay on one line. */
function formatDuration(ms: number): string {
  return plainDuration(ms).replace(' ', '\u00a0');
}

/** From so large a share of all time on, a wait is the finding. */
const SHARE_MIN = 0.05;

/** `6 of 9 requests wait up to 2.02 s in the server’s queue. Wall 3.07 s; on the wire p50 2.02 s, max 3.07 s.` */
export function findingText(facts: RunFacts): string {
  if (facts.requests === 0) return 'No requests: there is nothing to draw.';
  if (facts.attempts === 0) return `Nothing was sent: ${counted(facts.unsent, 'request')} ended before that.`;
  return [headline(facts), failures(facts), figures(facts)].filter(text => text !== '').join(' ');
}

function headline(facts: RunFacts): string {
  const allUs = facts.kindUs.reduce((sum, us) => sum + us, 0);
  const share = (kind: number): number => (allUs > 0 ? (facts.kindUs[kind] as number) / allUs : 0);
  const workers = facts.capacity > 0 ? `, which has ${counted(facts.capacity, 'worker')}` : '';
  const hasRetries = facts.attempts > facts.requests - facts.unsent;
  const noun = hasRetries ? 'attempts' : 'requests';
  if (share(QUEUE) > SHARE_MIN && facts.waited > 0) {
    const of = facts.reported < facts.attempts ? `${noun} that the server tells of` : noun;
    const longest = `up to ${formatDuration(facts.queueUsMax / 1000)}`;
    const verb = facts.waited === 1 ? 'waits' : 'wait';
    return `${some(facts.waited, facts.reported, of)} ${verb} ${longest} in the queue of the server${workers}.`;
  }
  if (share(PERMIT) > SHARE_MIN && facts.permitWaited > 0) {
    const atServer = facts.reported > 0 ? '; none has to wait in the server’s queue' : '';
    const others = facts.waited > 0 ? '; the server’s own queue is short' : atServer;
    const verb = facts.permitWaited === 1 ? 'waits' : 'wait';
    // Each attempt waits anew; without retries, those that were never sent have waited as well.
    const who = some(facts.permitWaited, hasRetries ? facts.attempts : facts.requests, noun);
    return `${who} ${verb} up to ${formatDuration(facts.permitUsMax / 1000)} for a permit of ours${others}.`;
  }
  if (facts.reported > 0 && facts.waited === 0)
    return `No request waits in the queue of the server${workers}.`;
  return facts.reported === 0 && share(TTFB) > 0
    ? 'The server does not tell how long requests wait in its queue.'
    : '';
}

function some(count: number, all: number, noun: string): string {
  return count === all
    ? `All ${formatCount(all)} ${noun}`
    : `${formatCount(count)} of ${formatCount(all)} ${noun}`;
}

function failures(facts: RunFacts): string {
  const parts = Object.entries(facts.marks).map(
    ([mark, count]) =>
      `${formatCount(count)} ${FAILURES[mark as Mark].replace(/^were/, count === 1 ? 'was' : 'were')}`,
  );
  if (facts.unsent > 0)
    parts.push(`${formatCount(facts.unsent)} ${facts.unsent === 1 ? 'was' : 'were'} not sent`);
  return parts.length === 0 ? '' : `Of ${formatCount(facts.requests)} requests, ${parts.join(', ')}.`;
}

function figures({ wallUs, onWireMs, attempts, requests, unsent }: RunFacts): string {
  const wall = `Wall ${formatDuration(wallUs / 1000)}`;
  const wire = onWireMs
    ? `; on the wire p50 ${formatDuration(onWireMs.p50)}, max ${formatDuration(onWireMs.max)}`
    : '';
  const again = attempts > requests - unsent ? `; ${formatCount(attempts)} attempts` : '';
  return `${wall}${wire}${again}.`;
}

/** Walls that differ by less are alike. */
const ALIKE = 1.05;

export interface ComparedRun {
  readonly name: string;
  readonly facts: RunFacts;
}

/** Of several runs, how much sooner the quickest ended than the slowest; of one, its own finding. */
export function comparedText(runs: readonly ComparedRun[]): string {
  const [only] = runs;
  if (only === undefined) return 'No run: there is nothing to draw.';
  if (runs.length === 1) return findingText(only.facts);
  const sorted = [...runs].sort((a, b) => a.facts.wallUs - b.facts.wallUs);
  const quickest = sorted[0] as ComparedRun;
  const slowest = sorted.at(-1) as ComparedRun;
  if (new Set(runs.map(run => run.facts.requests)).size > 1)
    return `${counted(runs.length, 'run')} of different size, on one axis: their walls cannot be compared.`;
  if (slowest.facts.wallUs < quickest.facts.wallUs * ALIKE)
    return said(
      `${runs.length === 2 ? 'Both' : `All ${runs.length}`} runs take about as long: ${range(quickest, slowest)}.`,
      sorted,
    );
  const times = (slowest.facts.wallUs / quickest.facts.wallUs).toPrecision(3);
  return said(
    `${quickest.name} is ${times}× faster than ${slowest.name}: ${range(quickest, slowest)}.`,
    sorted,
  );
}

function said(text: string, sorted: readonly ComparedRun[]): string {
  const kinder = kinderText(sorted);
  return kinder === '' ? text : `${text} ${kinder}`;
}

/** Where two are as quick, and only one lets its requests queue at the server: the lesson of a semaphore. */
function kinderText(sorted: readonly ComparedRun[]): string {
  const quickUs = (sorted[0]?.facts.wallUs ?? 0) * ALIKE;
  const quick = sorted.filter(({ facts }) => facts.wallUs <= quickUs && facts.reported > 0);
  const kind = quick.find(({ facts }) => facts.waited === 0);
  const crowding = quick.find(({ facts }) => facts.waited > 0);
  if (!kind || !crowding) return '';
  const { waited, reported, queueUsMax } = crowding.facts;
  return (
    `${kind.name} takes about as long as ${crowding.name} and keeps the server’s queue empty: there ` +
    `${formatCount(waited)} of ${formatCount(reported)} wait up to ${formatDuration(queueUsMax / 1000)} in it.`
  );
}

function range(quickest: ComparedRun, slowest: ComparedRun): string {
  const [from, to] = [quickest, slowest].map(({ facts }) => formatDuration(facts.wallUs / 1000));
  return from === to ? `${from}` : `${from} and ${to}`;
}

/** Shares of all the time that was spent, by kind. */
export function sharesOf({ kindUs }: Pick<RunFacts, 'kindUs'>): Float64Array {
  const all = kindUs.reduce((sum, us) => sum + us, 0);
  return Float64Array.from({ length: KIND_COUNT }, (_, kind) =>
    all > 0 ? (kindUs[kind] as number) / all : 0,
  );
}
