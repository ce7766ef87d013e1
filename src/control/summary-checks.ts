// Checks of a run as a whole, against its summary: percentiles, counts and shares of requests, rate and duration.
import type { Percentiles, Summary } from '../model/record.ts';
import { type CheckText, compare, type Piece } from './check-text.ts';
import { COUNT, outcomeOf, SPAN, statusOf, wholeNumber } from './check-units.ts';
import { parseRate } from './gcra.ts';

/** Whether a check holds, and what it looked at, for a message: `2.31 s`, `14 of 1000`, `not measured`. */
export interface Judgement {
  readonly holds: boolean;
  readonly saw: string;
}

/** Judged once, when the run has ended. */
export interface SummaryCheck {
  readonly scope: 'summary';
  /** As the user wrote it. */
  readonly text: string;
  /** What was not measured does not hold, and `saw` says so. */
  judge(summary: Summary): Judgement;
}

type Judge = SummaryCheck['judge'];
const NOT_MEASURED: Judgement = { holds: false, saw: 'not measured' };

const PERCENTILES: readonly string[] = ['p50', 'p95', 'p99', 'max'] satisfies (keyof Percentiles)[];
const SPANS: Readonly<Record<string, 'responseMs' | 'serviceMs' | 'queueingMs'>> = {
  response: 'responseMs',
  service: 'serviceMs',
  queueing: 'queueingMs',
};

export const SUMMARY_METRICS: readonly string[] = [...PERCENTILES, 'errors', 'requests', 'rate', 'duration'];

/** @throws ERR_OPTION_INVALID for a value, or something in parentheses, that does not fit what is measured */
export function summaryCheck(text: string, check: CheckText): SummaryCheck {
  return { scope: 'summary', text, judge: judgeOf(check) };
}

function judgeOf(check: CheckText): Judge {
  const { metric, argument } = check;
  if (PERCENTILES.includes(metric.text)) return percentileJudge(check);
  if (metric.text === 'outcome') {
    const kind = outcomeOf(check, argument as Piece);
    return countJudge(check, summary => summary.outcomes[kind] ?? 0);
  }
  if (metric.text === 'status') return countJudge(check, statusCount(check, argument as Piece));
  if (argument !== null) throw check.error(argument.at, `${metric.text} takes nothing in parentheses.`);
  if (metric.text === 'errors') return countJudge(check, errorsOf);
  if (metric.text === 'rate') return rateJudge(check);
  if (metric.text === 'duration') return spanJudge(check, summary => summary.makespanMs);
  const bound = COUNT.read(check);
  return ({ requests }) => ({ holds: compare(requests, check.operator, bound), saw: String(requests) });
}

/** Requests that ended, and not well. What was cancelled did not come to an end of its own. */
function errorsOf({ requests, outcomes }: Summary): number {
  return requests - (outcomes.ok ?? 0) - (outcomes.cancelled ?? 0);
}

/** One status, or a class of them: `429`, `5xx`. */
function statusCount(check: CheckText, piece: Piece): (summary: Summary) => number {
  const first = /^([1-5])xx$/.exec(piece.text)?.[1];
  if (first === undefined) {
    const status = statusOf(check, piece);
    return ({ statuses }) => statuses[status] ?? 0;
  }
  return ({ statuses }) =>
    Object.keys(statuses).reduce(
      (sum, key) => sum + (key.startsWith(first) ? (statuses[key] as number) : 0),
      0,
    );
}

/** Without a word in parentheses it is the response time: what a user feels. */
function percentileJudge(check: CheckText): Judge {
  const { metric, argument } = check;
  const span = SPANS[argument?.text ?? 'response'];
  if (argument !== null && !Object.hasOwn(SPANS, argument.text)) {
    throw check.unknown(argument, Object.keys(SPANS), `there is no span '${argument.text}'.`);
  }
  return spanJudge(check, summary => (span && summary[span])?.[metric.text as keyof Percentiles]);
}

function spanJudge(check: CheckText, spanOf: (summary: Summary) => number | undefined): Judge {
  const boundMs = SPAN.read(check);
  return summary => {
    const ms = spanOf(summary);
    if (ms === undefined) return NOT_MEASURED;
    return { holds: compare(ms, check.operator, boundMs), saw: SPAN.show(ms, boundMs) };
  };
}

/** Compared with a number, or with a share of all requests: `3`, `1%`. Of no request there is no share. */
function countJudge(check: CheckText, countOf: (summary: Summary) => number): Judge {
  const { operator, value } = check;
  const percent = /^([0-9]{1,3}(?:\.[0-9]{1,9})?)\s*%$/.exec(value.text)?.[1];
  if (percent === undefined) {
    const bound = wholeNumber(check, value, 'a whole number or a share such as 1%');
    return summary => ({
      holds: compare(countOf(summary), operator, bound),
      saw: `${countOf(summary)} of ${summary.requests}`,
    });
  }
  const bound = Number(percent);
  if (bound > 100) throw check.error(value.at, 'a share is at most 100%.');
  return summary => {
    const count = countOf(summary);
    if (summary.requests === 0) return NOT_MEASURED;
    // Without a division, so that 7 of 100 is 7% to the last bit.
    const holds = compare(count * 100, operator, bound * summary.requests);
    return {
      holds,
      saw: `${Number(((count * 100) / summary.requests).toPrecision(3))}% (${count} of ${summary.requests})`,
    };
  };
}

/** Requests that ended, per second of the run. */
function rateJudge(check: CheckText): Judge {
  // A rate to start at cannot be 0; one to compare with can.
  const isZero = /^0+(?:\.0*)?(?:\s*\/\s*[a-z]+)?$/.test(check.value.text);
  let windowMs = 1000;
  const count = isZero
    ? 0
    : check.parsed((text, name) => {
        const rate = parseRate(text, name);
        windowMs = rate.windowMs;
        return rate.count;
      });
  return ({ requests, makespanMs }) => {
    if (makespanMs <= 0) return NOT_MEASURED;
    const holds = compare(requests * windowMs, check.operator, count * makespanMs);
    return { holds, saw: `${Number(((requests * 1000) / makespanMs).toPrecision(4))}/s` };
  };
}
