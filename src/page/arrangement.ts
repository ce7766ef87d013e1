// How the reader wants the page arranged: which strips, what a row is, one scale or each run its own, and the order in
// which the runs stand. Part of the address, so that a link shows what its writer saw.

/** In the order in which they stand, with what the reader may switch on and off. */
export const STRIPS = {
  curve: 'in flight, by phase',
  flow: 'cumulative flow',
  latency: 'time on the wire',
  throughput: 'ends per second',
  loops: 'event loops',
  waiting: 'waiting room',
  client: 'our rows',
  server: 'server’s workers',
} as const;
export type StripName = keyof typeof STRIPS;
export const STRIP_NAMES = Object.keys(STRIPS) as readonly StripName[];

/** Known to engineers and to few others: shown when it is asked for. */
const HIDDEN_AT_FIRST: readonly StripName[] = ['flow'];

export const ROW_MODES = { auto: 'as fits', requests: 'requests', lanes: 'lanes' } as const;
export type RowMode = keyof typeof ROW_MODES;

export const RUN_ORDERS = {
  given: 'as given',
  wall: 'quickest first',
  failed: 'fewest failures first',
} as const;
export type RunOrder = keyof typeof RUN_ORDERS;

export interface Arranged {
  readonly hidden: ReadonlySet<StripName>;
  readonly rows: RowMode;
  readonly order: RunOrder;
  /** Each run fills the width. */
  readonly isOwnScale: boolean;
}

export const AS_GIVEN: Arranged = {
  hidden: new Set(HIDDEN_AT_FIRST),
  ...{ rows: 'auto', order: 'given', isOwnScale: false },
};

/** Only what differs from how a page opens. */
export function writeArranged(parts: URLSearchParams, { hidden, rows, order, isOwnScale }: Arranged): void {
  const turned = STRIP_NAMES.filter(name => hidden.has(name) !== AS_GIVEN.hidden.has(name));
  if (turned.length > 0) parts.set('strips', turned.join('.'));
  if (rows !== AS_GIVEN.rows) parts.set('rows', rows);
  if (order !== AS_GIVEN.order) parts.set('order', order);
  if (isOwnScale) parts.set('scale', 'own');
}

/** Comes from a link, so from anywhere: what is unknown is not there. */
export function readArranged(parts: URLSearchParams): Arranged {
  const hidden = new Set(AS_GIVEN.hidden);
  for (const name of (parts.get('strips') ?? '').split('.') as StripName[]) {
    if (!STRIP_NAMES.includes(name)) continue;
    if (!hidden.delete(name)) hidden.add(name);
  }
  const rows = parts.get('rows') ?? '';
  const order = parts.get('order') ?? '';
  return {
    hidden,
    rows: Object.hasOwn(ROW_MODES, rows) ? (rows as RowMode) : AS_GIVEN.rows,
    order: Object.hasOwn(RUN_ORDERS, order) ? (order as RunOrder) : AS_GIVEN.order,
    isOwnScale: parts.get('scale') === 'own',
  };
}
