// What a page shows before its megabytes are parsed: the curve of the whole run in 1 024 columns, and its failures.
import type { Numbers } from '../codec/numbers.ts';
import { packColumns, unpackColumns } from '../codec/planes.ts';
import { KIND_COUNT } from '../slices.ts';
import { Ends } from './ends.ts';
import { addRows, addUnsent, Ramps } from './levels.ts';
import type { Pieces } from './pieces.ts';

export const PREVIEW_COLUMNS = 1024;
/** Levels are kept in parts of one request. */
const PARTS = 16;

export interface Preview {
  /** Mean level in each column, by kind. */
  readonly levels: readonly Float64Array[];
  readonly failed: Numbers;
}

/** For `packColumns`' counterpart; compressed by whoever writes it. */
export function packPreview(pieces: Pieces): Uint8Array {
  const ramps = new Ramps(pieces.extent, PREVIEW_COLUMNS);
  addRows(ramps, pieces, null, null);
  addUnsent(ramps, pieces);
  const levels = Array.from({ length: KIND_COUNT }, (_, kind) => ramps.levels(kind));
  const ends = Ends.of(pieces.data, pieces.extent, PREVIEW_COLUMNS, { rows: null, mask: null });
  const { failed } = ends.over(pieces.extent, PREVIEW_COLUMNS);
  return packColumns([
    ...levels.map(values => ({ values: values.map(level => Math.round(level * PARTS)) })),
    { values: failed.map(count => Math.round(count)) },
  ]);
}

/** @throws when the bytes are not a preview */
export function unpackPreview(bytes: Uint8Array): Preview {
  const columns = unpackColumns(bytes);
  if (columns.length !== KIND_COUNT + 1 || columns.some(values => values.length !== PREVIEW_COLUMNS))
    throw new RangeError('the preview is damaged');
  return {
    levels: columns.slice(0, KIND_COUNT).map(values => Float64Array.from(values, part => part / PARTS)),
    failed: columns[KIND_COUNT] as Numbers,
  };
}
