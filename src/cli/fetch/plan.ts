// What `fetch` was told, in the words of the run: everything is decided here, before anything is opened.
import { resolve } from 'node:path';
import { PacelineError } from '../../base/errors.ts';
import type { Check } from '../../control/checks.ts';
import type { RunOptions } from '../../engine/plan.ts';
import { STRATEGIES, strategyNamed, takesLimit } from '../../engine/strategies.ts';
import type { RequestDefaults } from '../../input/defaults.ts';
import type { InputFormat } from '../../input/formats/formats.ts';
import type { BodyPolicy } from '../../model/plan.ts';
import { AUTO_BODY_BYTES_MAX } from '../../trace/body-field.ts';
import type { CommandLine, FlagValues } from '../flags/command-line.ts';
import { givenLimit } from '../flags/limit-flag.ts';
import { checkModelFlags } from '../flags/model-flags.ts';
import { politeOptions } from '../flags/polite-flags.ts';
import { checksOf, stopOptions } from '../flags/stop-flags.ts';
import type { CommandIo } from '../terminal/io.ts';
import { connectionSettings } from './connection-flags.ts';
import type { EarlierPace } from './pace-from.ts';
import { requestDefaults } from './request-flags.ts';

export type DataFormat = 'ndjson' | 'csv' | 'body';

export interface ResumePlan {
  /** Every outcome but ok is taken again. */
  readonly retryFailed: boolean;
  /** Also what is not idempotent and may have been carried out. */
  readonly retryUnsafe: boolean;
}

export interface FetchPlan {
  readonly run: RunOptions;
  readonly defaults: RequestDefaults;
  readonly inputFormat: InputFormat;
  readonly repeat: number;
  /** What the record keeps of a body. */
  readonly bodies: BodyPolicy;
  /** The same of one that goes to the folder. */
  readonly savedBodies: BodyPolicy;
  /** Folder that bodies are saved in; null for none. */
  readonly outputDir: string | null;
  /** File of the record; null for none. */
  readonly recordPath: string | null;
  /** Go on from the record; null to begin. */
  readonly resume: ResumePlan | null;
  /** What goes to stdout; null for nothing. */
  readonly stdout: DataFormat | null;
  /** What has to hold at the end. */
  readonly checks: readonly Check[];
  /** Flags that were given and change nothing here, and what is unsafe, in words. */
  readonly warnings: readonly string[];
}

/** @throws ERR_OPTION_…, ERR_IO_READ */
export async function fetchPlan({ flags, words }: CommandLine, io: CommandIo): Promise<FetchPlan> {
  if (!words.some(({ flag }) => flag === null || flag === 'input')) {
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      'Nothing to fetch: give URLs, or -i FILE, or -i - to read them from stdin.\n' +
        'For example: paceline fetch -i urls.txt -c 10 -o run.ndjson\n' +
        'More: paceline fetch --help',
    );
  }
  checkModelFlags(flags);
  const recordPath = flags.output === undefined || flags.output === '-' ? null : flags.output;
  const wantsStdout = flags.format !== undefined || flags.output === '-';
  const isFree = recordPath === null && io.stdout.isTTY !== true;
  const stdout = wantsStdout || isFree ? (flags.format ?? 'ndjson') : null;
  const bodies = flags.body ?? 'auto';
  const outputDir = flags['output-dir'] ?? null;
  const earlier = await earlierPace(flags);
  return {
    run: {
      ...runOptions(
        flags,
        keptBytes(bodies, { hasRecord: recordPath !== null, stdout, saves: outputDir !== null }),
      ),
      ...(await connectionSettings(flags)),
      ...(earlier && { paceFrom: earlier.starts }),
    },
    defaults: await requestDefaults(flags),
    inputFormat: flags['input-format'] ?? 'auto',
    repeat: flags.repeat ?? 1,
    bodies,
    savedBodies: flags.body ?? 'none',
    outputDir,
    recordPath,
    resume: resumePlan(flags, recordPath),
    stdout,
    checks: checksOf(flags),
    warnings: [...idleFlags(flags), ...unsafe(flags, io.env), ...(earlier?.warning ? [earlier.warning] : [])],
  };
}

