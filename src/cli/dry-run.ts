// `--dry-run`: the inputs are read and checked as for a run, and nothing is sent.
import { formatCount } from '../base/units.ts';
import { CONCURRENCY } from '../engine/plan.ts';
import { strategyNamed } from '../engine/strategies.ts';
import type { Input } from '../input/read-requests.ts';
import { InvalidInput } from '../model/request.ts';
import type { FlagValues } from './command-line.ts';
import { EXIT } from './exit-codes.ts';
import type { FetchPlan } from './fetch-plan.ts';
import type { CommandIo } from './io.ts';
import { speakerOn } from './messages.ts';
import { streamSink } from './sinks.ts';

const HOSTS_MAX = 10_000;

/** A line of method and URL for each request; what cannot be sent goes to stderr. @returns the exit code */
export async function dryRun(
  batches: AsyncIterable<readonly Input[]>,
  plan: FetchPlan,
  flags: FlagValues,
  io: CommandIo,
): Promise<number> {
  const speaker = speakerOn(io, { quiet: flags.quiet === true });
  const sink = streamSink(io.stdout);
  const origins = new Set<string>();
  let valid = 0;
  let invalid = 0;
  for await (const batch of batches) {
    let text = '';
    for (const input of batch) {
      if (input instanceof InvalidInput) {
        invalid++;
        speaker.complain(input.message);
        continue;
      }
      valid++;
      text += `${input.method} ${input.url}\n`;
      if (origins.size < HOSTS_MAX) origins.add(input.url.slice(0, input.url.indexOf('/', 8)));
    }
    if (text !== '') await sink.write(text);
  }
  const strategy = strategyNamed(plan.run.strategy ?? 'semaphore');
  const limit = strategy.limit(plan.run.concurrency ?? CONCURRENCY);
  const atOnce = Number.isFinite(limit) ? `at most ${formatCount(limit)} at once` : 'all at once';
  speaker.say(
    `${formatCount(valid)} would be sent to ${formatCount(origins.size)} origin${origins.size === 1 ? '' : 's'}, ` +
      `${atOnce} (${strategy.name}); nothing was.`,
  );
  if (invalid > 0) speaker.say(`${formatCount(invalid)} cannot be sent.`);
  return invalid > 0 ? EXIT.someFailed : EXIT.ok;
}
