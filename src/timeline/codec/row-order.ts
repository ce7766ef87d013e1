// Puts rows in order by a time, in a time that grows with their number: spread over buckets first, and sorted in each.

/** Most buckets that are used. */
const BUCKETS_MAX = 1 << 20;

/** Places 0 to n − 1 in ascending order of `times`; equal times stay in the order of their places. */
export function orderByTime(times: Float64Array): Uint32Array {
  const rows = times.length;
  const order = new Uint32Array(rows);
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let isSorted = true;
  for (let row = 0; row < rows; row++) {
    const time = times[row] as number;
    if (time < most) isSorted = false;
    if (time < least) least = time;
    if (time > most) most = time;
    order[row] = row;
  }
  if (isSorted) return order;
  const buckets = Math.min(BUCKETS_MAX, rows);
  const scale = (buckets - 1) / (most - least);
  const ends = new Uint32Array(buckets + 1);
  const bucketOf = (row: number): number => Math.floor(((times[row] as number) - least) * scale);
  for (let row = 0; row < rows; row++) {
    const next = bucketOf(row) + 1;
    ends[next] = (ends[next] as number) + 1;
  }
  for (let i = 1; i <= buckets; i++) ends[i] = (ends[i] as number) + (ends[i - 1] as number);
  const starts = ends.slice();
  for (let row = 0; row < rows; row++) {
    const bucket = bucketOf(row);
    const place = starts[bucket] as number;
    order[place] = row;
    starts[bucket] = place + 1;
  }
  for (let i = 0; i < buckets; i++) sortPart(order, times, ends[i] as number, ends[i + 1] as number);
  return order;
}

/** So many are sorted by insertion, which is fast where they are nearly in order. */
const FEW = 24;

function sortPart(order: Uint32Array, times: Float64Array, from: number, to: number): void {
  if (to - from > FEW) {
    order.subarray(from, to).sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const row = order[i] as number;
    const time = times[row] as number;
    let at = i;
    while (at > from && (times[order[at - 1] as number] as number) > time) {
      order[at] = order[at - 1] as number;
      at--;
    }
    order[at] = row;
  }
}
