// Reads the lines of a record into columns. Where a server's times are placed is decided by `Slices` alone; here its
// slices become whole microseconds that follow one another without a gap.
import { OUTCOMES, type OutcomeError, type OutcomeKind } from '../../model/outcome.ts';
import type { RequestLine, TryLine } from '../../model/record.ts';
import { HANDLER, NETWORK, PERMIT, QUEUE, SERVICE, Slices, TTFB } from '../slices.ts';
import {
  COLUMN_NAMES,
  type ColumnName,
  type Dataset,
  endsOf,
  LAST,
  REST_IS_TTFB,
  REST_SPAN,
  ROW_TEXT_NAMES,
  SPAN_COUNT,
  SPAN_KINDS,
  SPAN_NAMES,
  SPLIT,
  TEXT_NAMES,
  type TextName,
  UNSENT_NAMES,
  type UnsentRequests,
} from './dataset.ts';
import { GrowingColumn, type Numbers, pickedNumbers } from './numbers.ts';
import { orderByTime } from './row-order.ts';
import { type TextBounds, TextColumn, type TextList } from './text-column.ts';

const BOUNDS: Readonly<Record<TextName, TextBounds>> = {
  error: { entries: 4000, characters: 400_000, longest: 500 },
  serverWorker: { entries: 4000, characters: 100_000, longest: 80 },
  url: { entries: 20_000, characters: 1_000_000, longest: 1000 },
  id: { entries: 20_000, characters: 400_000, longest: 200 },
  method: { entries: 100, characters: 4000, longest: 40 },
  unsentError: { entries: 1000, characters: 100_000, longest: 500 },
  unsentUrl: { entries: 5000, characters: 250_000, longest: 1000 },
};

const OUTCOME_PLACES = new Map<OutcomeKind, number>(OUTCOMES.map((kind, place) => [kind, place]));
/** The span that a kind of slice belongs to before the server was reached; after it, what is left is `rest`. */
const SPAN_OF_KIND: readonly number[] = Array.from({ length: SPAN_COUNT }, (_, kind) =>
  SPAN_KINDS.indexOf(kind),
);

const toUs = (ms: number): number => Math.round(ms * 1000);
/** A record's times are rounded each for itself: what differs by so little is the same instant. */
const SAME_US = 3;

type Grown<Name extends string> = Record<Name, GrowingColumn>;

function grow<Name extends string>(names: readonly Name[]): Grown<Name> {
  return Object.fromEntries(names.map(name => [name, new GrowingColumn()])) as Grown<Name>;
}

