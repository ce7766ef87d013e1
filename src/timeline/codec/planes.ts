// Columns of whole numbers as bytes that compress well: the least value taken off, then all lowest bytes, all second
// bytes and so on, as many planes as the largest value needs. A column of equal numbers takes no bytes at all.
//
//   u16 columns, then for each: u32 rows, f64 least, u8 planes, u8 minus
//   then for each column its planes, lowest first

import { type Numbers, numbersFor } from './numbers.ts';

export interface ToPack {
  readonly values: ArrayLike<number>;
  /** Place of an earlier column, of the same length, that this one is close to: only the difference is kept. */
  readonly minus?: number;
}

const HEAD_BYTES = 14;
const NO_MINUS = 255;
const PLANES_MAX = 7;
const UINT32 = 0x1_0000_0000;

export function packColumns(columns: readonly ToPack[]): Uint8Array {
  const shaped = columns.map(column => shapeOf(column, columns));
  const headBytes = 2 + HEAD_BYTES * columns.length;
  const total = shaped.reduce((sum, { rows, planes }) => sum + rows * planes, headBytes);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, columns.length, true);
  let at = headBytes;
  for (const [i, shape] of shaped.entries()) {
    const head = 2 + i * HEAD_BYTES;
    view.setUint32(head, shape.rows, true);
    view.setFloat64(head + 4, shape.least, true);
    view.setUint8(head + 12, shape.planes);
    view.setUint8(head + 13, columns[i]?.minus ?? NO_MINUS);
    writePlanes(bytes, at, shape);
    at += shape.rows * shape.planes;
  }
  return bytes;
}

interface Shape {
  readonly rows: number;
  readonly least: number;
  readonly planes: number;
  readonly valueAt: (row: number) => number;
}

function shapeOf({ values, minus }: ToPack, columns: readonly ToPack[]): Shape {
  const rows = values.length;
  const other = minus === undefined ? undefined : columns[minus]?.values;
  const valueAt = other
    ? (row: number): number => (values[row] as number) - (other[row] as number)
    : (row: number): number => values[row] as number;
  let least = rows === 0 ? 0 : Number.POSITIVE_INFINITY;
  let most = rows === 0 ? 0 : Number.NEGATIVE_INFINITY;
  for (let row = 0; row < rows; row++) {
    const value = valueAt(row);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  let planes = 0;
  while (most - least >= 256 ** planes) planes++;
  return { rows, least, planes, valueAt };
}

function writePlanes(bytes: Uint8Array, at: number, { rows, least, planes, valueAt }: Shape): void {
  for (let row = 0; row < rows && planes > 0; row++) {
    const value = valueAt(row) - least;
    const low = value >>> 0;
    for (let plane = 0; plane < planes && plane < 4; plane++)
      bytes[at + plane * rows + row] = low >>> (8 * plane);
    if (planes <= 4) continue;
    const high = Math.floor(value / UINT32);
    for (let plane = 4; plane < planes; plane++) bytes[at + plane * rows + row] = high >>> (8 * (plane - 4));
  }
}

/** @throws when the bytes are not what `packColumns` writes */
export function unpackColumns(bytes: Uint8Array): Numbers[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = bytes.length < 2 ? -1 : view.getUint16(0, true);
  let at = 2 + HEAD_BYTES * count;
  if (count < 0 || bytes.length < at) throw new RangeError('a block of columns is cut off');
  const columns: Numbers[] = [];
  for (let i = 0; i < count; i++) {
    const head = 2 + i * HEAD_BYTES;
    const shape = {
      rows: view.getUint32(head, true),
      least: view.getFloat64(head + 4, true),
      planes: view.getUint8(head + 12),
    };
    const minus = view.getUint8(head + 13);
    const other = minus === NO_MINUS ? null : columns[minus];
    const isSound = other === null || (other !== undefined && other.length === shape.rows);
    if (!isSound || shape.planes > PLANES_MAX || at + shape.rows * shape.planes > bytes.length)
      throw new RangeError('a block of columns is damaged');
    columns.push(readPlanes(bytes, at, shape, other ?? null));
    at += shape.rows * shape.planes;
  }
  return columns;
}

function readPlanes(
  bytes: Uint8Array,
  at: number,
  { rows, least, planes }: Omit<Shape, 'valueAt'>,
  other: Numbers | null,
): Numbers {
  const mayBeNegative = other !== null || least < 0;
  const values = numbersFor(rows, mayBeNegative ? -1 : least, least + 256 ** planes - 1);
  if (planes === 0) values.fill(least);
  else if (planes <= 4) readLowPlanes(bytes, at, values, { least, planes });
  else {
    for (let row = 0; row < rows; row++) {
      let value = 0;
      for (let plane = planes - 1; plane >= 0; plane--)
        value = value * 256 + (bytes[at + plane * rows + row] as number);
      values[row] = value + least;
    }
  }
  if (other)
    for (let row = 0; row < rows; row++) values[row] = (values[row] as number) + (other[row] as number);
  return values;
}

/** By far the most common: a loop without branches for each plane. */
function readLowPlanes(
  bytes: Uint8Array,
  at: number,
  values: Numbers,
  { least, planes }: { readonly least: number; readonly planes: number },
): void {
  const rows = values.length;
  const second = at + rows;
  const third = second + rows;
  const fourth = third + rows;
  if (planes === 1) for (let row = 0; row < rows; row++) values[row] = (bytes[at + row] as number) + least;
  else if (planes === 2)
    for (let row = 0; row < rows; row++)
      values[row] = ((bytes[at + row] as number) | ((bytes[second + row] as number) << 8)) + least;
  else
    for (let row = 0; row < rows; row++) {
      const low =
        (bytes[at + row] as number) |
        ((bytes[second + row] as number) << 8) |
        ((bytes[third + row] as number) << 16);
      values[row] = low + (planes === 4 ? (bytes[fourth + row] as number) * 0x100_0000 : 0) + least;
    }
}
