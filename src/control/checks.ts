// `--check`: conditions under which a run counts as good, on each of its requests (`status<400`) or on the whole of it
// (`p95<2s`); and the tally that is kept of them while a run goes on, in constant memory.
import type { CheckLine, Summary } from '../model/record.ts';
import type { Settled } from '../model/settled.ts';
import { CheckText } from './check-text.ts';
import { OUTCOME_METRICS, type OutcomeCheck, type OutcomeFacts, outcomeCheck } from './outcome-checks.ts';
import { type Judgement, SUMMARY_METRICS, type SummaryCheck, summaryCheck } from './summary-checks.ts';

export type { OutcomeCheck, OutcomeFacts } from './outcome-checks.ts';
export type { Judgement, SummaryCheck } from './summary-checks.ts';

export type Check = OutcomeCheck | SummaryCheck;

/** What can be said of whole runs with a word in parentheses, and of single requests without. */
const COUNTED = ['outcome', 'status'];

/**
 * Reads a check.
 *
 * On every request: `status attempts` with a number, `bytes` with a size, `service response queueing` with a duration,
 * `outcome` with the name of one. On the summary: `p50 p95 p99 max` of the response time, or of another span in
 * parentheses (`p95(service)`), and `duration`, with a duration; `errors`, `outcome(timeout)`, `status(429)`,
 * `status(5xx)` with a number or a share of the requests; `rate` with a rate; `requests` with a number.
 * @param name what the check is for, as the user wrote it (`--check`); used in the message
 * @throws ERR_OPTION_INVALID with a mark under what is out of place, and the nearest name there is
 */
export function parseCheck(text: string, name: string): Check {
  const read = new CheckText(text, name);
  const { metric, argument } = read;
  if (COUNTED.includes(metric.text) && argument !== null) return summaryCheck(text, read);
  if (OUTCOME_METRICS.includes(metric.text)) return outcomeCheck(text, read);
  if (SUMMARY_METRICS.includes(metric.text)) return summaryCheck(text, read);
  throw read.unknown(
    metric,
    [...OUTCOME_METRICS, ...SUMMARY_METRICS],
    `there is nothing named '${metric.text}'.`,
  );
}

/** What a check can know of a request that has settled. */
export function factsOf({ outcome, tries, createdMs, endedMs }: Settled<unknown>): OutcomeFacts {
  const last = tries[tries.length - 1];
  if (last === undefined) return { outcome, status: null, attempts: 0 };
  let queueingMs: number | undefined;
  for (const { phasesMs } of tries) {
    if (phasesMs.permit !== undefined) queueingMs = (queueingMs ?? 0) + phasesMs.permit;
  }
  return {
    outcome,
    status: last.status,
    attempts: tries.length,
    bytes: last.bytes,
    serviceMs: last.endedMs - last.startedMs,
    responseMs: endedMs - createdMs,
    ...(queueingMs !== undefined && { queueingMs }),
  };
}

/** How often a check did not hold, and where first. */
interface Violations {
  readonly check: OutcomeCheck;
  count: number;
  first: string;
}

/** Counts what does not hold, request by request, and judges the rest at the end. */
export class CheckTally {
  readonly #checks: readonly Check[];
  readonly #violations: readonly Violations[];
  #requests = 0;

  constructor(checks: readonly Check[]) {
    this.#checks = checks;
    this.#violations = checks
      .filter(check => check.scope === 'outcome')
      .map(check => ({ check, count: 0, first: '' }));
  }

  /** Whether every check of single requests holds for this one. */
  add(settled: Settled<unknown>): boolean {
    this.#requests++;
    if (this.#violations.length === 0) return true;
    const facts = factsOf(settled);
    let holdAll = true;
    for (const violations of this.#violations) {
      if (violations.check.holds(facts)) continue;
      holdAll = false;
      if (violations.count++ === 0)
        violations.first = `index ${settled.index}, ${violations.check.saw(facts)}`;
    }
    return holdAll;
  }

  /** One for each check, in their order. */
  verdicts(summary: Summary): readonly CheckLine[] {
    return this.#checks.map(check =>
      check.scope === 'summary'
        ? { text: check.text, ...check.judge(summary) }
        : { text: check.text, ...this.#judgementOf(check) },
    );
  }

  #judgementOf(check: OutcomeCheck): Judgement {
    const violations = this.#violations.find(candidate => candidate.check === check);
    if (violations === undefined || violations.count === 0) {
      return { holds: true, saw: `all ${this.#requests}` };
    }
    const { count, first } = violations;
    return { holds: false, saw: `${count} of ${this.#requests} do not, first ${first}` };
  }
}
