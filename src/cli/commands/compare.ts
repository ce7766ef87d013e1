// `paceline compare`: one workload under several strategies, each a whole process, and what that shows.

import process from 'node:process';
import { PacelineError } from '../../base/errors.ts';
import { formatDuration } from '../../base/units.ts';
import { resolvePolite } from '../../engine/polite-plan.ts';
import { STRATEGIES, STRATEGY_NAMES, type StrategyName, strategyNamed } from '../../engine/strategies.ts';
import { checkUrl } from '../../input/urls.ts';
import { monotonicMs, systemClock } from '../../platform/system-clock.ts';
import { compareJson } from '../../reports/compare-json.ts';
import { readServerFlags, type SlowServerOptions } from '../../slow-server/options.ts';
import { askedLimit } from '../compare/asked-limit.ts';
import { type Compared, type Comparison, type ComparisonSignals, compare } from '../compare/compare.ts';
import { comparisonText, headline, rowOf } from '../compare/print.ts';
import type { Program, ProgramResult } from '../compare/program.ts';
import { Showing } from '../compare/showing.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { politeOptions } from '../flags/polite-flags.ts';
import { POLITE_FLAGS } from '../flags/polite-table.ts';
import type { FlagName } from '../flags/table.ts';
import { printOut } from '../output/print-out.ts';
import type { RunReports } from '../report/run-reports.ts';
import { Cast } from '../terminal/cast.ts';
import { onInterrupt } from '../terminal/interrupts.ts';
import type { CommandIo } from '../terminal/io.ts';
import type { TerminalLook } from '../terminal/look.ts';
import { speakerOn } from '../terminal/messages.ts';

const REQUESTS = 9;
const SERVER_WORKERS = 3;
/** At a server of which nothing is known. */
const FOREIGN_LIMIT = 10;
/** More threads or processes than this show nothing new, and cost memory. */
const WORKERS_AT_MOST = 4;
/** Flags that mean for `fetch` what they mean here. */
const CLIENT_FLAGS: readonly FlagName[] = [
  ...(Object.keys(POLITE_FLAGS) as (keyof typeof POLITE_FLAGS)[]),
  'connect-timeout',
  'headers-timeout',
  'body-timeout',
  'timeout',
  'method',
  'header',
  'data',
  'insecure',
  'max-body',
  'seed',
];

/** @returns the exit code: 0, 1 when some requests failed, or that of an interrupt */
export async function run(line: CommandLine, io: CommandIo): Promise<number> {
  const { flags } = line;
  resolvePolite(politeOptions(flags)); // said now, not by five programs
  const url = onlyUrl(line.operands);
  const server = url === null ? serverOptions(line) : null;
  const programs = programsOf(line, server);
  const { record: path, output, report = [] } = flags;
  const cast = path === undefined ? null : Cast.open({ path, otherPaths: [output, ...report] });
  try {
    const code = await runPrograms(programs, url ?? server ?? {}, { line, io, cast });
    cast?.commit(code);
    if (cast) speakerOn(io, { quiet: flags.quiet === true }).say(`Wrote ${cast.path}.`);
    return code;
  } finally {
    cast?.abandon();
  }
}

interface Surroundings {
  readonly line: CommandLine;
  readonly io: CommandIo;
  /** Records what is shown; null for nowhere. */
  readonly cast: Cast | null;
}

async function runPrograms(
  programs: readonly Program[],
  target: Comparison['target'],
  { line, io, cast }: Surroundings,
): Promise<number> {
  const { flags } = line;
  const reports = flags.report && (await openReports(flags.report, flags.output));
  const cpuMs = flags.cpu ?? 0;
  const clock = systemClock(monotonicMs());
  const showing = new Showing({ programs, clock, flags, io, cast, onQuit: () => interrupts.drain() });
  const speaker = speakerOn(showing.io, { quiet: flags.quiet === true });
  const end = ({ program, summary }: ProgramResult): void => {
    showing.end();
    const realMs = summary.usage?.realMs ?? summary.makespanMs;
    speaker.say(`${program.strategy.padEnd(LABEL_WIDTH)} ${formatDuration(realMs)}`);
  };
  const signals: ComparisonSignals & { hasCome: boolean } = { handOn: undefined, hasCome: false };
  const interrupts = onInterrupt(process, {
    drain: name => {
      signals.hasCome = true;
      signals.handOn?.(name);
      const words = 'Stopping. What is in flight may finish; again ends it now.';
      if (!showing.say(words)) speaker.say(words);
    },
    abort: name => signals.handOn?.(name),
    exit: code => {
      signals.handOn?.('SIGKILL');
      process.exit(code);
    },
  });
  const compared = await compare({
    programs,
    target,
    signals,
    clientFlags: clientFlags(line),
    cpuMs,
    recordPath: flags.output ?? null,
    clock,
    onBegin: (program, record, far) => showing.begin(program, record, far),
    onEnd: end,
    ...(reports && { onRecords: records => reports.write(records, speaker) }),
  }).finally(async () => {
    await showing.close();
    interrupts.stop();
  });
  speaker.say('');
  const code = await show(compared, target, { line, io, cast, cpuMs, look: showing.look() });
  return interrupts.exitCode() ?? code;
}

