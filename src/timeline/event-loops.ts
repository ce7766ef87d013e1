// How busy our own event loops were, as strips over the run: one for the main thread and one for each worker, or one
// for all workers where they are many. One strip against three is what tells coroutines from threads in a picture.
import { formatCount, formatShare } from '../base/units.ts';
import type { EventLoop } from '../model/record.ts';

export interface LoopStrip {
  /** `main`, `thread 2`, `processes 1–12`. */
  readonly label: string;
  readonly fromMs: number;
  readonly everyMs: number;
  /** From 0 to 1, of several loops their mean; null where nothing was measured. */
  readonly busy: readonly (number | null)[];
  /** Over the whole run, as far as it was measured. */
  readonly mean: number;
  /** Of several loops, the means of the least and the most busy one; null for a single one. */
  readonly range: { readonly least: number; readonly most: number } | null;
}

/** As many columns as the longest list of a record has. */
const COLUMNS_MAX = 4096;

/**
 * The loops of a run, the main one first, then workers by number. More than `most` are drawn as two: the main one, and
 * the mean of all workers. A loop of which nothing is known within the run is left out.
 */
export function loopStrips(loops: readonly EventLoop[], wallMs: number, most: number): LoopStrip[] {
  const known = loops
    .flatMap(loop => {
      const mean = meanBusy(loop, wallMs);
      return mean === null ? [] : [{ loop, mean }];
    })
    .toSorted((a, b) => placeOf(a.loop) - placeOf(b.loop));
  if (known.length <= most) return known.map(({ loop, mean }) => stripOf(loop, mean));
  const workers = known.filter(({ loop }) => loop.of !== 'main');
  return [
    ...known
      .filter(({ loop }) => loop.of === 'main')
      .slice(0, 1)
      .map(({ loop, mean }) => stripOf(loop, mean)),
    ...(workers.length > 0 ? [folded(workers)] : []),
  ];
}

/** `4 % busy`; of several loops `31 % busy, 2–97 %`. */
export function busyText({ mean, range }: LoopStrip): string {
  if (range === null) return `${formatShare(mean)} busy`;
  return `${formatShare(mean)} busy, ${rangeText(range.least, range.most)}`;
}

/** `24–31 %`, or `24 %` where both are. */
function rangeText(least: number, most: number): string {
  const [from, to] = [formatShare(least), formatShare(most)];
  return from === to ? to : `${from.replace(/ %$/, '')}–${to}`;
}

/** `event loop 4 % busy`, or `event loops: main 3 %, threads 24–31 % busy`; nothing where nothing is known. */
export function loopsPart(loops: readonly EventLoop[], wallMs: number): string[] {
  const means = (isMain: boolean): number[] =>
    loops
      .filter(({ of }) => (of === 'main') === isMain)
      .map(loop => meanBusy(loop, wallMs))
      .filter(mean => mean !== null);
  const [main] = means(true);
  const workers = means(false);
  if (workers.length === 0) return main === undefined ? [] : [`event loop ${formatShare(main)} busy`];
  const word = loops.some(({ of }) => of === 'process') ? 'process' : 'thread';
  const plural = workers.length === 1 ? word : word === 'process' ? 'processes' : 'threads';
  return [
    `event loops: ${main === undefined ? '' : `main ${formatShare(main)}, `}` +
      `${plural} ${rangeText(Math.min(...workers), Math.max(...workers))} busy`,
  ];
}

/** Mean share over the run until `wallMs`; null where nothing of that was measured. */
export function meanBusy({ fromMs = 0, everyMs, busy }: EventLoop, wallMs: number): number | null {
  let busyMs = 0;
  let measuredMs = 0;
  for (const [place, share] of busy.entries()) {
    const beginMs = fromMs + place * everyMs;
    const ms = Math.min(beginMs + everyMs, wallMs) - beginMs;
    if (share === null || ms <= 0) continue;
    busyMs += share * ms;
    measuredMs += ms;
  }
  return measuredMs > 0 ? busyMs / measuredMs : null;
}

/** Mean shares of equally long columns that begin at `fromMs`; null for a column of which nothing was measured. */
export function inColumns(
  strip: Pick<LoopStrip, 'fromMs' | 'everyMs' | 'busy'>,
  {
    fromMs,
    columnMs,
    columns,
  }: { readonly fromMs: number; readonly columnMs: number; readonly columns: number },
): (number | null)[] {
  const busyMs = new Float64Array(columns);
  const measuredMs = new Float64Array(columns);
  for (const [place, share] of strip.busy.entries()) {
    if (share === null) continue;
    const begin = (strip.fromMs + place * strip.everyMs - fromMs) / columnMs;
    const end = Math.min(columns, begin + strip.everyMs / columnMs);
    for (let column = Math.max(0, Math.floor(begin)); column < end; column++) {
      const ms = (Math.min(end, column + 1) - Math.max(begin, column)) * columnMs;
      busyMs[column] = (busyMs[column] as number) + share * ms;
      measuredMs[column] = (measuredMs[column] as number) + ms;
    }
  }
  return Array.from(measuredMs, (ms, column) => (ms > 0 ? (busyMs[column] as number) / ms : null));
}

const LOOP_WORDS = { main: 'main', thread: 'thread', process: 'process' } as const;

function placeOf({ of, worker = 0 }: EventLoop): number {
  return of === 'main' ? -1 : worker;
}

function stripOf({ of, worker = 0, fromMs = 0, everyMs, busy }: EventLoop, mean: number): LoopStrip {
  const label = of === 'main' ? LOOP_WORDS.main : `${LOOP_WORDS[of]} ${formatCount(worker + 1)}`;
  return { label, fromMs, everyMs, busy, mean, range: null };
}

/** At least one, in order. */
function folded(workers: readonly { readonly loop: EventLoop; readonly mean: number }[]): LoopStrip {
  const loops = workers.map(({ loop }) => loop);
  const means = workers.map(({ mean }) => mean);
  const fromMs = Math.min(...loops.map(loop => loop.fromMs ?? 0));
  const endMs = Math.max(...loops.map(loop => (loop.fromMs ?? 0) + loop.everyMs * loop.busy.length));
  const everyMs = Math.max((endMs - fromMs) / COLUMNS_MAX, ...loops.map(loop => loop.everyMs));
  const columns = Math.max(1, Math.min(COLUMNS_MAX, Math.ceil((endMs - fromMs) / everyMs - 1e-9)));
  const all = loops.map(loop => inColumns({ fromMs: 0, ...loop }, { fromMs, columnMs: everyMs, columns }));
  const first = loops[0] as EventLoop;
  const last = loops.at(-1) as EventLoop;
  const word = first.of === 'process' ? 'processes' : 'threads';
  return {
    label: `${word} ${formatCount((first.worker ?? 0) + 1)}–${formatCount((last.worker ?? 0) + 1)}`,
    ...{ fromMs, everyMs },
    busy: Array.from({ length: columns }, (_, column) => meanOf(all.map(shares => shares[column] ?? null))),
    mean: meanOf(means) as number,
    range: { least: Math.min(...means), most: Math.max(...means) },
  };
}

function meanOf(shares: readonly (number | null)[]): number | null {
  const measured = shares.filter(share => share !== null);
  return measured.length > 0 ? measured.reduce((sum, share) => sum + share, 0) / measured.length : null;
}
