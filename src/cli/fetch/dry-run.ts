// `--dry-run`: the inputs are read and checked as for a run, and nothing is sent. With a service time, the run is
// then made on the virtual clock, to say how long it would take.
import { formatCount } from '../../base/units.ts';
import { CONCURRENCY, FOUND_MAX } from '../../engine/plan.ts';
import { strategyNamed, takesLimit } from '../../engine/strategies.ts';
import type { Input } from '../../input/input.ts';
import { InvalidInput } from '../../model/request.ts';
import { counted } from '../../timeline/caption.ts';
import { EXIT } from '../exit-codes.ts';
import type { FlagValues } from '../flags/command-line.ts';
import { streamSink } from '../output/sinks.ts';
import type { CommandIo } from '../terminal/io.ts';
import { type Speaker, speakerOn } from '../terminal/messages.ts';
import type { FetchPlan } from './plan.ts';

/** Requests that are shown without `-v`. */
const SHOWN_MAX = 20;
const INVALID_SHOWN_MAX = 20;
/** Kinds of `METHOD origin` that are counted, and how many of them are told. */
const KINDS_MAX = 10_000;
const KINDS_SHOWN_MAX = 10;

/** The first requests go to stdout, a line of method and URL each, and counts to stderr. @returns the exit code */
export async function dryRun(
  batches: AsyncIterable<readonly Input[]>,
  plan: FetchPlan,
  flags: FlagValues,
  io: CommandIo,
): Promise<number> {
  const speaker = speakerOn(io, { quiet: flags.quiet === true });
  const sink = streamSink(io.stdout);
  const counts = new Counts(speaker, flags.verbose ? Number.POSITIVE_INFINITY : SHOWN_MAX);
  for await (const batch of batches) {
    const text = counts.take(batch);
    if (text !== '') await sink.write(Buffer.from(text));
  }
  const strategy = strategyNamed(plan.run.strategy ?? 'semaphore');
  const { concurrency = CONCURRENCY, concurrencyMax = FOUND_MAX } = plan.run;
  const isFound = concurrency === 'auto' && takesLimit(strategy);
  const limit = strategy.limit(concurrency === 'auto' ? concurrencyMax : concurrency);
  const most = Number.isFinite(limit) ? `at most ${formatCount(limit)} at once` : 'all at once';
  const found = `as many at once as the server bears${Number.isFinite(limit) ? `, ${most}` : ''}`;
  const atOnce = isFound ? found : most;
  counts.tell(`${atOnce} (${strategy.name})`);
  if (flags.delay !== undefined && counts.valid > 0) {
    const { simulatedLines } = await import('./dry-run-simulation.ts');
    for (const line of await simulatedLines(counts.valid, plan, flags)) speaker.say(line);
  }
  return counts.invalid > 0 ? EXIT.someFailed : EXIT.ok;
}

class Counts {
  readonly #speaker: Speaker;
  readonly #shownMax: number;
  readonly #kinds = new Map<string, number>();
  readonly #origins = new Set<string>();
  #uncountedKinds = 0;
  valid = 0;
  invalid = 0;

  constructor(speaker: Speaker, shownMax: number) {
    this.#speaker = speaker;
    this.#shownMax = shownMax;
  }

  /** @returns the lines to show of these inputs */
  take(inputs: readonly Input[]): string {
    let text = '';
    for (const input of inputs) {
      if (input instanceof InvalidInput) {
        if (++this.invalid <= INVALID_SHOWN_MAX) this.#speaker.complain(input.message);
        continue;
      }
      if (++this.valid <= this.#shownMax) text += `${input.method} ${input.url}\n`;
      const origin = input.url.slice(0, input.url.indexOf('/', 8));
      const kind = `${input.method} ${origin}`;
      const count = this.#kinds.get(kind);
      if (count === undefined && this.#kinds.size >= KINDS_MAX) this.#uncountedKinds++;
      else this.#kinds.set(kind, (count ?? 0) + 1);
      if (this.#origins.size < KINDS_MAX) this.#origins.add(origin);
    }
    return text;
  }

  tell(how: string): void {
    const { say } = this.#speaker;
    if (this.valid > this.#shownMax) {
      say(`… and ${formatCount(this.valid - this.#shownMax)} more; -v shows all.`);
    }
    const origins = counted(this.#origins.size, 'origin');
    say(`${formatCount(this.valid)} would be sent to ${origins}, ${how}; nothing was.`);
    if (this.#kinds.size > 1) this.#tellKinds();
    if (this.invalid > INVALID_SHOWN_MAX) {
      say(`… and ${formatCount(this.invalid - INVALID_SHOWN_MAX)} more that cannot be sent.`);
    }
    if (this.invalid > 0) say(`${formatCount(this.invalid)} cannot be sent.`);
  }

  #tellKinds(): void {
    const kinds = [...this.#kinds].sort(([, a], [, b]) => b - a);
    for (const [kind, count] of kinds.slice(0, KINDS_SHOWN_MAX)) {
      this.#speaker.say(`  ${formatCount(count)} × ${kind}`);
    }
    const rest = kinds.slice(KINDS_SHOWN_MAX).reduce((sum, [, count]) => sum + count, this.#uncountedKinds);
    if (rest > 0) this.#speaker.say(`  ${formatCount(rest)} × others`);
  }
}
