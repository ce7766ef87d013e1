// The two places that lines go to: a file of our own, and a stream that we were given.
import { constants } from 'node:fs';
import { PacelineError } from '../../base/errors.ts';
import { factsOf, OpenFile } from '../../platform/open-file.ts';
import type { OutputStream } from '../terminal/io.ts';
import type { Sink } from './buffered-writer.ts';
import { errorCode, ioReason } from './io-reason.ts';
import { lockRecord } from './record-lock.ts';

/** A crash loses at most so much of the record. */
export const FILE_LINGER_MS = 50;

/**
 * A file to write from its start. A new one can be read by its owner alone: a record may hold secrets.
 * @param inputKeys files that are read in this run, as `device:inode`; none of them is overwritten
 * @throws ERR_IO_WRITE, ERR_IO_LOCKED, ERR_OPTION_CONFLICT
 */
export async function openFileSink(path: string, inputKeys: ReadonlySet<string>): Promise<Sink> {
  const there = await factsOf(path).catch(() => undefined);
  if (there && inputKeys.has(`${there.dev}:${there.ino}`)) throw isAlsoInput(path);
  const isRegular = there === undefined || there.isFile();
  const lock = isRegular ? await lockRecord(path) : null;
  let file: OpenFile;
  try {
    file = await OpenFile.open(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
  } catch (cause) {
    lock?.release();
    throw cannotWrite(path, cause);
  }
  // Emptied only now that there is something to put into it: a run that cannot begin leaves it as it was.
  let isEmptied = there !== undefined && !there.isFile();
  return {
    async write(bytes) {
      if (!isEmptied) await file.truncate(0);
      isEmptied = true;
      await file.writeAll(bytes);
    },
    ...(isRegular && { sync: () => syncFile(file) }),
    close: () => file.close().finally(() => lock?.release()),
    lingerMs: FILE_LINGER_MS,
  };
}

/** What cannot be synced there is not: such a file system keeps what it was given, or does not. */
export async function syncFile(file: OpenFile): Promise<void> {
  try {
    await file.sync();
  } catch (cause) {
    if (!['EINVAL', 'ENOSYS', 'ENOTSUP'].includes(errorCode(cause) ?? '')) throw cause;
  }
}

export function isAlsoInput(path: string): PacelineError {
  return new PacelineError('ERR_OPTION_CONFLICT', `-o ${path}: this file is also read as input.`);
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
