// What `fetch` tells at the end: how it went, where the time was, what it cost. The first line alone is
// enough for most.
import { formatCount, formatDuration, formatSize } from '../base/units.ts';
import { OUTCOMES, type OutcomeKind } from '../model/outcome.ts';
import type { CheckLine, Percentiles, RunEnding, Summary, Usage } from '../model/record.ts';
import type { NoRetry } from '../model/settled.ts';
import { counted } from '../timeline/caption.ts';
import { loopsPart } from '../timeline/event-loops.ts';
import { wrapped } from '../timeline/wrapped.ts';
import { alignColumns } from './columns.ts';
import { type Diagnosis, diagnosisText } from './diagnosis.ts';
import { paceText } from './pace-text.ts';
import { wrapWords } from './wrap-words.ts';

const OUTCOME_WORDS: Readonly<Record<OutcomeKind, string>> = {
  ok: 'ok',
  http_error: 'HTTP errors',
  timeout: 'timed out',
  network_error: 'network errors',
  tls_error: 'TLS errors',
  protocol_error: 'protocol errors',
  too_large: 'too large',
  handler_error: 'handler errors',
  invalid_input: 'invalid input',
  cancelled: 'cancelled',
  unknown: 'unknown',
};

const ENDING_WORDS: Readonly<Record<RunEnding, string>> = {
  complete: '',
  interrupted: 'interrupted',
  deadline: 'stopped at its time limit',
  failed: 'more failures than allowed',
  local_failure: 'broken off by a failure on this side',
};

/**
 * Lines without line feeds, at most `width` columns wide.
 * @param diagnoses what limited the run; what they say of the server's queue is not said twice
 */
export function summaryText(summary: Summary, width = 80, diagnoses: readonly Diagnosis[] = []): string[] {
  const isQueueTold = diagnoses.some(({ code }) => code === 'server_capacity' || code === 'own_limit');
  const dots = { width, indent: '', charset: 'unicode' } as const;
  return [
    ...wrapped(headline(summary), dots),
    ...wrapped(throughput(summary), dots),
    ...wrapped(wordOfServers(summary), dots),
    ...percentileTable(summary, width),
    ...(isQueueTold ? [] : serverLine(summary)).flatMap(line => wrapped([line], dots)),
    ...paceText(summary).flatMap(line => wrapWords(line, width)),
    ...wrapped(costParts(summary), dots),
    ...(summary.checks ?? []).flatMap(check => checkLines(check, width)),
    ...diagnoses.flatMap(one => wrapWords(diagnosisText(one), width)),
  ];
}

/** `1 000 requests in 12.4 s: 997 ok` · `2 timed out` */
function headline({ ended, requests, outcomes, makespanMs }: Summary): string[] {
  if (requests === 0) return ['0 requests', ...endingPart(ended)];
  const counts = OUTCOMES.filter(kind => (outcomes[kind] ?? 0) > 0).map(kind =>
    outcomeText(kind, outcomes[kind] ?? 0),
  );
  const [first, ...others] = counts;
  const opening = `${counted(requests, 'request')} in ${formatDuration(makespanMs)}: ${first ?? ''}`;
  return [opening, ...others, ...endingPart(ended)];
}

function outcomeText(kind: OutcomeKind, count: number): string {
  const words = OUTCOME_WORDS[kind];
  return `${formatCount(count)} ${count === 1 && words.endsWith('errors') ? words.slice(0, -1) : words}`;
}

function endingPart(ended: RunEnding): string[] {
  return ended === 'complete' ? [] : [ENDING_WORDS[ended]];
}

function throughput({ requests, attempts, makespanMs, inFlightMax, bytes, statuses }: Summary): string[] {
  if (attempts === 0) return [];
  const perSecond = makespanMs > 0 ? `${rateText((requests * 1000) / makespanMs)} requests/s` : '';
  const codes = Object.entries(statuses).filter(([status]) => status !== '200');
  return [
    ...(perSecond ? [perSecond] : []),
    ...(attempts === requests ? [] : [counted(attempts, 'attempt')]),
    `at most ${formatCount(inFlightMax)} in flight`,
    formatSize(bytes),
    ...codes.map(([status, count]) => `${formatCount(count)} × ${status}`),
  ];
}

