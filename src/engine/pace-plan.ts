// Where `-c auto` begins: what an earlier run found of each origin, checked once, before anything is sent.
import { invalidOption, PacelineError } from '../base/errors.ts';
import type { FoundBefore } from '../control/finder/found-before.ts';
import { PACE_MEASURES, type PaceStart } from '../model/record.ts';

/** As many as two records may have. */
const ORIGINS_MAX = 2048;

/** @returns what was found, by origin @throws ERR_OPTION_CONFLICT, ERR_OPTION_INVALID */
export function resolvePaceFrom(
  given: readonly PaceStart[] | undefined,
  isFound: boolean,
): ReadonlyMap<string, FoundBefore> {
  const starts = new Map<string, FoundBefore>();
  if (given === undefined) return starts;
  if (!Array.isArray(given) || given.length > ORIGINS_MAX)
    throw invalidOption(
      'paceFrom',
      `a list of at most ${ORIGINS_MAX} origins, as \`pace\` of a summary`,
      given,
    );
  if (!isFound)
    throw new PacelineError(
      'ERR_OPTION_CONFLICT',
      "What an earlier run found (--pace-from, `paceFrom`) is where -c auto begins, `concurrency: 'auto'`: " +
        'give that, or leave it out.',
    );
  for (const [place, start] of given.entries()) {
    const { origin, mode, limit } = checked(start, `paceFrom[${place}]`);
    const known = PACE_MEASURES.filter(measure => start[measure] !== undefined);
    starts.set(origin, {
      mode,
      limit,
      ...Object.fromEntries(known.map(measure => [measure, start[measure]])),
    });
  }
  return starts;
}

function checked(start: PaceStart, name: string): PaceStart {
  if (typeof start !== 'object' || start === null)
    throw invalidOption(name, 'an object such as { origin, mode, limit }', start);
  for (const field of ['origin', 'mode'] as const)
    if (typeof start[field] !== 'string') throw invalidOption(`${name}.${field}`, 'text', start[field]);
  if (!isMeasure(start.limit) || start.limit < 1)
    throw invalidOption(`${name}.limit`, 'a number from 1', start.limit);
  for (const field of PACE_MEASURES)
    if (start[field] !== undefined && !(isMeasure(start[field]) && start[field] > 0))
      throw invalidOption(`${name}.${field}`, 'a number above 0', start[field]);
  return start;
}

function isMeasure(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
