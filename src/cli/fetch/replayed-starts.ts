// What the run of a record found that was cut off before its last line: its first and last attempts tell it once more.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { PacelineError } from '../../base/errors.ts';
import { ReplayedPace } from '../../control/replayed-pace.ts';
import type { PaceStart, RequestLine, RunHeader } from '../../model/record.ts';
import { requestLineProblem } from '../../trace/check.ts';
import { RecordLines } from '../../trace/record-lines.ts';
import { settledOf } from '../../trace/settled-of.ts';
import { ioReason } from '../output/io-reason.ts';
import { paceLines } from './pace-lines.ts';
import { paceStarts } from './pace-starts.ts';

/** So much of both ends is read: attempts enough, unless most of them have long bodies. */
const HEAD_BYTES = 4 * 1024 ** 2;
const TAIL_BYTES = 16 * 1024 ** 2;

/**
 * Lines that are none of a record's are passed over: it is a beginning, and whoever needs the record itself is told.
 * @returns none where the run had a limit @throws ERR_IO_READ
 */
export async function replayedStarts(path: string, { findsPace }: RunHeader): Promise<PaceStart[]> {
  if (!findsPace) return [];
  const replay = new ReplayedPace();
  let ok = 0;
  try {
    const { size } = await stat(path);
    const isLong = size > HEAD_BYTES + TAIL_BYTES;
    // Where a part begins or ends within a line, that is no line.
    for (const part of isLong ? [{ end: HEAD_BYTES }, { start: size - TAIL_BYTES }] : [{}]) {
      const lines = new RecordLines();
      for await (const piece of createReadStream(path, part))
        for (const line of lines.push(piece)) if (add(replay, line)) ok++;
    }
  } catch (cause) {
    if (cause instanceof PacelineError) return [];
    throw new PacelineError('ERR_IO_READ', `Cannot read ${path}: ${ioReason(cause)}.`, { cause });
  }
  const { origins, inFlightMax } = replay.found();
  return paceStarts({ pace: paceLines(origins, 0), outcomes: { ok }, inFlightMax });
}

/** @returns whether it is the line of a request that ended well */
function add(replay: ReplayedPace, text: string): boolean {
  const line = parsed(text);
  if (typeof line !== 'object' || line === null || !('index' in line)) return false;
  if (requestLineProblem(line as Readonly<Record<string, unknown>>) !== null) return false;
  const request = line as unknown as RequestLine;
  replay.add(request, settledOf(request).tries);
  return request.outcome === 'ok';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
