// `paceline report`: records in, one file out; its ending says what it is. Nothing is sent.
import { basename } from 'node:path';
import { PacelineError } from '../../base/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { openInputs } from '../fetch/input-files.ts';
import type { CommandLine } from '../flags/command-line.ts';
import type { RecordSource } from '../report/feed.ts';
import { REPORT_FORMATS } from '../report/formats.ts';
import { USUAL_FLAGS, writeReports } from '../report/open-reports.ts';
import type { CommandIo } from '../terminal/io.ts';
import { hasBlocks } from '../terminal/look.ts';
import { speakerOn } from '../terminal/messages.ts';

/** @returns the exit code */
export async function run({ flags, operands }: CommandLine, io: CommandIo): Promise<number> {
  const path = checkWords(flags.output, operands);
  const { say, warn } = speakerOn(io, { quiet: flags.quiet === true });
  const words = operands.map(text => ({ flag: 'input' as const, text }));
  const inputs = await openInputs(words, io, 1);
  try {
    const { theme = USUAL_FLAGS.theme, width } = flags;
    const wanted = flags.charset ?? USUAL_FLAGS.charset;
    const charset = wanted !== 'auto' ? wanted : hasBlocks(io.env) ? 'unicode' : 'ascii';
    await writeReports(
      {
        paths: [path],
        written: '-o',
        flags: { theme, charset, warn, ...(width !== undefined && { width }) },
        inputKeys: inputs.fileKeys,
      },
      sourcesOf(inputs.sources, operands),
    );
  } finally {
    await inputs.close();
  }
  say(`Wrote ${path}.`);
  return EXIT.ok;
}

function checkWords(output: string | undefined, operands: readonly string[]): string {
  const endings = REPORT_FORMATS.map(({ ending }) => ending).join(' ');
  if (operands.length === 0) {
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      'Nothing to draw: name a record that fetch -o has written, or - to read one from stdin.\n' +
        'For example: paceline report run.ndjson -o run.svg',
    );
  }
  if (operands.filter(operand => operand === '-').length > 1)
    throw new PacelineError('ERR_OPTION_CONFLICT', '-: stdin can be read only once.');
  if (output === undefined || output === '-') {
    const why = output === '-' ? '-o -: stdout has no ending, and that chooses the format' : 'Where to';
    throw new PacelineError('ERR_OPTION_INVALID', `${why}? Give -o FILE, which ends in one of ${endings}.`);
  }
  return output;
}

/** A name in the picture is without folders, unless two would be the same. */
function sourcesOf(
  sources: Awaited<ReturnType<typeof openInputs>>['sources'],
  operands: readonly string[],
): RecordSource[] {
  const names = operands.map(operand => (operand === '-' ? 'stdin' : basename(operand)));
  return sources.flatMap((source, i) => {
    if ('url' in source) return [];
    const name = names[i] as string;
    const isAlone = names.filter(other => other === name).length === 1;
    return [{ path: source.name, name: isAlone ? name : source.name, open: () => source.open() }];
  });
}
