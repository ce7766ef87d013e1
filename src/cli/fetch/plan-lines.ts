// The plan of a run, for people: what is about to happen, all defaults filled in. Holds no header and no body: those
// may be secret.
import { formatCount, formatDuration, formatSize } from '../../base/units.ts';
import type { Rate } from '../../control/gcra.ts';
import type { RunPlan } from '../../engine/plan.ts';
import type { ConnectionOptions } from '../../model/plan.ts';
import { counted } from '../../timeline/caption.ts';
import type { Word } from '../flags/command-line.ts';
import type { FetchPlan } from './plan.ts';

export function planLines(run: RunPlan, plan: FetchPlan, words: readonly Word[]): string[] {
  const { connectMs, headersMs, bodyMs, bodyBytesMax } = run.attempt.limits;
  const most = Number.isFinite(run.limit) ? `at most ${formatCount(run.limit)} in flight` : 'no limit';
  const found = `as many in flight as each server bears, at most ${formatCount(run.findsUpTo ?? 0)}`;
  const limit = run.findsUpTo === null ? most : found;
  const bodies = plan.outputDir === null ? plan.bodies : plan.savedBodies;
  const outputs = [
    ...(plan.recordPath === null ? [] : [`record to ${plan.recordPath}`]),
    ...(plan.outputDir === null ? [] : [`bodies as files to ${plan.outputDir}`]),
    ...(plan.stdout === null ? [] : [`${plan.stdout} to stdout`]),
  ];
  return [
    `strategy  ${run.strategy}, ${limit}${run.workers > 0 ? `, ${counted(run.workers, 'worker')}` : ''}`,
    `rates     ${ratesOf(run).join(', ') || 'none'}`,
    `timeouts  connect ${span(connectMs)}, headers ${span(headersMs)}, body ${span(bodyMs)}, ` +
      `request ${span(run.timeoutMs)}; bodies up to ${formatSize(bodyBytesMax)}`,
    ...wayLines(run.attempt.connection),
    `retries   ${retriesOf(run, plan).join(', ')}`,
    `ends      ${endsOf(run, plan).join(', ')}`,
    `input     ${inputsOf(plan, words)}`,
    `output    ${outputs.join(', ') || 'none'}; bodies kept: ${bodies}` +
      `${run.order === 'input' ? '; in the order of the input' : ''}`,
    `seed      ${run.seed}`,
  ];
}

function inputsOf(plan: FetchPlan, words: readonly Word[]): string {
  const files = words.flatMap(({ flag, text }) => (flag === 'input' ? [text === '-' ? 'stdin' : text] : []));
  const urls = words.filter(({ flag }) => flag === null).length;
  const inputs = [...files, ...(urls > 0 ? [counted(urls, 'URL')] : [])];
  const format = plan.inputFormat === 'auto' ? '' : ` as ${plan.inputFormat}`;
  return `${inputs.join(', ')}${format}${plan.repeat > 1 ? `, ${formatCount(plan.repeat)} times` : ''}`;
}

/** How connections are made, where not in the usual way. The credentials of a proxy are not told. */
function wayLines({ proxy, unixSocket, caCert }: ConnectionOptions): string[] {
  const ways = [
    ...(proxy === null ? [] : [`by way of the proxy ${proxy.host}:${proxy.port}`]),
    ...(unixSocket === null ? [] : [`to the socket ${unixSocket}`]),
    ...(caCert === null ? [] : ['authorities from --cacert alone']),
  ];
  return ways.length === 0 ? [] : [`network   ${ways.join(', ')}`];
}

function ratesOf({ polite: { rate, hostRate, burst, perHost } }: RunPlan): string[] {
  const hasRate = rate !== null || hostRate !== null;
  return [
    ...(rate === null ? [] : [`starts ${rateText(rate)}`]),
    ...(hostRate === null ? [] : [`for each host ${rateText(hostRate)}`]),
    ...(hasRate && burst > 1 ? [`${formatCount(burst)} at once after a quiet time`] : []),
    ...(Number.isFinite(perHost) ? [`at most ${formatCount(perHost)} in flight for each host`] : []),
  ];
}

const UNITS = [
  ['s', 1000],
  ['min', 60_000],
  ['h', 3_600_000],
] as const;

/** As `--rate` takes it: `10/s`, `5/15s`. */
function rateText({ count, windowMs }: Rate): string {
  const unit = UNITS.find(([, ms]) => windowMs === ms)?.[0];
  return `${count}/${unit ?? formatDuration(windowMs).replace(' ', '')}`;
}

function retriesOf({ polite: { retry, retryBudget } }: RunPlan, plan: FetchPlan): string[] {
  if (retry.retriesMax === 0) return ['none'];
  return [
    `at most ${formatCount(retry.retriesMax)} for a request`,
    `on ${plan.run.retryOn ?? 'default'}`,
    `backoff from ${formatDuration(retry.delayMs)} to ${formatDuration(retry.delayMsMax)}`,
    ...(Number.isFinite(retryBudget) ? [`in all ${asGiven(retryBudget)} of the requests`] : []),
    ...(retry.unsafe ? ['also of what may have been carried out'] : []),
  ];
}

function endsOf({ stop: { maxDurationMs, failEarly, maxErrors } }: RunPlan, { checks }: FetchPlan): string[] {
  const allowed =
    maxErrors && ('count' in maxErrors ? formatCount(maxErrors.count) : `${maxErrors.percent}%`);
  return [
    'when all is done',
    ...(Number.isFinite(maxDurationMs) ? [`after ${formatDuration(maxDurationMs)}`] : []),
    ...(failEarly ? ['at the first that is not ok'] : []),
    ...(allowed === null ? [] : [`when more than ${allowed} are not ok`]),
    ...(checks.length > 0 ? [`then checks ${checks.map(({ text }) => text).join(', ')}`] : []),
  ];
}

/** A share with all the digits that it was given with: `12.5%`. */
function asGiven(share: number): string {
  return `${Number((100 * share).toPrecision(6))}%`;
}

function span(ms: number): string {
  return Number.isFinite(ms) ? formatDuration(ms) : 'none';
}
