// Scenarios out of the text of a file: one object or a list of them, in seconds. Whatever it holds is bounded, so that
// no file can keep the machine busy for a day or fill its memory.
import { PacelineError } from '../../base/errors.ts';
import { type Bounds, badScenario, Fields } from './fields.ts';
import type {
  Competitor,
  Scenario,
  ScenarioFaults,
  ScenarioRateLimit,
  ScenarioServer,
  Service,
  WorkClass,
  WorkersStep,
} from './scenario.ts';

const SCENARIOS_MAX = 1000;
const REQUESTS_MAX = 100_000;
const WORKERS_MAX = 10_000;
const STEPS_MAX = 100;
const CLASSES_MAX = 100;
const COMPETITORS_MAX = 20;
const NAME_CHARS_MAX = 80;
/** A day: what takes longer is no service time. */
const SECONDS: Bounds = { min: 0, max: 86_400 };
const MEAN: Bounds = { min: 1e-6, max: 3600 };
const SHARE: Bounds = { min: 0, max: 1 };
const INFINITE: Bounds = { min: 0, max: Number.POSITIVE_INFINITY };
const MS = 1000;

/**
 * @param file its name, for messages
 * @throws ERR_INPUT_SCENARIO with the file, the scenario and the field
 */
export function readScenarios(text: string, file: string): Scenario[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PacelineError('ERR_INPUT_SCENARIO', `${file}: expected JSON, a scenario or a list of them.`);
  }
  const all = Array.isArray(value) ? value : [value];
  if (all.length === 0 || all.length > SCENARIOS_MAX)
    throw badScenario(file, `expected 1 to ${SCENARIOS_MAX} scenarios`, all.length);
  const scenarios = all.map((one, index) => readScenario(one, `${file}, scenario ${index + 1}:`));
  const ids = new Set<string>();
  for (const [index, { id }] of scenarios.entries()) {
    const place = `${file}, scenario ${index + 1}: id`;
    if (ids.has(id)) throw badScenario(place, 'expected another one than that of each before', id);
    ids.add(id);
  }
  return scenarios;
}

function readScenario(value: unknown, place: string): Scenario {
  const fields = new Fields(value, place);
  const id = fields.text('id', NAME_CHARS_MAX);
  const requests = fields.number('n', { min: 1, max: REQUESTS_MAX, isWhole: true });
  const classes = readClasses(fields);
  const net = fields.innerOrNone('net');
  const scenario: Scenario = {
    id,
    family: fields.text('family', NAME_CHARS_MAX, 'other'),
    requests,
    server: readServer(fields.inner('server')),
    classes,
    order: fields.choice('order', ['random', 'interleave', 'blocks'], 'random'),
    rttMs: MS * (net?.number('rtt', SECONDS, DEFAULT_RTT) ?? DEFAULT_RTT),
    jitterMs: MS * (net?.number('jitter', SECONDS, 0) ?? 0),
    faults: readFaults(fields.innerOrNone('errors')),
    rateLimit: readRateLimit(fields.innerOrNone('rateLimit')),
    competitors: readCompetitors(fields, classes),
    timeoutMs: MS * fields.number('timeout', { min: 1e-3, max: Infinity }, Number.POSITIVE_INFINITY),
  };
  net?.end();
  fields.end();
  return scenario;
}

const DEFAULT_RTT = 0.002;

/** Either one `service` for all requests, or several `classes`. */
function readClasses(fields: Fields): readonly WorkClass[] {
  const service = fields.innerOrNone('service');
  if (service) return [{ key: '', weight: 1, service: readService(service) }];
  if (!fields.has('classes')) throw badScenario(fields.of('service'), 'expected an object', undefined);
  const place = fields.of('classes');
  return fields.list('classes', CLASSES_MAX).map((value, index) => {
    const one = new Fields(value, `${place}[${index}]`);
    const read = {
      key: one.text('key', NAME_CHARS_MAX),
      weight: one.number('weight', { min: 1e-6, max: 1e6 }),
      service: readService(one.inner('service')),
    };
    one.end();
    return read;
  });
}

function readService(fields: Fields): Service {
  const dist = fields.choice('dist', ['det', 'uniform', 'exp', 'lognormal', 'bimodal']);
  const meanMs = MS * fields.number('mean', MEAN);
  const read = ((): Service => {
    switch (dist) {
      case 'uniform':
        return { dist, meanMs, spread: fields.number('spread', SHARE, 0.5) };
      case 'lognormal':
        return { dist, meanMs, sigma: fields.number('sigma', { min: 0, max: 3 }, 1) };
      case 'bimodal': {
        const pSlow = fields.number('pSlow', SHARE, 0.1);
        return { dist, meanMs, pSlow, ratio: fields.number('ratio', { min: 1, max: 1e4 }, 10) };
      }
      default:
        return { dist, meanMs };
    }
  })();
  fields.end();
  return read;
}

