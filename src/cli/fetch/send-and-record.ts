// A run whose live picture is recorded: the recording is opened before anything is sent, and is there when the run has
// come to its end, also by ^C; a run that could not do its work leaves none.
import { PacelineError } from '../../base/errors.ts';
import type { FlagValues } from '../flags/command-line.ts';
import { Cast } from '../terminal/cast.ts';
import type { CommandIo } from '../terminal/io.ts';
import { speakerOn } from '../terminal/messages.ts';

/** @returns what the run did @throws ERR_OPTION_CONFLICT, ERR_IO_WRITE, or what the run threw */
export async function sendAndRecord(
  flags: FlagValues & { readonly record: string },
  inputKeys: ReadonlySet<string>,
  io: CommandIo,
  send: (cast: Cast) => Promise<number>,
): Promise<number> {
  const { record: path, output, report = [] } = flags;
  if (flags.resume) {
    throw new PacelineError(
      'ERR_OPTION_CONFLICT',
      '--record shows a run from its start, and --resume goes on with one. Drop one of them.',
    );
  }
  const cast = Cast.open({ path, inputKeys, otherPaths: [output, ...report] });
  try {
    const code = await send(cast);
    cast.commit(code);
    speakerOn(io, { quiet: flags.quiet === true }).say(`Wrote ${path}.`);
    return code;
  } finally {
    cast.abandon();
  }
}
