// Runs commands in turn, A B A B …, each as a whole process under measure.py, and keeps every round: what a
// comparison needs is not the best run of each but the same minutes of the same machine for all.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Debian's own Python, which sees Debian's packages; another one may come first in PATH. */
export const PYTHON = '/usr/bin/python3';
const MEASURE = fileURLToPath(new URL('measure.py', import.meta.url));
const WORDS_BYTES_MAX = 4096;

/** One command that takes part; what it prints is thrown away. */
export interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
  /** Requests it sends: what it costs is also told for each of them. */
  readonly requestCount: number;
  /** Comes through a pipe, from a process that is not measured. */
  readonly stdinFile?: string;
  /** Looks at the memory of all its processes together this often. It disturbs: not where speed is measured. */
  readonly memoryEveryMs?: number;
}

/** What one whole process cost, all its descendants that it waited for included. */
export interface Sample {
  readonly wallMs: number;
  readonly userMs: number;
  readonly sysMs: number;
  /** Peak of the largest process among them. */
  readonly largestProcessBytes: number;
  /** Peak of all of them together, where it was looked at. */
  readonly treePeakBytes?: number;
  /** CPU of the first thread of the first process alone, where the kernel tells it. */
  readonly mainThreadMs?: number;
  readonly exitCode: number;
}

export interface Measured {
  readonly contestant: Contestant;
  readonly samples: readonly Sample[];
}

/**
 * Runs all contestants in turn, once to warm up and then so many rounds.
 * @throws when one of them ends with a failure: its figure would mean nothing
 */
export async function runInTurn(
  contestants: readonly Contestant[],
  rounds: number,
): Promise<readonly Measured[]> {
  const measured = contestants.map(contestant => ({ contestant, samples: [] as Sample[] }));
  for (let round = 0; round <= rounds; round++) {
    process.stderr.write(round === 0 ? 'warm-up' : ` ${round}`);
    for (const { contestant, samples } of measured) {
      const sample = await measure(contestant);
      if (round > 0) samples.push(sample);
    }
  }
  process.stderr.write('\n');
  return measured;
}

async function measure({ name, command, stdinFile, memoryEveryMs = 0 }: Contestant): Promise<Sample> {
  const feeder =
    stdinFile === undefined ? undefined : spawn('cat', [stdinFile], { stdio: ['ignore', 'pipe', 'ignore'] });
  const args = ['-I', '-S', MEASURE, String(memoryEveryMs), ...command];
  const child = spawn(PYTHON, args, { stdio: [feeder?.stdout ?? 'ignore', 'ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill();
  process.once('exit', kill);
  feeder?.stdout.destroy(); // the child has its own end now, and alone decides when the feeder may stop
  let words = '';
  let report = '';
  child.stderr?.on('data', (piece: Buffer) => {
    if (words.length < WORDS_BYTES_MAX) words += piece.toString();
  });
  child.stdio[3]?.on('data', (piece: Buffer) => {
    report += piece.toString();
  });
  await once(child, 'close');
  process.off('exit', kill);
  feeder?.kill();
  const sample = report === '' ? undefined : (JSON.parse(report) as Sample);
  if (sample?.exitCode === 0) return sample;
  throw new Error(`${name} failed (${sample?.exitCode ?? 'not started'}): ${command.join(' ')}\n${words}`);
}
