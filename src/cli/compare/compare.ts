// Runs the programs of a comparison one after another against one server, each as a process of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../base/clock.ts';
import { PacelineError } from '../../base/errors.ts';
import { ownFile } from '../../platform/own-file.ts';
import type { SlowServerOptions } from '../../slow-server/options.ts';
import { openSlowServer, type SlowServer } from '../../slow-server/server.ts';
import { ioReason } from '../output/io-reason.ts';
import type { NamedRecord } from '../report/run-reports.ts';
import { BURN_STEPS } from './burn-cpu.ts';
import { stepsFor } from './calibrate.ts';
import type { OwnServer } from './print.ts';
import { type Program, type ProgramContext, type ProgramResult, runProgram } from './program.ts';
import { RecordTail } from './record-tail.ts';

export interface Comparison {
  readonly programs: readonly Program[];
  /** A URL that was given, or our own server. */
  readonly target: string | SlowServerOptions;
  /** As written, for the programs. */
  readonly clientFlags: readonly string[];
  /** CPU time to burn for each response; 0 for none. */
  readonly cpuMs: number;
  /** Keeps the record there, in place of a temporary file; for a single program. */
  readonly recordPath: string | null;
  readonly clock: Clock;
  /** Told when a program begins, with how far it is, to be asked at any time, and when it has ended. */
  readonly onBegin: (program: Program, record: RecordTail, far: () => HowFar) => void;
  readonly onEnd: (result: ProgramResult) => void;
  readonly signals: ComparisonSignals;
  /** Called once at the end, while the records of the programs are there; left out for nobody. */
  readonly onRecords?: (records: readonly NamedRecord[]) => Promise<void>;
}

/** Signals that this process got and the program under way has to hear of. */
export interface ComparisonSignals {
  /** Set while a program runs. */
  handOn: ((name: NodeJS.Signals) => void) | undefined;
  readonly hasCome: boolean;
}

export interface HowFar {
  readonly done: number;
  readonly inFlight: number | null;
}

export interface Compared {
  readonly results: readonly ProgramResult[];
  readonly server: OwnServer | null;
}

/** @throws what opening the server or a program throws; the server and temporary files are gone then too */
export async function compare(comparison: Comparison): Promise<Compared> {
  const { target } = comparison;
  const folder = await temporaryFolder();
  const server = typeof target === 'string' ? null : await openSlowServer(target);
  try {
    const results = await runAll(comparison, server, folder);
    const records = results.map(({ program }, place) => ({
      name: program.strategy,
      path: recordOf(comparison, folder, place),
    }));
    if (results.length > 0) await comparison.onRecords?.(records);
    return { results, server: server && ownServer(server) };
  } finally {
    await server?.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

async function temporaryFolder(): Promise<string> {
  const parent = tmpdir();
  try {
    return await mkdtemp(join(parent, 'paceline-'));
  } catch (cause) {
    const where = `Cannot make a folder for temporary files in ${parent}: ${ioReason(cause)}.`;
    throw new PacelineError('ERR_IO_WRITE', `${where} Name another place: TMPDIR=DIR, or TEMP on Windows.`, {
      cause,
    });
  }
}

async function runAll(
  comparison: Comparison,
  server: SlowServer | null,
  folder: string,
): Promise<ProgramResult[]> {
  const { programs, target, clientFlags, cpuMs, clock, onBegin, onEnd, signals } = comparison;
  const url = server ? `${server.url}/` : String(target);
  const handler = cpuMs > 0 ? ['--handler', fileURLToPath(ownFile('cli/compare/burn-cpu.ts'))] : [];
  const env = cpuMs > 0 ? { ...process.env, [BURN_STEPS]: String(stepsFor(cpuMs, clock)) } : process.env;
  const results: ProgramResult[] = [];
  for (const [place, program] of programs.entries()) {
    const path = recordOf(comparison, folder, place);
    const record = new RecordTail(path);
    const context: ProgramContext = {
      record,
      clock,
      url,
      env,
      clientFlags: [...clientFlags, ...handler],
      recordPath: path,
      onSpawned: handOn => {
        signals.handOn = handOn;
      },
    };
    onBegin(program, record, progressOf(server));
    const result = await runProgram(program, context).catch(async (error: unknown) => {
      await record.close();
      if (signals.hasCome) return null; // ended before it had begun
      throw error;
    });
    signals.handOn = undefined;
    if (result === null) break;
    results.push(result);
    onEnd(result);
    if (result.interrupted || signals.hasCome) break;
  }
  return results;
}

function recordOf({ recordPath }: Comparison, folder: string, place: number): string {
  return recordPath ?? join(folder, `${place}.ndjson`);
}

/** Counted at our own server; at another one nobody knows before the end. */
function progressOf(server: SlowServer | null): () => HowFar {
  if (!server) return () => ({ done: 0, inFlight: null });
  const before = server.statistics().served;
  return () => {
    const { served, inFlight, queue } = server.statistics();
    return { done: served - before, inFlight: inFlight.now + queue.now };
  };
}

function ownServer({ plan }: SlowServer): OwnServer {
  return { workers: plan.workers, serviceTime: plan.serviceTime, sync: plan.workerClass === 'sync' };
}
