// What a comparison shows, in up to three sentences. Each is chosen by a rule and filled with numbers from the data;
// where a rule's data is missing or undecided, it says nothing. A guess would teach something false.
import { formatCount, formatDuration } from '../base/units.ts';
import { type CompareRow, failedCount, realMs, speedUp } from './compare-row.ts';

const FINDINGS_MAX = 3;
/** Times this close are called the same. */
const SAME_SHARE = 0.1;
/** From here on a gain is called one. */
const GAIN_MIN = 1.25;

/** Sentences without a line feed; the most important one first. Empty when nothing can be said for sure. */
export function findings(rows: readonly CompareRow[]): string[] {
  const whole = rows.filter(row => failedCount(row) === 0 && row.requests > 0);
  const rules = [
    failures(rows),
    cpuBound(whole),
    overload(whole),
    overlap(whole, rows),
    workersForWaiting(whole),
  ];
  return rules.filter(sentence => sentence !== null).slice(0, FINDINGS_MAX);
}

function failures(rows: readonly CompareRow[]): string | null {
  const failed = rows.filter(row => failedCount(row) > 0);
  if (failed.length === 0) return null;
  const list = failed.map(
    row => `${row.strategy} ${formatCount(failedCount(row))} of ${formatCount(row.requests)}`,
  );
  return `Some requests failed (${joined(list)}): a failure can be quick, so those times are not compared.`;
}

/** Nobody waits in the server's queue with the limit, many do without; and it costs no time. */
function overload(rows: readonly CompareRow[]): string | null {
  const flooded = rows.find(
    row =>
      row.limit === null &&
      (row.summary.serverWaited ?? 0) > 0 &&
      // Waits are counted by attempt, and the sentence speaks of requests.
      row.summary.attempts === row.requests,
  );
  if (flooded === undefined) return null;
  const waited = flooded.summary.serverWaited as number;
  const longest = flooded.summary.serverQueueMs?.max ?? 0;
  const opening =
    `${flooded.strategy} sends ${atOnce(flooded)}: ${formatCount(waited)} of them ` +
    `${waited === 1 ? 'waits' : 'wait'} in the server's queue, up to ${formatDuration(longest)}`;
  const limited = rows.find(
    row =>
      isInProcess(row) &&
      row.limit !== null &&
      row.limit > 1 &&
      row.requests === flooded.requests &&
      row.summary.serverWaited !== undefined &&
      row.summary.serverWaited < waited,
  );
  if (limited === undefined) return `${opening}.`;
  const left = limited.summary.serverWaited as number;
  const times = `${formatDuration(realMs(limited))} against ${formatDuration(realMs(flooded))}`;
  const pace = isSame(limited, flooded)
    ? `takes as long (${times})`
    : `takes ${realMs(limited) < realMs(flooded) ? 'less' : 'longer'} (${times})`;
  const queue = left === 0 ? 'queues nothing there' : `lets only ${formatCount(left)} wait there`;
  return `${opening}; ${limitWords(limited)} ${pace} and ${queue}.`;
}

function limitWords({ limit, findsPace }: CompareRow): string {
  return findsPace ? 'a limit that is found' : `a limit of ${formatCount(limit as number)}`;
}

function atOnce({ requests, summary }: CompareRow): string {
  return summary.inFlightMax === requests
    ? `all ${formatCount(requests)} at once`
    : `up to ${formatCount(summary.inFlightMax)} at once`;
}

/** Waiting overlaps: the gain over one after another. */
function overlap(rows: readonly CompareRow[], all: readonly CompareRow[]): string | null {
  const base = rows.find(row => row.strategy === 'sequential');
  const best = rows
    .filter(row => row.strategy !== 'sequential' && isInProcess(row) && !row.cpuMs)
    .sort((a, b) => (speedUp(b, all) ?? 0) - (speedUp(a, all) ?? 0))[0];
  if (base === undefined || best === undefined || base.requests !== best.requests) return null;
  const gain = speedUp(best, all);
  if (gain === null || gain < GAIN_MIN) return null;
  return (
    `One after another takes ${formatDuration(realMs(base))}, ${best.strategy} ${formatDuration(realMs(best))} ` +
    `in the same single thread: ${gain.toFixed(1)} times as fast, because the waiting overlaps.`
  );
}

/** Threads and processes beside the one thread with the same work, when nothing but waiting is to do. */
function workersForWaiting(rows: readonly CompareRow[]): string | null {
  const pools = rows.filter(row => isPool(row) && !row.cpuMs);
  const single = singleFor(pools[0], rows);
  const memory = single?.summary.usage?.peakMemoryBytes;
  if (single === undefined || pools.length === 0) return null;
  if (
    !pools.every(row => row.requests === single.requests && realMs(row) > realMs(single) * (1 - SAME_SHARE))
  )
    return null;
  const opening =
    `${sentenceStart(joined(pools.map(row => row.strategy)))} are no faster than ${single.strategy} here: ` +
    'the work is waiting';
  const costs = pools.map(row => (row.summary.usage?.peakMemoryBytes ?? 0) / (memory ?? Number.NaN));
  if (!costs.every(cost => cost >= 1.05)) return `${opening}.`;
  return `${opening}; they cost ${joined(costs.map(cost => `${cost.toFixed(1)}×`))} the memory.`;
}

/** Work for the CPU: one event loop does it one after another, workers side by side. */
function cpuBound(rows: readonly CompareRow[]): string | null {
  const pools = rows.filter(row => isPool(row) && (row.cpuMs ?? 0) > 0);
  const single = singleFor(pools[0], rows);
  if (single === undefined || !single.cpuMs) return null;
  const burnMs = single.cpuMs * single.requests;
  const faster = pools.filter(
    row => row.requests === single.requests && realMs(row) * GAIN_MIN <= realMs(single),
  );
  if (faster.length === 0 || realMs(single) < burnMs) return null;
  const gains = faster.map(row => `${row.strategy} (${formatDuration(realMs(row))})`);
  const threads = faster.some(row => row.strategy === 'threads')
    ? " Node's threads really run side by side, unlike Python's under the GIL."
    : '';
  return (
    `${sentenceStart(single.strategy)} does not help with the CPU-bound part: one event loop burns ` +
    `${formatDuration(single.cpuMs)} × ${formatCount(single.requests)} = ${formatDuration(burnMs)} one after another ` +
    `(${formatDuration(realMs(single))} in all); ` +
    `${joined(gains)} ${faster.length === 1 ? 'does' : 'do'} it side by side.${threads}`
  );
}

/** The single-threaded row to hold a pool against: the same limit, else without one. */
function singleFor(pool: CompareRow | undefined, rows: readonly CompareRow[]): CompareRow | undefined {
  if (pool === undefined) return undefined;
  const singles = rows.filter(row => isInProcess(row) && row.strategy !== 'sequential');
  return singles.find(row => row.limit === pool.limit) ?? singles.find(row => row.limit === null);
}

function isPool(row: CompareRow): boolean {
  return row.strategy === 'threads' || row.strategy === 'processes';
}

function isInProcess(row: CompareRow): boolean {
  return row.strategy === 'sequential' || row.strategy === 'async' || row.strategy === 'semaphore';
}

function isSame(a: CompareRow, b: CompareRow): boolean {
  return Math.abs(realMs(a) - realMs(b)) <= SAME_SHARE * Math.max(realMs(a), realMs(b));
}

/** Strategies keep their names; only a list of words begins with a capital. */
function sentenceStart(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a`, `a and b`, `a, b and c` */
function joined(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
