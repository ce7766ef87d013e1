// Checks that every request of a run has to pass: what they can look at, and how.
import type { OutcomeKind } from '../model/outcome.ts';
import { type CheckText, compare } from './check-text.ts';
import { COUNT, outcomeOf, SIZE, SPAN, STATUS, type Unit } from './check-units.ts';

/** What a check can know of one request; the same numbers as the summary's. What was not measured is left out. */
export interface OutcomeFacts {
  readonly outcome: OutcomeKind;
  readonly status: number | null;
  readonly attempts: number;
  /** Of the last attempt's body, on the wire. */
  readonly bytes?: number;
  /** Of the last attempt. */
  readonly serviceMs?: number;
  readonly responseMs?: number;
  /** Of all attempts together. */
  readonly queueingMs?: number;
}

/** Holds for a run when it holds for each of its requests. */
export interface OutcomeCheck {
  readonly scope: 'outcome';
  /** As the user wrote it. */
  readonly text: string;
  /** What was not measured passes no check, one with `!=` included. */
  holds(facts: OutcomeFacts): boolean;
  /** What the check looked at, for a message: `status 503`, `no status`. */
  saw(facts: OutcomeFacts): string;
}

interface Metric {
  readonly unit: Unit;
  measured(facts: OutcomeFacts): number | null | undefined;
}

const METRICS: Readonly<Record<string, Metric>> = {
  status: { unit: STATUS, measured: facts => facts.status },
  attempts: { unit: COUNT, measured: facts => facts.attempts },
  bytes: { unit: SIZE, measured: facts => facts.bytes },
  service: { unit: SPAN, measured: facts => facts.serviceMs },
  response: { unit: SPAN, measured: facts => facts.responseMs },
  queueing: { unit: SPAN, measured: facts => facts.queueingMs },
};

export const OUTCOME_METRICS: readonly string[] = [...Object.keys(METRICS), 'outcome'];

/** @throws ERR_OPTION_INVALID for a value that does not fit what is measured */
export function outcomeCheck(text: string, check: CheckText): OutcomeCheck {
  const { operator, metric, argument } = check;
  const name = metric.text;
  if (argument !== null) throw check.error(argument.at, `${name} takes nothing in parentheses.`);
  if (name === 'outcome') return kindCheck(text, check);
  const { unit, measured } = METRICS[name] as Metric;
  const bound = unit.read(check);
  return {
    scope: 'outcome',
    text,
    holds: facts => {
      const value = measured(facts);
      return typeof value === 'number' && compare(value, operator, bound);
    },
    saw: facts => {
      const value = measured(facts);
      return typeof value === 'number' ? `${name} ${unit.show(value, bound)}` : `no ${name}`;
    },
  };
}

function kindCheck(text: string, check: CheckText): OutcomeCheck {
  const { operator } = check;
  const isEqual = operator === '==';
  if (!isEqual && operator !== '!=') {
    throw check.error(check.value.at, `an outcome is compared with == or !=, not with ${operator}.`);
  }
  const kind = outcomeOf(check, check.value);
  return {
    scope: 'outcome',
    text,
    holds: facts => (facts.outcome === kind) === isEqual,
    saw: facts => `outcome ${facts.outcome}`,
  };
}
