// `paceline fetch`: sends the requests of its inputs and streams a record of each. Here only what comes first:
// the plan, and the workers, which take about as long to start as the rest of this program takes to load.

import type { RunOptions } from '../../engine/plan.ts';
import { strategyNamed } from '../../engine/strategies.ts';
import type { Input } from '../../input/input.ts';
import type { PaceStart } from '../../model/record.ts';
import { openRun } from '../../run.ts';
import { fetchPlan } from '../fetch/plan.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { Intents } from '../journal/intents.ts';
import type { CommandIo } from '../terminal/io.ts';

/** @returns the exit code */
export async function run(line: CommandLine, io: CommandIo): Promise<number> {
  const plan = await fetchPlan(line, io);
  const isHere = strategyNamed(plan.run.strategy ?? 'semaphore').place === 'this thread';
  const input = Promise.withResolvers<AsyncIterable<readonly Input[]>>();
  const intents = new Intents();
  const witness = { announce: intents.announce, watchesLoops: true };
  const open = (found: readonly PaceStart[]) =>
    openRun(
      { batches: comingFrom(input.promise) },
      { ...plan.run, ...resumedPace(plan.run, found) },
      witness,
    );
  // A run that goes on looks through its record first: workers that wait for that would only take its processor.
  const opening = isHere || line.flags['dry-run'] || plan.resume ? undefined : open([]);
  opening?.catch(() => {}); // whoever waits for it is told
  if (!plan.run.handler) await opening; // it starts them, and does not wait until they are ready
  try {
    const { fetchAs } = await import('../fetch/fetch.ts');
    return await fetchAs({
      line,
      plan,
      io,
      isHere,
      intents,
      give: input.resolve,
      openRun: found => opening ?? open(found),
    });
  } finally {
    const run = await opening?.catch(() => undefined);
    await run?.outcomes.return(); // one that came to nothing lets go of its workers
  }
}

/** What was named by `--pace-from` counts more than what the record says that is gone on from. */
function resumedPace(
  { concurrency, paceFrom = [] }: RunOptions,
  found: readonly PaceStart[],
): Pick<RunOptions, 'paceFrom'> {
  return concurrency === 'auto' && found.length > 0 ? { paceFrom: [...found, ...paceFrom] } : {};
}

async function* comingFrom(
  input: Promise<AsyncIterable<readonly Input[]>>,
): AsyncGenerator<readonly Input[]> {
  yield* await input;
}
