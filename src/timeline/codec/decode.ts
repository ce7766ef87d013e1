// Blocks of PCL1 back to the columns of a run. A block that is damaged is left out, told by its number, and the rest is
// drawn; only what every row hangs on (the order of the requests) is lost with it.
import { crc32 } from '../../base/crc32.ts';
import {
  type ColumnName,
  type Dataset,
  endsOf,
  ORDERED_NAMES,
  ROW_NAMES,
  TEXT_NAMES,
  type TextName,
  UNSENT_NAMES,
  type UnsentRequests,
} from './dataset.ts';
import { BLOCK_ROWS, type Block, type BlockKind, LEADING_COLUMNS } from './encode.ts';
import { type Numbers, numbersFor } from './numbers.ts';
import { unpackColumns } from './planes.ts';
import { orderByTime } from './row-order.ts';
import type { TextList } from './text-column.ts';

const NO_TEXTS: TextList = { texts: [''], detail: 'none' };

export function isIntact({ bytes, crc }: Block): boolean {
  return crc32(bytes, 0, bytes.length) === crc;
}

export class RunDecoder {
  readonly #parts: Numbers[][] = [];
  #steps: Numbers[] = [];
  #unsent: Numbers[] = UNSENT_NAMES.map(() => new Uint8Array(0));
  #texts: readonly TextList[] = [];
  readonly #known: { readonly doubtUs: number; readonly capacity: number };
  #isWhole = true;

  constructor(known: { readonly doubtUs: number; readonly capacity: number }) {
    this.#known = known;
  }

  /** The next block, inflated; blocks of attempts in their order. @throws when it is not what it should be */
  add(kind: BlockKind, plain: Uint8Array): void {
    if (kind === 'texts') this.#texts = textsOf(new TextDecoder().decode(plain));
    else if (kind === 'order') this.#steps = expectColumns(unpackColumns(plain), 1 + ORDERED_NAMES.length);
    else if (kind === 'unsent') this.#unsent = expectColumns(unpackColumns(plain), UNSENT_NAMES.length);
    else this.#parts.push(expectRows(unpackColumns(plain)));
  }

  /** A block could not be read. */
  miss(kind: BlockKind): void {
    if (kind === 'attempts') this.#isWhole = false;
  }

