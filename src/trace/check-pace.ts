// Is what a record says of the pace of its origins what the record's types say? A record may come from anybody.
import { PACE_MEASURES } from '../model/record.ts';
import { MS_MAX } from './instants.ts';

/** More than any run of ours has. */
const ORIGINS_MAX = 1024;
const CHANGES_MAX = 4096;
const AMOUNT = 'a number from 0';

type Fields = Readonly<Record<string, unknown>>;

/** What is wrong, as the end of a sentence that begins with "line 7", or null. */
export function paceProblem(pace: unknown): string | null {
  if (pace === undefined) return null;
  if (!Array.isArray(pace) || pace.length > ORIGINS_MAX)
    return `has 'summary.pace' that is not a list of at most ${ORIGINS_MAX} origins`;
  for (const [place, one] of pace.entries()) {
    const problem = originProblem(one, `summary.pace[${place}]`);
    if (problem !== null) return problem;
  }
  return null;
}

/** The same of the first line, or of one of a run that went on. */
export function paceFromProblem(paceFrom: unknown, where: string): string | null {
  if (paceFrom === undefined) return null;
  if (!Array.isArray(paceFrom) || paceFrom.length > ORIGINS_MAX)
    return `has '${where}' that is not a list of at most ${ORIGINS_MAX} origins`;
  for (const [place, one] of paceFrom.entries()) {
    const problem = startProblem(one, `${where}[${place}]`);
    if (problem !== null) return problem;
  }
  return null;
}

function originProblem(value: unknown, where: string): string | null {
  const problem = startProblem(value, where);
  if (problem !== null) return problem;
  const { reason, says, serviceMs, proofs, filled, changes, from } = value as Fields;
  for (const [name, text] of Object.entries({ reason, says }))
    if (typeof text !== 'string') return `has '${where}.${name}' that is not text`;
  for (const [name, one] of Object.entries({ serviceMs, proofs }))
    if (one !== undefined && !isAmount(one)) return `has '${where}.${name}' that is not ${AMOUNT}`;
  if (filled !== undefined && filled !== true)
    return `has '${where}.filled' that is neither true nor left out`;
  if (from !== undefined) {
    const found = amountsProblem(from, `${where}.from`);
    if (found !== null) return found;
  }
  const isListed = Array.isArray(changes) && changes.length <= CHANGES_MAX && changes.every(isChange);
  return isListed ? null : `has '${where}.changes' that is not a list of at most ${CHANGES_MAX} changes`;
}

function startProblem(value: unknown, where: string): string | null {
  const found = amountsProblem(value, where);
  if (found !== null) return found;
  const { origin, mode } = value as Fields;
  for (const [name, text] of Object.entries({ origin, mode }))
    if (typeof text !== 'string') return `has '${where}.${name}' that is not text`;
  return null;
}

function amountsProblem(value: unknown, where: string): string | null {
  if (typeof value !== 'object' || value === null) return `has '${where}' that is not an object`;
  const fields = value as Fields;
  if (!isAmount(fields.limit)) return `has '${where}.limit' that is not ${AMOUNT}`;
  for (const name of PACE_MEASURES)
    if (fields[name] !== undefined && !isAmount(fields[name]))
      return `has '${where}.${name}' that is not ${AMOUNT}`;
  return null;
}

function isChange(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [atMs, limit, reason] = value as readonly unknown[];
  return isAmount(atMs) && isAmount(limit) && typeof reason === 'string';
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= MS_MAX;
}
