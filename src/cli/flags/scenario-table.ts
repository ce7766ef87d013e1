// The flags of `simulate --scenario`.
import type { Flag } from './flag.ts';

export const SCENARIO_FLAGS = {
  scenario: {
    kind: 'text',
    value: 'FILE',
    help: 'score a way of choosing the pace in the scenarios of a JSON file (docs/SCENARIOS.md)',
    commands: ['simulate'],
  },
  seeds: {
    kind: 'count',
    value: 'N',
    min: 1,
    max: 1000,
    maxReason: 'each is a run of every scenario',
    fallback: '5',
    help: 'with --scenario: run each so many times, from --seed on (1)',
    commands: ['simulate'],
  },
} as const satisfies Readonly<Record<string, Flag>>;