  end(): Dataset {
    const parts = this.#parts;
    const rows = parts.reduce((sum, part) => sum + (part[2] as Numbers).length, 0);
    const columns = {} as Record<ColumnName, Numbers>;
    for (const [i, name] of ROW_NAMES.entries())
      columns[name] = joined(
        parts.map(part => part[LEADING_COLUMNS + i] as Numbers),
        rows,
      );
    const { lanes, laneFirst } = joinLanes(parts);
    const beginUs = new Float64Array(rows);
    let first = 0;
    for (const part of parts) first = placeBegins(part, columns, beginUs, first);
    const order = orderByTime(beginUs);
    const steps = this.#isWhole && this.#steps[0]?.length === rows ? this.#steps : null;
    for (const [i, name] of ORDERED_NAMES.entries())
      columns[name] = steps === null ? new Uint8Array(rows) : valuesAlong(order, steps[i + 1] as Numbers);
    return {
      ...{ rows, lanes, laneFirst, beginUs, columns, order },
      ...{ doubtUs: this.#known.doubtUs, capacity: this.#known.capacity },
      endUs: endsOf(beginUs, columns),
      request: steps === null ? null : valuesAlong(order, steps[0] as Numbers),
      unsent: Object.fromEntries(
        UNSENT_NAMES.map((name, i) => [name, this.#unsent[i]]),
      ) as unknown as UnsentRequests,
      texts: Object.fromEntries(
        TEXT_NAMES.map((name, i) => [name, this.#texts[i] ?? NO_TEXTS]),
      ) as unknown as Record<TextName, TextList>,
    };
  }
}

function expectColumns(columns: Numbers[], count: number): Numbers[] {
  if (columns.length !== count) throw new RangeError(`a block has ${columns.length} columns, not ${count}`);
  return columns;
}

function expectRows(columns: Numbers[]): Numbers[] {
  expectColumns(columns, LEADING_COLUMNS + ROW_NAMES.length);
  const [lanes, counts, gaps] = columns as [Numbers, Numbers, Numbers];
  let rows = 0;
  for (const count of counts) rows += count;
  const isSound = lanes.length === counts.length && rows === gaps.length && rows <= BLOCK_ROWS;
  if (!isSound || columns.slice(LEADING_COLUMNS).some(column => column.length !== rows))
    throw new RangeError('the columns of a block do not fit one another');
  return columns;
}

function textsOf(json: string): TextList[] {
  const lists = JSON.parse(json) as TextList[];
  if (!Array.isArray(lists) || lists.some(list => !Array.isArray(list?.texts)))
    throw new RangeError('the block of texts is damaged');
  return lists;
}

function joined(parts: readonly Numbers[], rows: number): Numbers {
  let least = 0;
  let most = 0;
  for (const part of parts) {
    const [low, high] = boundsOf(part);
    least = Math.min(least, low);
    most = Math.max(most, high);
  }
  const all = numbersFor(rows, least, most);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** What the array's kind says where it is narrow; a look at the values where it is wide. */
function boundsOf(part: Numbers): [number, number] {
  if (part instanceof Uint8Array) return [0, 0xff];
  if (part instanceof Uint16Array) return [0, 0xffff];
  let least = 0;
  let most = 0;
  for (let i = 0; i < part.length; i++) {
    const value = part[i] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

/** A lane that goes on in the next block is one lane. */
function joinLanes(parts: readonly Numbers[][]): { lanes: Numbers; laneFirst: Uint32Array } {
  const lanes: number[] = [];
  const firsts: number[] = [0];
  let rows = 0;
  for (const [numbers, counts] of parts as [Numbers, Numbers][]) {
    for (let i = 0; i < numbers.length; i++) {
      rows += counts[i] as number;
      if (lanes.length > 0 && lanes.at(-1) === numbers[i]) firsts[lanes.length] = rows;
      else {
        lanes.push(numbers[i] as number);
        firsts.push(rows);
      }
    }
  }
  const most = lanes.reduce((a, b) => Math.max(a, b), 0);
  const narrow = numbersFor(lanes.length, 0, most);
  narrow.set(lanes);
  return { lanes: narrow, laneFirst: Uint32Array.from(firsts) };
}

/** On a lane, each begin is the end before it and a gap. Lanes start anew in each block. */
function placeBegins(
  part: readonly Numbers[],
  columns: Readonly<Record<ColumnName, Numbers>>,
  beginUs: Float64Array,
  first: number,
): number {
  const [, counts, gaps] = part as [Numbers, Numbers, Numbers];
  const { handover, network, ttfb, queue, service, rest, download, handler } = columns;
  let row = first;
  for (const count of counts) {
    let at = 0;
    for (const end = row + count; row < end; row++) {
      at += gaps[row - first] as number;
      beginUs[row] = at;
      at += (handover[row] as number) + (network[row] as number) + (ttfb[row] as number);
      at += (queue[row] as number) + (service[row] as number) + (rest[row] as number);
      at += (download[row] as number) + (handler[row] as number);
    }
  }
  return row;
}

function valuesAlong(order: Uint32Array, steps: Numbers): Numbers {
  let next = 0;
  let most = 0;
  let least = 0;
  for (let i = 0; i < steps.length; i++) {
    const value = next + (steps[i] as number);
    if (value > most) most = value;
    if (value < least) least = value;
    next = value + 1;
  }
  const values = numbersFor(order.length, least, most);
  next = 0;
  for (let i = 0; i < order.length; i++) {
    const value = next + (steps[i] as number);
    values[order[i] as number] = value;
    next = value + 1;
  }
  return values;
}