/** Read now: `-o` may name the same file. Null without the flag. */
async function earlierPace(flags: FlagValues): Promise<EarlierPace | null> {
  const path = flags['pace-from'];
  if (path === undefined) return null;
  if ((flags.concurrency ?? 'auto') !== 'auto')
    throw conflict('--pace-from is where -c auto begins: leave out -c, or --pace-from.');
  return await (await import('./pace-from.ts')).paceFrom(path);
}

function runOptions(flags: FlagValues, keepBodyBytesMax: number): RunOptions {
  const concurrency = (flags.concurrency ?? 'auto') === 'auto' ? 'auto' : givenLimit(flags);
  return {
    strategy: strategyNamed(flags.strategy ?? 'semaphore').name,
    order: flags.ordered ? 'input' : 'ended',
    keepBodyBytesMax,
    keepHeaders: false,
    ...(concurrency !== undefined && { concurrency }),
    ...(flags['max-concurrency'] !== undefined && { concurrencyMax: flags['max-concurrency'] }),
    ...(flags.workers !== undefined && { workers: flags.workers }),
    ...(flags['connect-timeout'] !== undefined && { connectTimeoutMs: flags['connect-timeout'] }),
    ...(flags['headers-timeout'] !== undefined && { headersTimeoutMs: flags['headers-timeout'] }),
    ...(flags['body-timeout'] !== undefined && { bodyTimeoutMs: flags['body-timeout'] }),
    ...(flags.timeout !== undefined && { timeoutMs: flags.timeout }),
    ...(flags['max-body'] !== undefined && { bodyBytesMax: flags['max-body'] }),
    ...(flags.handler !== undefined && { handler: { kind: 'module', path: resolve(flags.handler) } }),
    ...(flags.seed !== undefined && { seed: flags.seed }),
    ...politeOptions(flags),
    ...stopOptions(flags),
  };
}

function resumePlan(flags: FlagValues, recordPath: string | null): ResumePlan | null {
  if (!flags.resume) {
    if (!flags['retry-failed']) return null;
    throw conflict('--retry-failed takes failures of a record again: give --resume too.');
  }
  if (recordPath === null) throw conflict('--resume goes on from a record: name its file with -o.');
  if (flags['dry-run']) throw conflict('--dry-run shows the whole input, --resume sends what is left of it.');
  return { retryFailed: flags['retry-failed'] === true, retryUnsafe: flags['retry-unsafe'] === true };
}

function conflict(message: string): PacelineError {
  return new PacelineError('ERR_OPTION_CONFLICT', message);
}

interface BodyReaders {
  readonly hasRecord: boolean;
  readonly stdout: DataFormat | null;
  readonly saves: boolean;
}

/** The largest body that anybody will look at. */
function keptBytes(bodies: BodyPolicy, { hasRecord, stdout, saves }: BodyReaders): number {
  if (stdout === 'body' || saves) return Number.POSITIVE_INFINITY;
  if (bodies === 'none' || !(hasRecord || stdout === 'ndjson')) return 0;
  return bodies === 'auto' ? AUTO_BODY_BYTES_MAX : Number.POSITIVE_INFINITY;
}

function idleFlags(flags: FlagValues): string[] {
  const strategy = strategyNamed(flags.strategy ?? 'semaphore');
  const warnings: string[] = [];
  const isFixed = !takesLimit(strategy);
  if (flags.concurrency !== undefined && isFixed) {
    warnings.push(`-c changes nothing with -S ${strategy.name}: ${strategy.says}.`);
  }
  if (flags['pace-from'] !== undefined && isFixed)
    warnings.push(`--pace-from changes nothing with -S ${strategy.name}: ${strategy.says}.`);
  if (flags.workers !== undefined && STRATEGIES[strategy.name].place === 'this thread') {
    warnings.push(`-w changes nothing with -S ${strategy.name}: it runs in one thread.`);
  }
  return warnings;
}

/** TLS that proves nothing is said aloud; so is that the environment cannot ask for it. */
function unsafe(flags: FlagValues, env: CommandIo['env']): string[] {
  if (flags.insecure)
    return ['-k: TLS certificates are not checked; anybody in between can read and answer.'];
  return env.NODE_TLS_REJECT_UNAUTHORIZED === '0'
    ? ['NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing: TLS certificates are checked. Accept any with -k.']
    : [];
}
