// One program of a comparison: a strategy and a workload, run as a whole process of its own, as `time` would
// run it, so that its start and its memory count too. What it did is read from its record.
import { spawn } from 'node:child_process';
import process from 'node:process';
import type { Clock } from '../../base/clock.ts';
import { PacelineError } from '../../base/errors.ts';
import type { StrategyName } from '../../engine/strategies.ts';
import type { RunHeader, Summary } from '../../model/record.ts';
import { type Diagnosis, diagnose } from '../../reports/diagnosis.ts';
import type { PictureModel } from '../../timeline/picture.ts';
import { EXIT } from '../exit-codes.ts';
import type { RecordTail } from './record-tail.ts';

export interface Program {
  readonly strategy: StrategyName;
  readonly requests: number;
  /** Attempts in flight at most; null for no limit. */
  readonly limit: number | null;
  /** How many of them its server bears is found while it runs. */
  readonly findsPace: boolean;
  /** Threads or processes; null where the strategy has none. */
  readonly workers: number | null;
}

export interface ProgramContext {
  readonly clock: Clock;
  readonly url: string;
  /** Flags of `fetch` that were given and mean the same here, as written. */
  readonly clientFlags: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the record goes, and what it holds. */
  readonly recordPath: string;
  readonly record: RecordTail;
  /** Called when the program has begun, with how to hand it a signal. */
  readonly onSpawned: (signal: (name: NodeJS.Signals) => void) => void;
}

export interface ProgramResult {
  readonly program: Program;
  readonly run: RunHeader;
  readonly summary: Summary;
  readonly picture: PictureModel;
  readonly diagnoses: readonly Diagnosis[];
  /** Ended by a signal that the whole comparison got as well. */
  readonly interrupted: boolean;
}

/** Text of a failing program that is repeated; more says nothing new. */
const STDERR_CHARS_MAX = 2000;

/** @throws ERR_ENV_PROGRAM when the program itself could not do its work; failed requests are no such thing */
export async function runProgram(program: Program, context: ProgramContext): Promise<ProgramResult> {
  const startedMs = context.clock.now();
  const { code, stderr } = await spawned(argumentsOf(program, context), context);
  const realMs = context.clock.now() - startedMs;
  const interrupted = code === EXIT.interrupted || code === EXIT.terminated;
  if (code !== EXIT.ok && code !== EXIT.someFailed && !interrupted) {
    const said = stderr.trim() === '' ? `exit code ${code}` : stderr.trim();
    throw new PacelineError(
      'ERR_ENV_PROGRAM',
      `The program for '${program.strategy}' could not run: ${said}`,
    );
  }
  const { run, summary, picture, facts } = await context.record.finish();
  const usage = summary.usage && { ...summary.usage, realMs }; // from outside, the start of the process counts too
  const diagnoses = diagnose(run, summary, facts);
  return { program, run, summary: { ...summary, ...(usage && { usage }) }, picture, diagnoses, interrupted };
}

function argumentsOf(
  { strategy, requests, limit, findsPace, workers }: Program,
  context: ProgramContext,
): string[] {
  const c = findsPace ? 'auto' : limit === null || strategy === 'sequential' ? null : String(limit);
  return [
    'fetch',
    ...context.clientFlags,
    ...['-S', strategy, '-n', String(requests)],
    ...(c === null ? [] : ['-c', c]),
    ...(workers === null ? [] : ['-w', String(workers)]),
    ...['-o', context.recordPath, '--body', 'none', '-q', '--', context.url],
  ];
}

async function spawned(
  words: readonly string[],
  { env, onSpawned }: ProgramContext,
): Promise<{ code: number; stderr: string }> {
  const [, main] = process.argv;
  if (main === undefined) throw new PacelineError('ERR_BUG', 'The path of this program is not known.');
  const child = spawn(process.execPath, [...process.execArgv, main, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
    // A group of its own: ^C in a terminal reaches the comparison alone, which hands it on once.
    detached: process.platform !== 'win32',
  });
  onSpawned(name => child.kill(name));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(0, STDERR_CHARS_MAX);
  });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? codeOfSignal(signal), stderr }));
  });
}

function codeOfSignal(signal: NodeJS.Signals | null): number {
  return signal === 'SIGINT' ? EXIT.interrupted : signal === 'SIGTERM' ? EXIT.terminated : EXIT.bug;
}
