// Overwrites lines of a record that new ones will stand for, in two steps with a sync between them (see
// src/trace/taken-back.ts). Read and written in large pieces: half of a record may be failures. What lies between the
// lines is written back as it was read, so that it cannot be lost.
import type { OpenFile } from '../../platform/open-file.ts';
import { markRange } from '../../trace/taken-back.ts';
import { syncFile } from '../output/sinks.ts';

const PIECE_BYTES = 256 * 1024;
const LINE_FEED = 10;
const SPACE = 0x20;

/** Overwrites in `memory` what belongs to the line from `from` to `to`, which lies at `offset` of the file. */
type Overwrite = (memory: Uint8Array, from: number, to: number, offset: number) => void;

/** @param offsets where the lines begin, in order. @throws what the system says */
export async function takeBackLines(file: OpenFile, offsets: Float64Array): Promise<void> {
  if (offsets.length === 0) return;
  await overwriteLines(file, offsets, (memory, from, _to, offset) => {
    const mark = markRange(offset);
    memory.fill(SPACE, from + mark.from, from + mark.to);
  });
  await syncFile(file);
  await overwriteLines(file, offsets, (memory, from, to) => memory.fill(SPACE, from, to));
  await syncFile(file);
}

async function overwriteLines(file: OpenFile, offsets: Float64Array, overwrite: Overwrite): Promise<void> {
  let memory = new Uint8Array(PIECE_BYTES);
  for (let next = 0; next < offsets.length; ) {
    const base = offsets[next] as number;
    const bytes = await readAt(file, memory, base);
    let changedTo = 0;
    for (; next < offsets.length; next++) {
      const offset = offsets[next] as number;
      const from = offset - base;
      if (from >= bytes) break;
      const lineFeed = memory.subarray(0, bytes).indexOf(LINE_FEED, from);
      if (lineFeed === -1 && bytes === memory.length) break; // its end lies behind this piece
      const to = lineFeed === -1 ? bytes : lineFeed;
      overwrite(memory, from, to, offset);
      changedTo = to;
    }
    if (changedTo > 0) await file.writeAll(memory.subarray(0, changedTo), base);
    else memory = new Uint8Array(2 * memory.length); // one line is longer than the piece
  }
}

/** As many bytes as the file has and the memory holds. */
async function readAt(file: OpenFile, memory: Uint8Array, position: number): Promise<number> {
  let bytes = 0;
  for (let read = -1; read !== 0 && bytes < memory.length; bytes += read) {
    read = await file.read(memory.subarray(bytes), position + bytes);
  }
  return bytes;
}
