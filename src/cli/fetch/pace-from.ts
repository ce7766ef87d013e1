// `--pace-from FILE`: what the run of a record found of each origin, for another run to begin with. Only its first and
// its last line matter, and no more of the file is kept. The record of a run that was killed has no such last line:
// what it would have found is found again from the attempts of its lines.
import { createReadStream } from 'node:fs';
import { PacelineError } from '../../base/errors.ts';
import type { PaceStart, RunHeader, Summary } from '../../model/record.ts';
import { RecordReader } from '../../trace/read.ts';
import { ioReason } from '../output/io-reason.ts';
import { OuterLines } from './outer-lines.ts';
import { paceStarts } from './pace-starts.ts';
import { replayedStarts } from './replayed-starts.ts';

export interface EarlierPace {
  readonly starts: readonly PaceStart[];
  /** Why there is nothing to begin with, as a warning; null where there is. */
  readonly warning: string | null;
}

/** @throws ERR_IO_READ, ERR_RECORD_…, with the file's name */
export async function paceFrom(path: string): Promise<EarlierPace> {
  const { run, summary } = await endsOf(path);
  const starts = summary === null ? await replayedStarts(path, run) : paceStarts(summary);
  if (starts.length > 0) return { starts, warning: null };
  const why =
    summary === null && run.findsPace
      ? 'it was cut off before its last line, which would say what was found, and holds too little to find it again'
      : run.findsPace
        ? 'its run found nothing'
        : 'its run had a limit and looked for none (-c auto does)';
  return { starts, warning: `${path} says nothing of the pace: ${why}. Begins as without --pace-from.` };
}

interface RecordEnds {
  readonly run: RunHeader;
  /** Null where the record was cut off. */
  readonly summary: Summary | null;
}

async function endsOf(path: string): Promise<RecordEnds> {
  const lines = new OuterLines();
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1024 ** 2 })) lines.push(piece);
  } catch (cause) {
    if (cause instanceof PacelineError) throw named(path, cause);
    throw new PacelineError('ERR_IO_READ', `Cannot read ${path}: ${ioReason(cause)}.`, { cause });
  }
  try {
    return read(lines);
  } catch (cause) {
    throw cause instanceof PacelineError ? named(path, cause) : cause;
  }
}

function read(lines: OuterLines): RecordEnds {
  const reader = new RecordReader();
  const { first, last, rest, count } = lines.end();
  const header = first === null ? reader.tail(rest) : reader.line(first);
  if (header?.kind !== 'header') {
    reader.end();
    throw new PacelineError('ERR_RECORD_DAMAGED', 'it has no first line of a record.');
  }
  const { run } = header;
  if (first === null || (last === null && rest === '')) return { run, summary: null };
  // The lines between are not looked at: they count, so that a message can name the line.
  reader.passOver(count - (last === null || rest !== '' ? 1 : 2));
  const item = rest === '' ? reader.line(last ?? '') : reader.tail(rest);
  return { run, summary: item?.kind === 'footer' ? item.summary : null };
}

/** Messages of the reader do not know the file's name. */
function named(path: string, error: PacelineError): PacelineError {
  return new PacelineError(error.code, `Cannot begin with what ${path} found: ${error.message}`, {
    cause: error,
  });
}
