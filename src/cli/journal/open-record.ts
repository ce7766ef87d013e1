// Opens a record to go on from it: locked, looked through, held against the command line. Nothing of it is changed
// before there is a new line to write; then the torn end is cut off, old lines make room, and the new ones follow.
import { constants, type Stats } from 'node:fs';
import { PacelineError } from '../../base/errors.ts';
import { factsOf, OpenFile } from '../../platform/open-file.ts';
import { RecordScan, type ScannedRecord, type ScanOptions } from '../../trace/scan.ts';
import type { Sink } from '../output/buffered-writer.ts';
import { errorCode, ioReason } from '../output/io-reason.ts';
import { lockRecord } from '../output/record-lock.ts';
import { FILE_LINGER_MS, isAlsoInput, syncFile } from '../output/sinks.ts';
import { takeBackLines } from './take-back.ts';

const PIECE_BYTES = 1024 ** 2;
const LINE_FEED = Uint8Array.of(10);

export interface OpenRecord {
  readonly scanned: ScannedRecord;
  readonly sink: Sink;
}

/**
 * Null when there is no such file, or nothing was ever written to it: then the run begins.
 * @throws ERR_IO_READ, ERR_IO_WRITE, ERR_IO_LOCKED, ERR_OPTION_CONFLICT, ERR_RECORD_…; the file is as it was
 */
export async function openRecord(
  path: string,
  inputKeys: ReadonlySet<string>,
  options: ScanOptions,
): Promise<OpenRecord | null> {
  const facts = await factsOf(path).catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT') return null;
    throw cannotRead(path, ioReason(cause), cause);
  });
  if (facts === null) return null;
  checkFacts(path, facts, inputKeys);
  const lock = await lockRecord(path);
  let file: OpenFile | undefined;
  const close = async (): Promise<void> => {
    try {
      await file?.close();
    } finally {
      lock?.release();
    }
  };
  try {
    file = await OpenFile.open(path, constants.O_RDWR);
    const scanned = await scan(file, options);
    if (scanned !== null) return { scanned, sink: sinkBehind(file, scanned, close) };
    await close();
    return null;
  } catch (cause) {
    await close();
    throw cause instanceof PacelineError ? named(path, cause) : cannotRead(path, ioReason(cause), cause);
  }
}

function checkFacts(path: string, facts: Stats, inputKeys: ReadonlySet<string>): void {
  if (facts.isDirectory()) throw cannotRead(path, 'it is a directory');
  if (!facts.isFile()) throw cannotRead(path, 'it is no regular file, and only those can be resumed');
  if (inputKeys.has(`${facts.dev}:${facts.ino}`)) throw isAlsoInput(path);
}

async function scan(file: OpenFile, options: ScanOptions): Promise<ScannedRecord | null> {
  const scanning = new RecordScan(options);
  const memory = new Uint8Array(PIECE_BYTES);
  for (let at = 0; ; ) {
    const bytes = await file.read(memory, at);
    if (bytes === 0) return scanning.end();
    scanning.feed(memory.subarray(0, bytes));
    at += bytes;
  }
}

function sinkBehind(file: OpenFile, scanned: ScannedRecord, close: () => Promise<void>): Sink {
  let position: number | null = null;
  return {
    async write(bytes) {
      position ??= await makeRoom(file, scanned);
      await file.writeAll(bytes, position);
      position += bytes.length;
    },
    sync: () => syncFile(file),
    close,
    lingerMs: FILE_LINGER_MS,
  };
}

/** @returns where new lines begin */
async function makeRoom(file: OpenFile, { bytes, lacksLineFeed, takenBack }: ScannedRecord): Promise<number> {
  await file.truncate(bytes);
  if (lacksLineFeed) await file.writeAll(LINE_FEED, bytes);
  await takeBackLines(file, takenBack);
  return lacksLineFeed ? bytes + 1 : bytes;
}

function cannotRead(path: string, why: string, cause?: unknown): PacelineError {
  return new PacelineError('ERR_IO_READ', `Cannot resume from ${path}: ${why}.`, { cause });
}

/** Messages of the reader do not know the file's name. */
function named(path: string, error: PacelineError): PacelineError {
  if (!error.code.startsWith('ERR_RECORD_')) return error;
  return new PacelineError(error.code, `Cannot resume from ${path}: ${error.message}`, { cause: error });
}
