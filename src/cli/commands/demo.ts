// `paceline` alone: what the talk showed, in half a minute. The comparison with nothing chosen, its report as a page,
// and what to try next.
import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../exit-codes.ts';
import type { CommandLine } from '../flags/command-line.ts';
import type { CommandIo } from '../terminal/io.ts';
import { speakerOn } from '../terminal/messages.ts';
import { run as runCompare } from './compare.ts';

const REPORT = 'paceline-demo.html';

const OPENING = [
  'Nine requests to a slow API: three workers, one second a request, a queue in front.',
  'Five ways to send them, each a program of its own; about 22 seconds in all.',
  '',
];

const NEXT = [
  '',
  `Open ${REPORT} in a browser to look around in these runs. Try next:`,
  '  paceline compare --cpu 200ms              work for the processor in each response',
  '  paceline compare -n 30 -c 5               another load, another limit',
  '  paceline serve                            the slow API, to try your own programs on',
  '  paceline fetch -i urls.txt -o run.ndjson  your own list of URLs',
  '',
];

export async function run(line: CommandLine, io: CommandIo): Promise<number> {
  const { say } = speakerOn(io, { quiet: line.flags.quiet === true });
  for (const text of OPENING) say(text);
  const { flags } = line;
  const exitCode = await runCompare({ ...line, flags: { report: [reportPath()], ...flags } }, io);
  if (exitCode === EXIT.ok) for (const text of NEXT) say(text);
  return exitCode;
}

/** In the folder it was called in, where that can be written to. */
function reportPath(): string {
  try {
    accessSync('.', constants.W_OK);
    return REPORT;
  } catch {
    return join(tmpdir(), REPORT);
  }
}