const NO_RETRY_WORDS: Readonly<Record<NoRetry, string>> = {
  attempts: 'failed after all their attempts',
  budget: 'not sent again: the retry budget is used up',
  deadline: 'not sent again: their time was over',
  wait_too_long: 'not sent again: the server asked for a longer wait than --retry-max-delay',
  unsafe: 'not sent again, as they may have been carried out: --retry-unsafe, or an Idempotency-Key',
  stopping: 'not sent again, as the run was stopping',
};

/** What servers asked for, and what was done about it. */
function wordOfServers({ refused = 0, waitAskedMsMax, noRetry = {} }: Summary): string[] {
  const asked =
    waitAskedMsMax === undefined ? '' : `, asking to wait ${formatDuration(waitAskedMsMax)} at most`;
  const reasons = Object.entries(noRetry) as [NoRetry, number][];
  return [
    ...(refused > 0 ? [`refused ${counted(refused, 'time')}${asked}`] : []),
    ...reasons.map(([reason, count]) => `${formatCount(count)} ${NO_RETRY_WORDS[reason] ?? reason}`),
  ];
}

/** One unit for the whole table, so that a column can be read down. */
function percentileTable(summary: Summary, width: number): string[] {
  const rows: [words: string, spans: Percentiles | undefined][] = [
    ['  waiting for a permit here (queueing)', summary.queueingMs],
    ['  waiting to be sent again (backoff)', summary.backoffMs],
    ['  on the wire (service)', summary.serviceMs],
    ["    of it in the server's queue", summary.serverQueueMs],
    ['  from known to done (response)', summary.responseMs],
  ];
  const shown = rows.filter((row): row is [string, Percentiles] => row[1] !== undefined);
  if (shown.length === 0) return [];
  const inSeconds = Math.max(...shown.map(([, spans]) => spans.max)) >= 100_000;
  const text = (ms: number): string => (inSeconds ? digits3(ms / 1000) : digits3(ms));
  return alignColumns(
    [
      { head: [`  time in ${inSeconds ? 's' : 'ms'}`], align: 'left', values: shown.map(([words]) => words) },
      ...(['p50', 'p95', 'p99', 'max'] as const).map(name => ({
        head: [name],
        align: 'right' as const,
        values: shown.map(([, spans]) => text(spans[name])),
      })),
    ],
    width,
  );
}

function serverLine({ serverWaited, serverQueueMax, serverWorkers, attempts }: Summary): string[] {
  if (serverWaited === undefined) return [];
  const workers = serverWorkers === undefined ? '' : ` (${counted(serverWorkers, 'worker')})`;
  if (serverWaited === 0) return [`the server${workers} let nobody wait`];
  const most = serverQueueMax === undefined ? '' : `, at most ${formatCount(serverQueueMax)} at once`;
  return [
    `${formatCount(serverWaited)} of ${formatCount(attempts)} waited in the server's queue${workers}${most}`,
  ];
}

function costParts({ usage, eventLoops = [], makespanMs }: Summary): string[] {
  return [...(usage ? usageParts(usage) : []), ...loopsPart(eventLoops, makespanMs)];
}

function usageParts({ realMs, userMs, sysMs, peakMemoryBytes, processes, threads }: Usage): string[] {
  return [
    `real ${formatDuration(realMs)}`,
    `user ${formatDuration(userMs)}`,
    `sys ${formatDuration(sysMs)}`,
    `peak memory ${formatSize(peakMemoryBytes)}`,
    `${processes} ${processes === 1 ? 'process' : 'processes'}, ${counted(threads, 'thread')}`,
  ];
}

/** `✗ p95<2s: 2.31 s` */
function checkLines({ text, holds, saw }: CheckLine, width: number): string[] {
  const [first = '', ...rest] = wrapWords(`${holds ? '✓' : '✗'} ${text}: ${saw}`, width - 2);
  return [first, ...rest.map(line => `  ${line}`)];
}

function rateText(perSecond: number): string {
  return perSecond >= 100 ? formatCount(Math.round(perSecond)) : digits3(perSecond);
}

/** Three significant digits without exponent, thousands set apart. */
function digits3(value: number): string {
  if (value === 0) return '0';
  if (value >= 99.95) return formatCount(Math.round(value));
  return value >= 9.995 ? value.toFixed(1) : value >= 0.9995 ? value.toFixed(2) : value.toFixed(3);
}
