// `paceline simulate --scenario FILE`: scores a way of choosing the pace in each scenario of a file.
import { createReadStream } from 'node:fs';
import { PacelineError } from '../../base/errors.ts';
import { aggregate } from '../../simulation/scenario/aggregate.ts';
import { readScenarios } from '../../simulation/scenario/read.ts';
import { type ScenarioScore, Scorer } from '../../simulation/scenario/score.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandLine, FlagValues } from '../flags/command-line.ts';
import type { FlagName } from '../flags/table.ts';
import { ioReason } from '../output/io-reason.ts';
import { printOut } from '../output/print-out.ts';
import type { CommandIo } from '../terminal/io.ts';
import { deciderOf } from './deciders.ts';
import { aggregateLines, headLines, scoreLine, scoresJson } from './print.ts';

/** A thousand scenarios are a tenth of it. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;
const SEEDS = 5;
const ALLOWED: readonly FlagName[] = [
  ...(['scenario', 'seeds', 'seed', 'concurrency', 'json'] as const),
  ...(['quiet', 'no-progress'] as const),
];

/** @returns the exit code: 0, or 1 when a scenario came to no end */
export async function runScenarios(path: string, { flags }: CommandLine, io: CommandIo): Promise<number> {
  checkFlags(flags);
  const scenarios = readScenarios(await textOf(path), path);
  const decider = deciderOf(flags);
  const seed0 = flags.seed ?? 1;
  const seeds = Array.from({ length: flags.seeds ?? SEEDS }, (_, n) => seed0 + n);
  const scorer = new Scorer();
  const scores: ScenarioScore[] = [];
  const say = async (lines: readonly string[]): Promise<void> => {
    if (!flags.json) await printOut(io, `${lines.join('\n')}\n`);
  };
  await say(headLines(decider.name, seeds, scenarios));
  for (const scenario of scenarios) {
    const score = scorer.score(scenario, decider.open, seeds);
    scores.push(score);
    await say([scoreLine(score, scenarios)]);
    await new Promise(resolve => setImmediate(resolve)); // signals are heard
  }
  const total = aggregate(scores);
  await say(aggregateLines(total));
  if (flags.json) await printOut(io, scoresJson(decider.name, seeds, scores, total));
  return scores.every(({ makespanRatio }) => Number.isFinite(makespanRatio)) ? EXIT.ok : EXIT.someFailed;
}

function checkFlags(flags: FlagValues): void {
  const stray = (Object.keys(flags) as FlagName[]).find(name => !ALLOWED.includes(name));
  if (stray === undefined) return;
  throw new PacelineError(
    'ERR_OPTION_CONFLICT',
    `--${stray} beside --scenario: the file says what is sent to which server. Leave it out.`,
  );
}

async function textOf(path: string): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of createReadStream(path)) {
      bytes += piece.length;
      if (bytes > FILE_BYTES_MAX) break;
      pieces.push(piece);
    }
  } catch (cause) {
    throw new PacelineError('ERR_IO_READ', `Cannot read ${path}: ${ioReason(cause)}.`, { cause });
  }
  if (bytes <= FILE_BYTES_MAX) return Buffer.concat(pieces).toString();
  throw new PacelineError('ERR_INPUT_SCENARIO', `${path}: more than 4 MiB can be no file of scenarios.`);
}