const LABEL_WIDTH = Math.max(...STRATEGY_NAMES.map(name => name.length));

interface ShowingOptions extends Surroundings {
  readonly cpuMs: number;
  /** Of stdout. */
  readonly look: TerminalLook;
}

async function show(
  { results, server }: Compared,
  target: Comparison['target'],
  { line, io, cast, cpuMs, look }: ShowingOptions,
): Promise<number> {
  if (results.length === 0) return EXIT.interrupted;
  const rows = results.map(result => rowOf(result, server, cpuMs));
  const requests = line.flags.requests ?? REQUESTS;
  const where = server ?? (typeof target === 'string' ? checkUrl(target).url : '');
  if (line.flags.json) {
    await printOut(io, `${JSON.stringify(compareJson(rows), null, 2)}\n`);
  } else {
    const lines = [headline(requests, where, cpuMs), '', ...comparisonText(results, rows, look)];
    const text = `${lines.join('\n')}\n`;
    cast?.output(text);
    await printOut(io, text);
  }
  if (results.some(({ interrupted }) => interrupted)) return EXIT.interrupted;
  return rows.every(({ summary }) => summary.requests === summary.outcomes.ok) ? EXIT.ok : EXIT.someFailed;
}

/** Found out now, not after half a minute. */
async function openReports(paths: readonly string[], output: string | undefined): Promise<RunReports> {
  const { RunReports } = await import('../report/run-reports.ts');
  const reports = await RunReports.open(paths);
  if (output !== undefined) await reports.recordPath(output);
  return reports;
}

function onlyUrl(operands: readonly string[]): string | null {
  if (operands.length > 1) {
    throw new PacelineError('ERR_OPTION_INVALID', `compare takes one URL, got ${operands.length}.`);
  }
  if (operands[0] !== undefined) checkUrl(operands[0]); // said now, not by five programs
  return operands[0] ?? null;
}

function serverOptions({ flags }: CommandLine): SlowServerOptions {
  const { delay, backlog, seed } = flags;
  const workerClass = flags['worker-class'];
  return {
    ...readServerFlags({ delay, rateLimit: flags['rate-limit'] }),
    ...(workerClass !== undefined && { workerClass }),
    workers: flags['server-workers'] ?? SERVER_WORKERS,
    ...(backlog !== undefined && { backlog }),
    ...(seed !== undefined && { seed }),
  };
}

function programsOf({ flags }: CommandLine, server: SlowServerOptions | null): Program[] {
  const names = strategiesOf(flags.strategy);
  if (flags.output !== undefined && names.length > 1) {
    throw new PacelineError('ERR_OPTION_CONFLICT', '-o keeps the record of one strategy: choose it with -S.');
  }
  return names.map(name => {
    const asked = askedLimit(STRATEGIES[name], flags, server?.workers ?? FOREIGN_LIMIT);
    const workers = flags.workers ?? Math.min(asked.limit ?? WORKERS_AT_MOST, WORKERS_AT_MOST);
    return {
      strategy: name,
      requests: flags.requests ?? REQUESTS,
      ...asked,
      workers: STRATEGIES[name].place === 'this thread' ? null : workers,
    };
  });
}

function strategiesOf(list: string | undefined): StrategyName[] {
  if (list === undefined) return [...STRATEGY_NAMES];
  return list.split(',').map(name => strategyNamed(name.trim()).name);
}

/** As they were written, so that a message about one of them reads as the user's own. */
function clientFlags({ flags, words }: CommandLine): string[] {
  const given = words.filter(({ flag }) => flag !== null && CLIENT_FLAGS.includes(flag));
  const switches = CLIENT_FLAGS.filter(name => flags[name] === true).map(name => `--${name}`);
  return [...given.map(({ flag, text }) => `--${flag}=${text}`), ...switches];
}
