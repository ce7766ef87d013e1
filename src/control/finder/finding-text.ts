// What was found, as a sentence: for the progress line, the summary and the pictures.
import { formatCount, formatDuration } from '../../base/units.ts';
import type { Finding } from './pace-finder.ts';

/** `3 at a time, 1.0 s each: 3.0 requests/s (proved by 41 overtakings)`; no full stop. */
export function findingText(finding: Finding): string {
  const { mode, limit, capacity, ratePerSecond, serviceMs, reason } = finding;
  if (mode === 'rate' && ratePerSecond !== null)
    return `${shortNumber(ratePerSecond)} requests per second (${reason})`;
  if (mode === 'rate' || mode === 'quota' || mode === 'refusing') return reason;
  if (capacity === null && mode === 'starting') return `${formatCount(limit)} at a time so far (${reason})`;
  const held = Math.round(capacity ?? limit);
  const pace =
    serviceMs !== null && serviceMs > 0
      ? `, ${formatDuration(serviceMs)} each: ${shortNumber((1000 * held) / serviceMs)} requests/s`
      : '';
  return `${formatCount(held)} at a time${pace} (${why(finding)})`;
}

function why({ limit, capacity, proofs, reason, isFilled }: Finding): string {
  const because = isFilled ? `${formatCount(limit)} in flight, as ${reason}` : reason;
  if (proofs === 0 || capacity === null) return because;
  const proved = `proved by ${formatCount(proofs)} ${proofs === 1 ? 'overtaking' : 'overtakings'}`;
  return isFilled ? `${proved}; ${because}` : proved;
}

/** One decimal below ten, none above. */
function shortNumber(value: number): string {
  return value < 9.95 ? value.toFixed(1) : formatCount(Math.round(value));
}
