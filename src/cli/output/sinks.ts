// The two places that lines go to: a file of our own, and a stream that we were given.
import { constants } from 'node:fs';
import { PacelineError } from '../../base/errors.ts';
import { factsOf, OpenFile } from '../../platform/open-file.ts';
import type { OutputStream } from '../terminal/io.ts';
import type { Sink } from './buffered-writer.ts';
import { ioReason } from './io-reason.ts';

/** A crash loses at most so much of the record. */
const FILE_LINGER_MS = 50;

/**
 * A file to write from its start. A new one can be read by its owner alone: a record may hold secrets.
 * @param inputKeys files that are read in this run, as `device:inode`; none of them is overwritten
 * @throws ERR_IO_WRITE, ERR_OPTION_CONFLICT
 */
export async function openFileSink(path: string, inputKeys: ReadonlySet<string>): Promise<Sink> {
  const there = await factsOf(path).catch(() => undefined);
  if (there && inputKeys.has(`${there.dev}:${there.ino}`)) {
    throw new PacelineError('ERR_OPTION_CONFLICT', `-o ${path}: this file is also read as input.`);
  }
  let file: OpenFile;
  try {
    file = await OpenFile.open(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
  // Emptied only now that there is something to put into it: a run that cannot begin leaves it as it was.
  let isEmptied = there !== undefined && !there.isFile();
  return {
    async write(bytes) {
      if (!isEmptied) await file.empty();
      isEmptied = true;
      await file.writeAll(bytes);
    },
    close: () => file.close(),
    lingerMs: FILE_LINGER_MS,
  };
}

/** A stream of the process; it is not ours to close. */
export function streamSink(stream: OutputStream): Sink {
  return {
    write: bytes =>
      new Promise((resolve, reject) => {
        stream.write(
          Buffer.from(bytes), // a stream may hold on to what it was given
          error => (error ? reject(error) : resolve()),
        );
      }),
    close: () => Promise.resolve(),
    lingerMs: 0, // somebody may be waiting for each line
  };
}

export function cannotWrite(path: string, cause: unknown): PacelineError {
  return new PacelineError('ERR_IO_WRITE', `Cannot write ${path}: ${ioReason(cause)}.`, { cause });
}
