// The other side of the run: what each worker of the server did, where the server tells which one served a request.
import type { Drawable } from './drawable.ts';
import { Grid } from './grid.ts';
import { SERVICE, Slices } from './slices.ts';

/** Of requests that are kept, whose workers are too many for a row each. */
const COLUMNS = 1024;

export interface ServerRow {
  /** `worker 2`, `workers 1–8`; names are the server's: hostile. */
  readonly label: string;
  /** How many workers share the row. */
  readonly workers: number;
  /** Of each request that it served; null in a folded picture. */
  readonly served: readonly { readonly fromMs: number; readonly toMs: number }[] | null;
  /** By column of the folded picture, how long its workers served, in ms; null while requests are kept. */
  readonly busyMs: Float64Array | null;
}

export interface ServerRows {
  readonly rows: readonly ServerRow[];
  /** Of `busyMs`. */
  readonly columnMs: number;
}

/** Null where no worker was named, or more of them than can be told apart. */
export function serverRows(picture: Drawable, rowsMax: number): ServerRows | null {
  const { capacity } = picture.facts();
  const { bins } = picture;
  if (bins === null) {
    const spans = keptSpans(picture);
    if (spans.size === 0) return null;
    const names = withIdle([...spans.keys()].sort(byName), capacity);
    if (names.length > rowsMax) {
      const { endMs } = picture.extent();
      return bundled(names, gridOf(spans, endMs), [...spans.keys()], rowsMax);
    }
    const rows = names.map(name => ({
      label: labelOf([name]),
      workers: 1,
      served: (name !== null && spans.get(name)) || [],
      busyMs: null,
    }));
    return { rows, columnMs: 0 };
  }
  const { workers, served } = bins;
  if (workers === null || workers.length === 0) return null;
  const names = withIdle([...workers].sort(byName), capacity);
  return bundled(names, served, workers, rowsMax);
}

/** @param workers names by row of the grid */
function bundled(
  names: readonly (string | null)[],
  served: Grid,
  workers: readonly string[],
  rowsMax: number,
): ServerRows {
  const perRow = Math.ceil(names.length / rowsMax);
  const rows = Array.from({ length: Math.ceil(names.length / perRow) }, (_, row) => {
    const own = names.slice(row * perRow, (row + 1) * perRow);
    const places = own.map(name => (name === null ? -1 : workers.indexOf(name)));
    return { label: labelOf(own), workers: own.length, served: null, busyMs: busyOf(served, places) };
  });
  return { rows, columnMs: served.columnMs };
}

/** A worker that served nobody is part of the picture: null stands for its name when it cannot be told. */
function withIdle(names: readonly string[], capacity: number | null): (string | null)[] {
  if (capacity === null || capacity <= names.length || capacity > 1000) return [...names];
  const numbers = Array.from({ length: capacity }, (_, place) => String(place + 1));
  if (names.every(name => numbers.includes(name))) return numbers;
  return [...names, ...new Array<null>(capacity - names.length).fill(null)];
}

function labelOf(names: readonly (string | null)[]): string {
  const [first = null] = names;
  const last = names.at(-1) ?? null;
  if (names.length === 1) return first === null ? 'idle' : `worker ${first}`;
  return first === null || last === null ? `${names.length} workers` : `workers ${first}–${last}`;
}

function keptSpans(picture: Drawable): Map<string, { fromMs: number; toMs: number }[]> {
  const slices = new Slices();
  const spans = new Map<string, { fromMs: number; toMs: number }[]>();
  for (const { tries } of picture.kept() ?? []) {
    for (const one of tries) {
      const worker = one.server?.worker;
      if (worker === undefined) continue;
      slices.fill(one);
      const own = spans.get(worker) ?? [];
      spans.set(worker, own);
      for (let i = 0; i < slices.count; i++)
        if (slices.kinds[i] === SERVICE)
          own.push({ fromMs: slices.fromsMs[i] as number, toMs: slices.tosMs[i] as number });
    }
  }
  return spans;
}

type Spans = ReadonlyMap<string, readonly { readonly fromMs: number; readonly toMs: number }[]>;

function gridOf(spans: Spans, endMs: number): Grid {
  const grid = new Grid({ rows: spans.size, columns: COLUMNS, columnMs: endMs / COLUMNS });
  for (const [row, own] of [...spans.values()].entries())
    for (const { fromMs, toMs } of own) grid.addSpan(row, SERVICE, fromMs, toMs);
  return grid;
}

function busyOf(served: Grid, places: readonly number[]): Float64Array {
  const busyMs = new Float64Array(served.columns);
  for (const row of places)
    for (let column = 0; row >= 0 && column < served.columns; column++)
      busyMs[column] = (busyMs[column] as number) + served.at(row, column, SERVICE);
  return busyMs;
}

/** Numbers by their value, then the rest by their letters; the same in every locale. */
function byName(a: string, b: string): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  return x !== y && !(Number.isNaN(x) && Number.isNaN(y))
    ? (Number.isNaN(x) ? Number.POSITIVE_INFINITY : x) - (Number.isNaN(y) ? Number.POSITIVE_INFINITY : y)
    : a < b
      ? -1
      : a > b
        ? 1
        : 0;
}

function numberOf(name: string): number {
  return /^\d{1,15}$/.test(name) ? Number(name) : Number.NaN;
}