function readServer(fields: Fields): ScenarioServer {
  const warmUp = fields.innerOrNone('warmup');
  const retryAfter = fields.number('retryAfter', { min: -1, max: SECONDS.max }, -1);
  const server: ScenarioServer = {
    mode: fields.choice('mode', ['fifo', 'ps'], 'fifo'),
    workers: readWorkers(fields.take('workers'), fields.of('workers')),
    queue: fields.number('queue', { ...INFINITE, isWhole: true }, Number.POSITIVE_INFINITY),
    reject: fields.choice('reject', ['503', 'refused'], '503'),
    retryAfterMs: retryAfter < 0 ? null : MS * retryAfter,
    warmUp: warmUp && {
      factor: warmUp.number('factor', { min: 1e-3, max: 1000 }),
      tauMs: MS * warmUp.number('tau', { min: 1e-3, max: SECONDS.max }),
    },
  };
  warmUp?.end();
  fields.end();
  return server;
}

/** A number, or a list of [from when, how many]. */
function readWorkers(value: unknown, place: string): readonly WorkersStep[] {
  const isCount = (count: unknown): count is number =>
    Number.isInteger(count) && (count as number) >= 1 && (count as number) <= WORKERS_MAX;
  if (isCount(value)) return [{ atMs: 0, workers: value }];
  const steps = Array.isArray(value) && value.length <= STEPS_MAX ? value : [];
  let lastMs = Number.NEGATIVE_INFINITY;
  const read = steps.flatMap(step => {
    const [at, workers] = Array.isArray(step) && step.length === 2 ? step : [];
    const isStep = typeof at === 'number' && at >= 0 && at <= SECONDS.max && at * MS > lastMs;
    if (!isStep || !isCount(workers)) return [];
    lastMs = at * MS;
    return [{ atMs: lastMs, workers }];
  });
  if (read.length > 0 && read.length === steps.length && read[0]?.atMs === 0) return read;
  const form = `a whole number from 1 to ${WORKERS_MAX}, or a list such as [[0, 3], [80, 6]] in the order of time`;
  throw badScenario(place, `expected ${form}`, value);
}

function readFaults(fields: Fields | null): ScenarioFaults {
  const share = (name: string): number => fields?.number(name, SHARE, 0) ?? 0;
  const faults = {
    share500: share('p500'),
    cost500: fields?.number('cost500', { min: 0, max: 1000 }, 1) ?? 1,
    share503: share('p503'),
    shareReset: share('pReset'),
    shareHang: share('pHang'),
  };
  fields?.end();
  return faults;
}

function readRateLimit(fields: Fields | null): ScenarioRateLimit | null {
  if (!fields) return null;
  const kind = fields.choice('type', ['bucket', 'window']);
  const isBucket = kind === 'bucket';
  const whole: Bounds = { min: 1, max: 1e6, isWhole: true };
  const limit: ScenarioRateLimit = {
    kind,
    perSecond: isBucket ? fields.number('rate', { min: 1e-3, max: 1e6 }) : 0,
    most: isBucket ? fields.number('burst', { min: 1, max: 1e6 }) : fields.number('limit', whole),
    windowMs: isBucket ? 0 : MS * fields.number('window', { min: 1e-2, max: SECONDS.max }),
    retryAfter: fields.choice('retryAfter', ['exact', 'ceil', 'none'], 'none'),
    headers: fields.flag('headers'),
  };
  fields.end();
  return limit;
}

/** One, or a list. */
function readCompetitors(fields: Fields, classes: readonly WorkClass[]): readonly Competitor[] {
  const value = fields.take('competitor');
  if (value === undefined) return [];
  const place = fields.of('competitor');
  const all = Array.isArray(value) ? value : [value];
  if (all.length > COMPETITORS_MAX)
    throw badScenario(place, `expected at most ${COMPETITORS_MAX}`, all.length);
  return all.map(one => {
    const own = new Fields(one, place);
    const service = own.innerOrNone('service');
    const read = {
      concurrency: own.number('concurrency', { min: 1, max: WORKERS_MAX, isWhole: true }),
      fromMs: MS * own.number('from', SECONDS, 0),
      toMs: MS * own.number('to', INFINITE, Number.POSITIVE_INFINITY),
      service: service ? readService(service) : (classes[0] as WorkClass).service,
    };
    own.end();
    return read;
  });
}
