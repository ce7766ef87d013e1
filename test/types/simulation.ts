// `paceline/simulation` must compile for a user, together with the library's own types.
import type { OutcomeKind } from '../../src/index.ts';
import { parseServiceTime, type Settled, type SimulationPlan, simulate } from '../../src/simulation/index.ts';

export type Plan = SimulationPlan;
export type Same = Settled<string>['outcome'] extends OutcomeKind ? true : never;
export const same: Same = true;
export const functions: readonly unknown[] = [parseServiceTime, simulate];
