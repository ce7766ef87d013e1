// The scores of scenarios, as a table for people and as JSON.
import { formatCount } from '../../base/units.ts';
import type { Aggregate } from '../../simulation/scenario/aggregate.ts';
import type { Scenario } from '../../simulation/scenario/scenario.ts';
import type { ScenarioScore } from '../../simulation/scenario/score.ts';
import { terminalSafe } from '../../timeline/escape.ts';

const NAME_COLUMNS_MAX = 32;
const HEADS = ['L*', 'makespan', 'ramped', 'queue', 'p95', 'refused', 'settled', 'penalty', 'goals'];
const WIDTHS = [5, 8, 7, 8, 7, 8, 7, 7, 6];

export function headLines(
  decider: string,
  seeds: readonly number[],
  scenarios: readonly Scenario[],
): string[] {
  const count = scenarios.length === 1 ? '1 scenario' : `${formatCount(scenarios.length)} scenarios`;
  const runs = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]} to ${seeds[seeds.length - 1]}`;
  return [
    `${count}, ${runs}, pace: ${decider}`,
    'makespan × the oracle, and × one that must double its way up; queue and p95 beyond its own; goals s r:',
    'strict and ramped',
    '',
    row('scenario', HEADS, scenarios),
  ];
}

export function scoreLine(score: ScenarioScore, scenarios: readonly Scenario[]): string {
  const { requestsUntilSettled: settled, meetsStrict, meetsRamped } = score;
  const cells = [
    String(score.level),
    fixed(score.makespanRatio, 3),
    fixed(score.rampedRatio, 3),
    signed(score.excessQueue, 2),
    signed(score.excessQueueP95, 1),
    `${fixed(100 * score.refusedShare, 1)} %`,
    settled === null ? '' : fixed(settled, 0),
    fixed(score.penalty, 3),
    `${meetsStrict ? 's' : '-'} ${meetsRamped ? 'r' : '-'}`,
  ];
  return row(terminalSafe(score.id), cells, scenarios);
}

export function aggregateLines(total: Aggregate): string[] {
  const { settledAfterShare: settled, scenarios } = total;
  const after = settled === null ? '' : `, settled after ${fixed(100 * settled, 0)} % of the requests`;
  return [
    '',
    `penalty ${fixed(total.penalty, 3)}, makespan ${fixed(total.makespanRatio, 3)} × the oracle (geometric mean)`,
    `queue +${fixed(total.excessQueueShare, 2)} L*, refused ${fixed(100 * total.refusedShare, 1)} %${after}`,
    `goals: strict ${total.meetStrict} of ${scenarios}, ramped ${total.meetRamped} of ${scenarios}`,
  ];
}

/** Numbers are rounded, so that the last digits of a logarithm on another machine change no byte. */
export function scoresJson(
  decider: string,
  seeds: readonly number[],
  scores: readonly ScenarioScore[],
  total: Aggregate,
): string {
  const scenarios = scores.map(({ requests: n, level, meetsStrict, meetsRamped, ...score }) => ({
    id: score.id,
    family: score.family,
    n,
    lStar: level,
    makespanRatio: score.makespanRatio,
    rampedRatio: score.rampedRatio,
    worstRatio: score.worstRatio,
    excessQueueMean: score.excessQueue,
    excessQueueP95: score.excessQueueP95,
    refusedShare: score.refusedShare,
    requestsUntilSettled: score.requestsUntilSettled,
    penalty: score.penalty,
    goals: { strict: meetsStrict, ramped: meetsRamped },
  }));
  const { meetStrict: strict, meetRamped: ramped, ...means } = total;
  const whole = { pace: decider, seeds, scenarios, aggregate: { ...means, goals: { strict, ramped } } };
  return `${JSON.stringify(whole, (_, value) => (typeof value === 'number' ? rounded(value) : value), 2)}\n`;
}

/** Null stands for a run without an end, as JSON has it. */
function rounded(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 1e4) / 1e4 + 0 : value;
}

function row(name: string, cells: readonly string[], scenarios: readonly Scenario[]): string {
  const longest = Math.max(8, ...scenarios.map(({ id }) => id.length));
  const columns = Math.min(NAME_COLUMNS_MAX, longest);
  const shown = name.length > columns ? `${name.slice(0, columns - 1)}…` : name.padEnd(columns);
  return [shown, ...cells.map((cell, at) => cell.padStart(WIDTHS[at] ?? 0))].join(' ').trimEnd();
}

function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : 'no end';
}

function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return Number(text) > 0 ? `+${text}` : text.replace(/^-(0\.?0*)$/, '$1');
}
