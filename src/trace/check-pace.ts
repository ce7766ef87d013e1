// Is what a record says of the pace of its origins what the record's types say? A record may come from anybody.
import { MS_MAX } from './instants.ts';

/** More than any run of ours has. */
const ORIGINS_MAX = 1024;
const CHANGES_MAX = 4096;

/** What is wrong, as the end of a sentence that begins with "line 7", or null. */
export function paceProblem(pace: unknown): string | null {
  if (pace === undefined) return null;
  if (!Array.isArray(pace) || pace.length > ORIGINS_MAX)
    return `has 'summary.pace' that is not a list of at most ${ORIGINS_MAX} origins`;
  const place = pace.findIndex(one => !isOriginPace(one));
  return place < 0 ? null : `has 'pace[${place}]' that is not the pace of an origin`;
}

function isOriginPace(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { origin, mode, limit, reason, says, changes, ...rest } = value as Readonly<Record<string, unknown>>;
  const texts = [origin, mode, reason, says].every(text => typeof text === 'string');
  const measures = [rest.capacity, rest.ratePerSecond, rest.serviceMs, rest.proofs].every(
    one => one === undefined || isAmount(one),
  );
  const isListed = Array.isArray(changes) && changes.length <= CHANGES_MAX && changes.every(isChange);
  return texts && measures && isListed && isAmount(limit);
}

function isChange(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [atMs, limit, reason] = value as readonly unknown[];
  return isAmount(atMs) && isAmount(limit) && typeof reason === 'string';
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= MS_MAX;
}
