// From argv to a command to an exit code. Each command is a module of its own, loaded when it is named,
// because starting is part of what a run costs.
import { PacelineError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { EXIT } from './exit-codes.ts';
import type { CommandLine } from './flags/command-line.ts';
import type { CommandName } from './flags/flag.ts';
import type { CommandIo } from './terminal/io.ts';

export interface Command {
  /** Does it, and says how it went: the exit code. */
  run(line: CommandLine, io: CommandIo): Promise<number>;
}

/** What there is, in the order of the help. */
const COMMANDS: Readonly<Partial<Record<CommandName, () => Promise<Command>>>> = {
  demo: () => import('./commands/demo.ts'),
  fetch: () => import('./commands/fetch.ts'),
  find: () => import('./commands/find.ts'),
  compare: () => import('./commands/compare.ts'),
  serve: () => import('./commands/serve.ts'),
  simulate: () => import('./commands/simulate.ts'),
  report: () => import('./commands/report.ts'),
};

/**
 * Runs one command. For the process itself the exit code is also set, and the process then ends on its own
 * once nothing is left to do, so that what was written to a pipe arrives whole.
 * @returns the exit code; nothing is thrown
 */
export async function main(
  argv: readonly string[] = process.argv.slice(2),
  io: CommandIo = process,
): Promise<number> {
  for (const stream of [io.stdout, io.stderr]) stream.on('error', heardElsewhere);
  if (io === process) process.once('uncaughtException', endWithBug);
  const code = await exitCode(argv, io);
  if (io === process) process.exitCode = code;
  return code;
}

/** That a stream cannot be written is told to whoever writes; unheard, the event would end the process. */
function heardElsewhere(): void {}

/** What nobody caught is ours: said as such, with an exit code of its own. */
async function endWithBug(error: unknown): Promise<void> {
  const { explainBug } = await import('./terminal/messages.ts');
  process.exit(explainBug(error, process));
}

async function exitCode(argv: readonly string[], io: CommandIo): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    const { explainError } = await import('./terminal/messages.ts');
    return explainError(error, io);
  }
}

async function dispatch([word = 'demo', ...rest]: readonly string[], io: CommandIo): Promise<number> {
  const names = Object.keys(COMMANDS) as CommandName[];
  if (word === '--version' || word === '-V') {
    await print(`paceline ${VERSION}\n`, io);
    return EXIT.ok;
  }
  if (word === '--help' || word === '-h' || word === 'help') {
    return await showHelp(null, names, io);
  }
  const load = Object.hasOwn(COMMANDS, word) ? COMMANDS[word as CommandName] : undefined;
  if (load === undefined) throw await unknownCommand(word, names);
  const command = word as CommandName;
  if (io === process && rest.some(mayBeSecret)) process.title = `paceline ${command}`;
  const { parseFlags } = await import('./flags/parse.ts');
  const line = await parseFlags(command, rest);
  if (line.flags.help) return await showHelp(command, names, io);
  const { run } = await load();
  return await run(line, io);
}

/** Whoever lists the processes of the machine sees their arguments; these are taken from view, as curl does. */
function mayBeSecret(word: string): boolean {
  return /\/\/[^/?#\s]*@|^(-H|-d|--header|--data)/.test(word);
}

async function print(text: string, io: CommandIo): Promise<void> {
  const { printOut } = await import('./output/print-out.ts');
  await printOut(io, text);
}

async function showHelp(
  command: CommandName | null,
  names: readonly CommandName[],
  io: CommandIo,
): Promise<number> {
  const { helpOf } = await import('./flags/help.ts');
  await print(helpOf(command, names, io.stdout.columns || 80), io);
  return EXIT.ok;
}

async function unknownCommand(word: string, names: readonly string[]): Promise<PacelineError> {
  const { nearest } = await import('../base/nearest.ts');
  const isUrl = /^https?:\/\//i.test(word);
  const guess = nearest(word, names);
  const hint = isUrl
    ? ' To send it: paceline fetch URL.'
    : guess === undefined
      ? ''
      : ` Did you mean ${guess}?`;
  const named = isUrl ? 'a URL is not a command.' : `there is no command '${word.slice(0, 60)}'.`;
  return new PacelineError('ERR_OPTION_UNKNOWN', `${named}${hint} All commands: paceline --help`);
}
