// Time to columns. All runs of a comparison share one scale, so that a longer bar is a longer time everywhere.

/** From the first request created (0), or a later instant, to the end of the picture. */
export interface Scale {
  /** Where the axis begins; left out for 0. */
  readonly fromMs?: number;
  readonly endMs: number;
  /** The highest the at-server line goes; what a full block means. */
  readonly atServerMax: number;
}

/** What a scale has to hold. */
export interface Extent {
  /** As in `Scale`. */
  readonly fromMs?: number;
  readonly endMs: number;
  readonly atServerMax: number;
}

/** One scale that holds all of them. */
export function sharedScale(extents: readonly Extent[]): Scale {
  let fromMs = extents[0]?.fromMs ?? 0;
  let endMs = 0;
  let atServerMax = 1;
  for (const extent of extents) {
    fromMs = Math.min(fromMs, extent.fromMs ?? 0);
    endMs = Math.max(endMs, extent.endMs);
    atServerMax = Math.max(atServerMax, extent.atServerMax);
  }
  return { ...(fromMs > 0 && { fromMs }), endMs: endMs > 0 ? endMs : 1, atServerMax };
}

export interface Tick {
  readonly column: number;
  readonly atMs: number;
  readonly label: string;
}

const UNITS = [
  { label: 'µs', ms: 0.001 },
  { label: 'ms', ms: 1 },
  { label: 's', ms: 1000 },
  { label: 'min', ms: 60_000 },
  { label: 'h', ms: 3_600_000 },
] as const;
/** Between two labels. */
const GAP_COLUMNS = 3;

/**
 * Ticks at 1-2-5 steps, all in one unit, each label beginning at its column and ending before the next.
 * @param columns width of the axis @param fromMs where it begins
 */
export function axisTicks(endMs: number, columns: number, fromMs = 0): Tick[] {
  const unit = unitOf(fromMs, endMs);
  const end = endMs / unit.ms;
  const from = fromMs / unit.ms;
  for (const step of steps(end - from)) {
    const ticks: Tick[] = [];
    let free = 0;
    for (let i = Math.ceil((from / step) * 0.9999); i * step <= end * 1.0001; i++) {
      const label = i === 0 ? '0' : `${tidy(i * step)} ${unit.label}`;
      const column = Math.round(((i * step - from) / (end - from)) * columns);
      if (column + label.length > columns + GAP_COLUMNS) break;
      if (column < free) {
        free = -1;
        break;
      }
      ticks.push({ column, atMs: i * step * unit.ms, label });
      free = column + label.length + GAP_COLUMNS;
    }
    if (free >= 0) return ticks;
  }
  return [{ column: 0, atMs: fromMs, label: fromMs > 0 ? `${tidy(from)} ${unit.label}` : '0' }];
}

/** Instants far from the start are told in seconds, however short the axis is. */
function unitOf(fromMs: number, endMs: number): (typeof UNITS)[number] {
  const spanMs = fromMs >= 1000 ? Math.max(1200, endMs - fromMs) : endMs;
  return UNITS.findLast(({ ms }) => spanMs >= ms * 1.2) ?? UNITS[0];
}

/** 1-2-5 steps, from about a twentieth of the axis up to all of it. */
function* steps(end: number): Generator<number> {
  for (let power = Math.floor(Math.log10(end / 20)); ; power++) {
    for (const digit of [1, 2, 5]) {
      const step = digit * 10 ** power;
      if (step > end) return;
      yield step;
    }
  }
}

function tidy(value: number): string {
  return String(Number(value.toPrecision(9)));
}