export class Gathered {
  readonly #slices = new Slices();
  readonly #spans = new Float64Array(SPAN_COUNT);
  readonly #columns = grow(COLUMN_NAMES);
  readonly #request = new GrowingColumn();
  readonly #lane = new GrowingColumn();
  readonly #begin = new GrowingColumn();
  readonly #texts = Object.fromEntries(
    TEXT_NAMES.map(name => [name, new TextColumn(BOUNDS[name])]),
  ) as Record<TextName, TextColumn>;
  readonly #unsent = grow(UNSENT_NAMES);
  #doubtMs = 0;
  #capacity = 0;

  /** How many attempts there are so far. */
  get rows(): number {
    return this.#lane.values.length;
  }

  add(line: RequestLine): void {
    const { tries } = line;
    if (tries.length === 0) this.#addUnsent(line);
    for (let i = 0; i < tries.length; i++) this.#addTry(line, tries[i] as TryLine, i);
  }

  #addTry(line: RequestLine, one: TryLine, place: number): void {
    const isLast = place === line.tries.length - 1;
    const { server } = one;
    this.#slices.fill(one);
    const { admittedUs, restIsTtfb } = this.#spread(one);
    this.#request.add(line.index);
    this.#lane.add(one.lane);
    this.#begin.add(admittedUs);
    for (let span = 0; span < SPAN_COUNT; span++)
      this.#columns[SPAN_NAMES[span] as ColumnName].add(this.#spans[span] as number);
    const { columns, texts } = { columns: this.#columns, texts: this.#texts };
    columns.number.add(place + 1);
    columns.outcome.add(OUTCOME_PLACES.get(one.outcome) ?? 0);
    columns.status.add(one.status ?? 0);
    columns.flags.add(
      (this.#slices.split ? SPLIT : 0) | (restIsTtfb ? REST_IS_TTFB : 0) | (isLast ? LAST : 0),
    );
    columns.worker.add(one.worker === undefined ? 0 : one.worker + 1);
    columns.bytes.add(isLast ? line.bytes : 0);
    columns.early.add(place === 0 ? earlyUs(line, admittedUs - (this.#spans[0] as number)) : 0);
    texts.error.add(errorText(one.error));
    texts.serverWorker.add(server?.worker);
    texts.url.add(one.url ?? line.url);
    texts.id.add(line.id === null ? undefined : String(line.id));
    texts.method.add(line.method);
    if (!server) return;
    if (this.#slices.split && server.doubtMs > this.#doubtMs) this.#doubtMs = server.doubtMs;
    if (server.workers !== undefined && server.workers > this.#capacity) this.#capacity = server.workers;
  }

  /** Slices to spans: each reaches to the end of its slice, so that what was left out as rounding leaves no hole. */
  #spread(one: TryLine): { admittedUs: number; restIsTtfb: boolean } {
    const { kinds, fromsMs, tosMs, count } = this.#slices;
    const spans = this.#spans.fill(0);
    const admittedUs = toUs(one.startedMs - (one.phasesMs.handover ?? 0));
    let atUs = admittedUs;
    let last = SPAN_OF_KIND[NETWORK] as number;
    let before = last;
    let wasAtServer = false;
    let restIsTtfb = false;
    for (let i = 0; i < count; i++) {
      const kind = kinds[i] as number;
      if (kind === PERMIT) {
        spans[0] = Math.max(0, admittedUs - toUs(fromsMs[i] as number));
        continue;
      }
      const isRest = wasAtServer && (kind === NETWORK || kind === TTFB);
      if (kind === QUEUE || kind === SERVICE) wasAtServer = true;
      if (isRest) restIsTtfb = kind === TTFB;
      if (kind !== HANDLER) before = isRest ? REST_SPAN : (SPAN_OF_KIND[kind] as number);
      last = isRest ? REST_SPAN : (SPAN_OF_KIND[kind] as number);
      const to = Math.max(atUs, toUs(tosMs[i] as number));
      spans[last] = (spans[last] as number) + to - atUs;
      atUs = to;
    }
    spans[last] = (spans[last] as number) + Math.max(0, toUs(one.endedMs) - atUs);
    if (one.phasesMs.handler === undefined) this.#giveBackRounding(before);
    return { admittedUs, restIsTtfb };
  }

  /** Phases are rounded each for itself: what is left of their sum is no time in a handler, but of the span before. */
  #giveBackRounding(before: number): void {
    const spans = this.#spans;
    const rest = spans[SPAN_COUNT - 1] as number;
    if (rest === 0 || rest > SAME_US) return;
    spans[before] = (spans[before] as number) + rest;
    spans[SPAN_COUNT - 1] = 0;
  }

  #addUnsent(line: RequestLine): void {
    this.#unsent.request.add(line.index);
    this.#unsent.createdUs.add(toUs(line.createdMs));
    this.#unsent.endUs.add(toUs(line.endedMs));
    this.#unsent.outcome.add(OUTCOME_PLACES.get(line.outcome) ?? 0);
    this.#texts.unsentError.add(errorText(line.error));
    this.#texts.unsentUrl.add(line.url);
  }

  /** All lines were added. */
  end(): Dataset {
    const begin = Float64Array.from(this.#begin.values);
    const { places, lanes, laneFirst } = laneMajor(this.#lane.values, begin);
    const texts = {} as Record<TextName, TextList>;
    const columns = {} as Record<ColumnName, Numbers>;
    for (const name of COLUMN_NAMES) columns[name] = pickedNumbers(this.#columns[name].values, places);
    for (const name of ROW_TEXT_NAMES) {
      const { places: textPlaces, ...list } = this.#texts[name].end();
      texts[name] = list;
      columns[name] = pickedNumbers(textPlaces, places);
    }
    const beginUs = Float64Array.from(places, place => begin[place] as number);
    return {
      ...{ rows: places.length, lanes, laneFirst, beginUs, columns, texts },
      endUs: endsOf(beginUs, columns),
      request: pickedNumbers(this.#request.values, places),
      order: orderByTime(beginUs),
      unsent: this.#endUnsent(texts),
      doubtUs: toUs(this.#doubtMs),
      capacity: this.#capacity,
    };
  }

  /** In the order of the input. */
  #endUnsent(texts: Record<TextName, TextList>): UnsentRequests {
    const { places: errors, ...errorList } = this.#texts.unsentError.end();
    const { places: urls, ...urlList } = this.#texts.unsentUrl.end();
    texts.unsentError = errorList;
    texts.unsentUrl = urlList;
    const { request, createdUs, endUs, outcome } = this.#unsent;
    const order = orderByTime(Float64Array.from(request.values));
    return {
      request: pickedNumbers(request.values, order),
      createdUs: pickedNumbers(createdUs.values, order),
      endUs: pickedNumbers(endUs.values, order),
      outcome: pickedNumbers(outcome.values, order),
      error: pickedNumbers(errors, order),
      url: pickedNumbers(urls, order),
    };
  }
}

/** By lane, on it by begin. */
function laneMajor(
  laneOfRow: Uint32Array | Float64Array,
  begin: Float64Array,
): { places: Uint32Array; lanes: Numbers; laneFirst: Uint32Array } {
  const counts = new Map<number, number>();
  for (const lane of laneOfRow) counts.set(lane, (counts.get(lane) ?? 0) + 1);
  const numbers = [...counts.keys()].sort((a, b) => a - b);
  const laneFirst = new Uint32Array(numbers.length + 1);
  const next = new Map<number, number>();
  for (const [i, lane] of numbers.entries()) {
    next.set(lane, laneFirst[i] as number);
    laneFirst[i + 1] = (laneFirst[i] as number) + (counts.get(lane) as number);
  }
  const places = new Uint32Array(laneOfRow.length);
  for (const row of orderByTime(begin)) {
    const lane = laneOfRow[row] as number;
    const place = next.get(lane) as number;
    places[place] = row;
    next.set(lane, place + 1);
  }
  const lanes = pickedNumbers(
    numbers,
    Uint32Array.from(numbers, (_, i) => i),
  );
  return { places, lanes, laneFirst };
}

/** How much sooner the request was created than its first wait began; rounding apart, it is the same instant. */
function earlyUs(line: RequestLine, waitBeganUs: number): number {
  const early = waitBeganUs - toUs(line.createdMs);
  return Math.abs(early) <= SAME_US ? 0 : early;
}

function errorText(error: OutcomeError | undefined): string | undefined {
  if (!error) return undefined;
  return `${error.code}${error.phase ? ` (${error.phase})` : ''}${error.message ? `: ${error.message}` : ''}`;
}
