// `paceline find`: a run of `-c auto` that is there for what it finds. Few requests, little time, and flags at its end.
import { Writable } from 'node:stream';
import { PacelineError } from '../../base/errors.ts';
import { strategyNamed, takesLimit } from '../../engine/strategies.ts';
import type { OriginPace, Summary } from '../../model/record.ts';
import { rateFlagText } from '../../reports/diagnosis/diagnosed-run.ts';
import { knownPace } from '../../reports/pace-text.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandLine } from '../flags/command-line.ts';
import type { CommandIo } from '../terminal/io.ts';
import { spoken } from '../terminal/messages.ts';
import { run as fetch } from './fetch.ts';

const REQUESTS = 200;
const DURATION_MS = 30_000;

/** @returns the exit code */
export async function run(line: CommandLine, io: CommandIo): Promise<number> {
  if (line.operands.length === 0)
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      'Nothing to ask: give a URL that may be asked again and again.\n' +
        'For example: paceline find http://127.0.0.1:8000/\nMore: paceline find --help',
    );
  const strategy = line.flags.strategy === undefined ? null : strategyNamed(line.flags.strategy);
  if (strategy && !takesLimit(strategy))
    throw new PacelineError(
      'ERR_OPTION_CONFLICT',
      `-S ${strategy.name} sends ${strategy.says}, so there is no limit to find. Leave it out, or choose another.`,
    );
  const { requests = REQUESTS, 'max-duration': durationMs = DURATION_MS, ...given } = line.flags;
  const flags = {
    ...given,
    ...{ concurrency: 'auto' as const, repeat: requests, body: 'none' as const, 'max-duration': durationMs },
  };
  const record = new LastLine();
  const { stdin, stderr, env } = io;
  const code = await fetch({ ...line, flags }, { stdin, stdout: record, stderr, env });
  const found = flagsFor(paceIn(record.text));
  if (found.length > 0) {
    await new Promise<void>(resolve => {
      io.stdout.write(`${found.join('\n')}\n`, () => resolve());
    });
    return code === EXIT.deadline ? EXIT.ok : code;
  }
  if (code === EXIT.ok || code === EXIT.deadline) {
    const advice = 'too few requests came back. More of them, or more time, may tell: -n, --max-duration.';
    io.stderr.write(spoken('paceline: ', `Nothing was found: ${advice}`));
    return EXIT.someFailed;
  }
  return code;
}

/** The last line of a record, which is its summary; the others have been counted in it. */
class LastLine extends Writable {
  #tail = '';

  override _write(piece: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const text = this.#tail + piece.toString();
    this.#tail = text.slice(text.lastIndexOf('\n', text.length - 2) + 1);
    done();
  }

  get text(): string {
    return this.#tail;
  }
}

function paceIn(line: string): readonly OriginPace[] {
  if (line === '') return [];
  const { summary } = JSON.parse(line) as { readonly summary?: Summary };
  return summary ? knownPace(summary) : [];
}

/** `-c 3`; of several origins each behind its own. */
function flagsFor(pace: readonly OriginPace[]): string[] {
  return pace.map(one => (pace.length === 1 ? flagOf(one) : `${one.origin} ${flagOf(one)}`));
}

function flagOf({ mode, limit, capacity, ratePerSecond, filled }: OriginPace): string {
  if (ratePerSecond !== undefined && mode !== 'in flight') return `--rate ${rateFlagText(ratePerSecond)}`;
  return `-c ${Math.max(1, Math.round(filled ? limit : (capacity ?? limit)))}`;
}
