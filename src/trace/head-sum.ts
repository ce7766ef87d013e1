// The sum by which a request of an input is known again: the CRC-32 of how its line in the record begins.
import { crc32 } from '../base/crc32.ts';
import { type RequestHead, requestHead } from './line.ts';

const encoder = new TextEncoder();
const scratch = new Uint8Array(16 * 1024);
const BYTES_PER_UNIT_MAX = 3;

export function headSum(index: number, head: RequestHead): number {
  const text = requestHead(index, head);
  if (text.length * BYTES_PER_UNIT_MAX > scratch.length) {
    const bytes = encoder.encode(text);
    return crc32(bytes, 0, bytes.length);
  }
  return crc32(scratch, 0, encoder.encodeInto(text, scratch).written);
}
