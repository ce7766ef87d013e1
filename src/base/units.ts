// Durations and sizes as people write them: "250ms" and 250, "64kB" and 64000.
import { PacelineError } from './errors.ts';

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  us: 0.001,
  µs: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};
const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  kiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};
const MEASURE = /^(\d+(?:\.\d+)?|\.\d+)\s*([A-Za-zµ]*)$/;

/** Ten years: the longest duration that is taken seriously. */
export const DURATION_MS_MAX = 10 * 365.25 * 24 * 3_600_000;

/**
 * Milliseconds from text such as `250ms`, `1s`, `1.5s`, `2m`, `1h`.
 * @param name what the duration is for, as the user wrote it (`--delay`); used in the message
 * @throws ERR_OPTION_INVALID for anything else; a bare number is refused with its two likely readings
 */
export function parseDuration(text: string, name: string): number {
  const match = MEASURE.exec(text.trim());
  const unit = match?.[2] ?? '';
  if (match && unit === '' && Number(match[1]) === 0) return 0;
  if (match && unit === '') {
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      `${name}: ${text} has no unit. Write ${text}s or ${text}ms.`,
    );
  }
  const scale = MS_PER_UNIT[unit];
  if (!match || scale === undefined) {
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      `${name}: expected a duration such as 250ms, 1s or 2m, got '${text}'.`,
    );
  }
  const spanMs = Number(match[1]) * scale;
  if (spanMs > DURATION_MS_MAX) {
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      `${name}: ${text} is longer than ten years. Leave it out for no limit.`,
    );
  }
  return spanMs;
}

/**
 * Bytes from text such as `512`, `64kB`, `1MiB`; a bare number means bytes.
 * @throws ERR_OPTION_INVALID for anything else
 */
export function parseSize(text: string, name: string): number {
  const match = MEASURE.exec(text.trim());
  const scale = BYTES_PER_UNIT[match?.[2] || 'B'];
  const bytes = match && scale !== undefined ? Math.round(Number(match[1]) * scale) : Number.NaN;
  if (!Number.isSafeInteger(bytes)) {
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      `${name}: expected a size such as 512, 64kB or 1MiB, got '${text}'.`,
    );
  }
  return bytes;
}

/** Three significant digits and one unit: `350 ms`, `1.04 s`, `2.5 min`; `0 ms` only for exact zero. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0 ms';
  if (ms < 0.001) return '< 1 µs';
  if (ms < 0.9995) return `${digits3(ms * 1000)} µs`;
  if (ms < 999.5) return `${digits3(ms)} ms`;
  if (ms < 119_500) return `${digits3(ms / 1000)} s`;
  if (ms < 7_170_000) return `${digits3(ms / 60_000)} min`;
  if (ms < 430_200_000) return `${digits3(ms / 3_600_000)} h`;
  return `${digits3(ms / 86_400_000)} days`;
}

/** Three significant digits and one unit: `512 B`, `64 kB`, `1.05 MB`. */
export function formatSize(bytes: number): string {
  if (bytes < 999.5) return `${Math.round(bytes)} B`;
  if (bytes < 999_500) return `${digits3(bytes / 1e3)} kB`;
  if (bytes < 999_500_000) return `${digits3(bytes / 1e6)} MB`;
  return `${digits3(bytes / 1e9)} GB`;
}

/** Thousands set apart by thin spaces: `1 000 000`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

/** A measured share: `87 %`, `3.4 %`; never 100 for less than all, never 0 for more than nothing. */
export function formatShare(share: number): string {
  if (share === 0) return '0 %';
  if (share < 0.001) return '< 0.1 %';
  if (share < 0.0995) return `${trim0((share * 100).toFixed(1))} %`;
  const whole = Math.round(share * 100);
  return `${whole >= 100 && share < 1 ? 99 : whole} %`;
}

function digits3(value: number): string {
  return value >= 99.95
    ? String(Math.round(value))
    : value >= 9.995
      ? trim0(value.toFixed(1))
      : trim0(value.toFixed(2));
}

/** `1.50` stays; only a whole number loses its zeros, so that columns read alike. */
function trim0(text: string): string {
  return text.replace(/\.0+$/, '');
}
