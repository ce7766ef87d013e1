// Is this parsed JSON what the record's types say? Each check gives what is wrong, as the end of
// a sentence that begins with "line 7", or null.
import { OUTCOMES } from '../model/outcome.ts';
import { paceFromProblem, paceProblem } from './check-pace.ts';
import { MS_MAX } from './instants.ts';

type Fields = Readonly<Record<string, unknown>>;
/** What a field must be, in words for people, and how that is seen. */
type Kind = readonly [words: string, test: (value: unknown) => boolean];

const outcomes: ReadonlySet<unknown> = new Set(OUTCOMES);
const isText = (value: unknown): boolean => typeof value === 'string';
/** JSON can spell 1e999, which is read as Infinity. */
const isMeasure = (value: unknown): boolean => Number.isFinite(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isMore = (value: unknown): boolean => isMeasure(value) && (value as number) > 0;

/** Longer times than msText can write are in no record; behind this check nobody has to doubt them. */
const isTime = (value: unknown): boolean => isMeasure(value) && Math.abs(value as number) <= MS_MAX;

const TEXT: Kind = ['text', isText];
const TIME: Kind = ['a number of milliseconds', isTime];
const SPAN: Kind = ['a number of milliseconds from 0', value => isTime(value) && (value as number) >= 0];
const COUNT: Kind = ['a whole number from 0', isCount];
const OUTCOME: Kind = ['an outcome', value => outcomes.has(value)];
const NUMBER: Kind = ['a number', isMeasure];
const STATUS: Kind = ['a status or null', value => value === null || isCount(value)];
const ID: Kind = ['text, a number or null', value => value === null || isText(value) || isMeasure(value)];
const LIMIT: Kind = ['a whole number or null', value => value === null || isCount(value)];
const FIELDS: Kind = ['an object', isFields];
/** A record may come from anybody, and somebody will open what it names. */
const FILE: Kind = [
  'the name of a file, without a path',
  value => isText(value) && /^[^./\\:\0-\x1f][^/\\:\0-\x1f]{0,254}$/.test(value as string),
];
const SHA256: Kind = [
  '64 hexadecimal digits',
  value => isText(value) && /^[0-9a-f]{64}$/.test(value as string),
];
const FLAG: Kind = ['true or false', value => typeof value === 'boolean'];
const LIST: Kind = ['a list', value => Array.isArray(value)];
const COUNTS: Kind = ['an object of counts', value => isFields(value) && Object.values(value).every(isCount)];

/** More than any run of ours has; all of them are drawn. */
const LOOPS_MAX = 1024;
const BUSY_MAX = 4096;
const LOOPS: Kind = [
  `a list of at most ${LOOPS_MAX} event loops`,
  value => Array.isArray(value) && value.length <= LOOPS_MAX,
];
const isShare = (value: unknown): boolean => value === null || (isMeasure(value) && isWithin(value, 0, 1));
const isWithin = (value: unknown, from: number, to: number): boolean =>
  from <= Number(value) && Number(value) <= to;

const RATE: Kind = [
  'a rate: a count above 0 in a windowMs above 0',
  value => isFields(value) && isMore(value.count) && isTime(value.windowMs) && isMore(value.windowMs),
];

type Shape = readonly (readonly [name: string, kind: Kind, optional?: 'optional'])[];

const HEADER: Shape = [
  ['version', TEXT],
  ['started', TEXT],
  ['strategy', TEXT],
  ['concurrency', LIMIT],
  ['findsPace', FLAG, 'optional'],
  ['workers', COUNT, 'optional'],
  ['rate', RATE, 'optional'],
  ['hostRate', RATE, 'optional'],
  ['burst', COUNT, 'optional'],
  ['perHost', COUNT, 'optional'],
  ['seed', NUMBER],
  ['requests', COUNT, 'optional'],
];
const TEXT_OR_NULL: Kind = ['text or null', value => value === null || isText(value)];
const NAMES: Kind = ['a list of text', value => Array.isArray(value) && value.every(isText)];
const INPUTS: Shape = [
  ['names', NAMES],
  ['format', TEXT],
  ['repeat', COUNT],
  ['method', TEXT_OR_NULL],
  ['headers', TEXT_OR_NULL],
  ['body', TEXT_OR_NULL],
];
const INTENT: Shape = [
  ['index', COUNT],
  ['attempt', COUNT],
];
const RESUMED: Shape = [
  ['started', TEXT],
  ['atMs', SPAN],
  ['strategy', TEXT],
  ['concurrency', LIMIT],
  ['findsPace', FLAG, 'optional'],
  ['workers', COUNT, 'optional'],
  ['seed', NUMBER],
];
const REQUEST: Shape = [
  ['index', COUNT],
  ['id', ID],
  ['method', TEXT],
  ['url', TEXT],
  ['outcome', OUTCOME],
  ['status', STATUS],
  ['attempts', COUNT],
  ['lane', COUNT, 'optional'],
  ['worker', COUNT, 'optional'],
  ['createdMs', TIME],
  ['startedMs', TIME, 'optional'],
  ['endedMs', TIME],
  ['bytes', COUNT],
  ['body', TEXT, 'optional'],
  ['bodyEncoding', ["'base64'", value => value === 'base64'], 'optional'],
  ['finalUrl', TEXT, 'optional'],
  ['noRetry', TEXT, 'optional'],
  ['file', FILE, 'optional'],
  ['sha256', SHA256, 'optional'],
  ['tries', LIST],
];
const TRY: Shape = [
  ['lane', COUNT],
  ['url', TEXT, 'optional'],
  ['worker', COUNT, 'optional'],
  ['outcome', OUTCOME],
  ['status', STATUS],
  ['startedMs', TIME],
  ['endedMs', TIME],
  ['phasesMs', FIELDS],
  ['retryAfterMs', SPAN, 'optional'],
  ['retryAfterIgnored', TEXT, 'optional'],
  ['addresses', NAMES, 'optional'],
  ['framing', ["'close'", value => value === 'close'], 'optional'],
];
const PHASES: Shape = [
  ['backoff', SPAN, 'optional'],
  ['permit', SPAN, 'optional'],
  ['handover', SPAN, 'optional'],
  ['network', SPAN, 'optional'],
  ['queue', SPAN, 'optional'],
  ['service', SPAN, 'optional'],
  ['ttfb', SPAN, 'optional'],
  ['download', SPAN, 'optional'],
  ['handler', SPAN, 'optional'],
];
const SERVER: Shape = [
  ['worker', TEXT, 'optional'],
  ['workers', COUNT, 'optional'],
  ['arrivedMs', TIME],
  ['doubtMs', SPAN],
];
const QUOTA: Shape = [
  ['remaining', COUNT],
  ['resetMs', SPAN],
];
const ERROR: Shape = [
  ['code', TEXT],
  ['message', TEXT],
  ['phase', TEXT, 'optional'],
];
const SUMMARY: Shape = [
  ['ended', TEXT],
  ['makespanMs', SPAN],
  ['requests', COUNT],
  ['attempts', COUNT],
  ['outcomes', COUNTS],
  ['statuses', COUNTS],
  ['bytes', COUNT],
  ['inFlightMax', COUNT],
  ['refused', COUNT, 'optional'],
  ['waitAskedMsMax', SPAN, 'optional'],
  ['noRetry', COUNTS, 'optional'],
  ['serverQueueMax', COUNT, 'optional'],
  ['serverWaited', COUNT, 'optional'],
  ['serverWorkers', COUNT, 'optional'],
  ['checks', LIST, 'optional'],
  ['eventLoops', LOOPS, 'optional'],
];
const CHECK: Shape = [
  ['text', TEXT],
  ['holds', FLAG],
  ['saw', TEXT],
];
const LOOP: Shape = [
  [
    'of',
    ["'main', 'thread' or 'process'", value => value === 'main' || value === 'thread' || value === 'process'],
  ],
  ['worker', COUNT, 'optional'],
  ['fromMs', SPAN, 'optional'],
  ['everyMs', ['a number of milliseconds above 0', value => isTime(value) && isMore(value)]],
  [
    'busy',
    [
      `a list of at most ${BUSY_MAX} shares from 0 to 1`,
      value => Array.isArray(value) && value.length <= BUSY_MAX && value.every(isShare),
    ],
  ],
];
const PERCENTILES: Shape = [
  ['p50', SPAN],
  ['p95', SPAN],
  ['p99', SPAN],
  ['max', SPAN],
];
const USAGE: Shape = [
  ['realMs', SPAN],
  ['userMs', SPAN],
  ['sysMs', SPAN],
  ['peakMemoryBytes', COUNT],
  ['processes', COUNT],
  ['threads', COUNT],
];
const SPREADS = ['queueingMs', 'backoffMs', 'serviceMs', 'responseMs', 'serverQueueMs'] as const;

export function runHeaderProblem(run: unknown): string | null {
  const problem = shapeProblem(run, HEADER, 'run');
  if (problem !== null) return problem;
  const { inputs, paceFrom } = run as Fields;
  const found = paceFromProblem(paceFrom, 'run.paceFrom');
  if (found !== null || inputs === undefined) return found;
  return shapeProblem(inputs, INPUTS, 'run.inputs');
}

export function intentProblem(intent: unknown): string | null {
  return shapeProblem(intent, INTENT, 'intent');
}

export function resumedProblem(resumed: unknown): string | null {
  return (
    shapeProblem(resumed, RESUMED, 'resumed') ??
    paceFromProblem((resumed as Fields).paceFrom, 'resumed.paceFrom')
  );
}

export function requestLineProblem(line: Fields): string | null {
  const problem = shapeProblem(line, REQUEST, '') ?? errorProblem(line.error, 'error');
  if (problem !== null) return problem;
  const tries = line.tries as readonly unknown[];
  for (let i = 0; i < tries.length; i++) {
    const found = tryProblem(tries[i], `tries[${i}]`);
    if (found !== null) return found;
  }
  return null;
}

export function summaryProblem(summary: unknown): string | null {
  const problem = shapeProblem(summary, SUMMARY, 'summary');
  if (problem !== null) return problem;
  const fields = summary as Fields;
  for (const name of SPREADS) {
    const found = fields[name] === undefined ? null : shapeProblem(fields[name], PERCENTILES, name);
    if (found !== null) return found;
  }
  for (const [place, check] of ((fields.checks ?? []) as readonly unknown[]).entries()) {
    const found = shapeProblem(check, CHECK, `checks[${place}]`);
    if (found !== null) return found;
  }
  for (const [place, loop] of ((fields.eventLoops ?? []) as readonly unknown[]).entries()) {
    const found = shapeProblem(loop, LOOP, `eventLoops[${place}]`);
    if (found !== null) return found;
  }
  const found = paceProblem(fields.pace);
  if (found !== null) return found;
  return fields.usage === undefined ? null : shapeProblem(fields.usage, USAGE, 'usage');
}

function tryProblem(value: unknown, where: string): string | null {
  const problem = shapeProblem(value, TRY, where);
  if (problem !== null) return problem;
  const fields = value as Fields;
  return (
    shapeProblem(fields.phasesMs, PHASES, `${where}.phasesMs`) ??
    (fields.quota === undefined ? null : shapeProblem(fields.quota, QUOTA, `${where}.quota`)) ??
    (fields.server === undefined ? null : shapeProblem(fields.server, SERVER, `${where}.server`)) ??
    errorProblem(fields.error, `${where}.error`)
  );
}

function errorProblem(value: unknown, where: string): string | null {
  return value === undefined ? null : shapeProblem(value, ERROR, where);
}

function shapeProblem(value: unknown, shape: Shape, where: string): string | null {
  if (!isFields(value)) return `has no object '${where}'`;
  for (const [name, [words, test], optional] of shape) {
    const field = value[name];
    if (field === undefined && optional !== undefined) continue;
    if (test(field)) continue;
    const place = where === '' ? name : `${where}.${name}`;
    return field === undefined ? `has no '${place}'` : `has '${place}' that is not ${words}`;
  }
  return null;
}
