// A part of a campaign, in a process of its own: every `step`-th seed from `from` to `to`. Prints one line of JSON.
// Usage: node campaign-part.ts FROM TO STEP

import { drive, driveNow } from './drive.ts';
import { withinMany } from './many.ts';
import { drawScenario, isSynchronous } from './scenario.ts';
import { Tally } from './tally.ts';

export interface CampaignPart {
  readonly seeds: number;
  readonly requests: number;
  readonly attempts: number;
  readonly broken: readonly { readonly seed: number; readonly law: string }[];
  readonly faults: Readonly<Record<string, number>>;
  readonly branches: Readonly<Record<string, number>>;
  /** Its version. */
  readonly node: string;
  /** Of every event of every run. */
  readonly hash: number;
}

const BROKEN_MAX = 20;

async function runPart(from: number, to: number, step: number): Promise<CampaignPart> {
  const all = new Tally();
  const broken: { seed: number; law: string }[] = [];
  let hash = 0;
  let seeds = 0;
  for (let seed = from; seed <= to; seed += step) {
    const scenario = withinMany(drawScenario(seed));
    const run = isSynchronous(scenario) ? driveNow(scenario) : await drive(scenario);
    seeds++;
    hash = (hash + Math.imul(run.invariants.hash, seed | 1)) | 0; // the same, however seeds are shared out
    if (run.invariants.broken !== undefined && broken.length < BROKEN_MAX)
      broken.push({ seed, law: run.invariants.broken });
    run.tally.scenario(scenario);
    all.requests += run.tally.requests;
    all.attempts += run.tally.attempts;
    for (const name of ['faults', 'branches'] as const)
      for (const [key, count] of run.tally[name]) all[name].set(key, (all[name].get(key) ?? 0) + count);
  }
  const counts = { faults: Object.fromEntries(all.faults), branches: Object.fromEntries(all.branches) };
  return {
    seeds,
    requests: all.requests,
    attempts: all.attempts,
    broken,
    ...counts,
    node: process.version,
    hash,
  };
}

const [from = 1, to = 100, step = 1] = process.argv.slice(2).map(Number);
process.stdout.write(`${JSON.stringify(await runPart(from, to, step))}\n`);
