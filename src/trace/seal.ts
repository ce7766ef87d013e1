// The checksum at the end of each line of a record: `,"crc":"89abcdef"}`. It is the CRC-32 of all bytes of the line
// before it, so that a line can be checked without being understood, by anybody.
import { crc32 } from '../base/crc32.ts';

/** `,"crc":"` */
const OPENING = Uint8Array.from([0x2c, 0x22, 0x63, 0x72, 0x63, 0x22, 0x3a, 0x22]);
const DIGITS = 8;
const QUOTE = 0x22;
const BRACE = 0x7d;
/** Length of a seal, in bytes and in characters. */
export const SEAL_BYTES = OPENING.length + DIGITS + 2;

const encoder = new TextEncoder();
const hexDigits = encoder.encode('0123456789abcdef');

/**
 * Seals in place the line that lies from `from` to `to` and ends in a brace; the seal takes the place of that brace.
 * `SEAL_BYTES - 1` bytes behind `to` are written. @returns where the line ends now
 */
export function sealInto(memory: Uint8Array, from: number, to: number): number {
  let at = to - 1;
  const sum = crc32(memory, from, at);
  for (let i = 0; i < OPENING.length; i++) memory[at++] = OPENING[i] as number;
  for (let shift = 28; shift >= 0; shift -= 4) memory[at++] = hexDigits[(sum >>> shift) & 0xf] as number;
  memory[at++] = QUOTE;
  memory[at++] = BRACE;
  return at;
}

/** A line of the record with its seal; neither has a line feed. */
export function sealed(line: string): string {
  const bytes = encoder.encode(line);
  const sum = crc32(bytes, 0, bytes.length - 1);
  return `${line.slice(0, -1)},"crc":"${(sum >>> 0).toString(16).padStart(DIGITS, '0')}"}`;
}

/** Whether the bytes from `from` to `to` end in something of the form of a seal. */
export function hasSeal(bytes: Uint8Array, from: number, to: number): boolean {
  const at = to - SEAL_BYTES;
  if (at <= from || bytes[to - 1] !== BRACE || bytes[to - 2] !== QUOTE) return false;
  for (let i = 0; i < OPENING.length; i++) if (bytes[at + i] !== OPENING[i]) return false;
  return true;
}

/** The sum that a seal, known to be there, states; -1 where it is no number in eight lower-case digits. */
function statedSum(bytes: Uint8Array, to: number): number {
  let sum = 0;
  for (let at = to - 2 - DIGITS; at < to - 2; at++) {
    const byte = bytes[at] as number;
    const digit =
      byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1;
    if (digit < 0) return -1;
    sum = sum * 16 + digit;
  }
  return sum;
}

/**
 * Whether the line from `from` to `to` ends in a seal that fits it.
 * @param sumFrom where `before` ends: the sum of the bytes from `from` to there, where it is known
 */
export function isSealed(bytes: Uint8Array, from: number, to: number, sumFrom = from, before = 0): boolean {
  if (!hasSeal(bytes, from, to)) return false;
  return crc32(bytes, sumFrom, to - SEAL_BYTES, before) >>> 0 === statedSum(bytes, to);
}

/** As `isSealed`, for text. */
export function isSealedText(line: string): boolean {
  const bytes = encoder.encode(line);
  return isSealed(bytes, 0, bytes.length);
}

/**
 * Where a whole sealed line at the front of these bytes ends; null where there is none. Bytes behind such an end
 * that are no line feed are damage, not a torn line. Each seal that does not fit costs only the bytes since the last.
 */
export function sealedEnd(bytes: Uint8Array): number | null {
  let summed = 0;
  let sum = 0;
  for (let brace = bytes.indexOf(BRACE); brace !== -1; brace = bytes.indexOf(BRACE, brace + 1)) {
    const to = brace + 1;
    if (!hasSeal(bytes, 0, to)) continue;
    sum = crc32(bytes, summed, to - SEAL_BYTES, sum);
    summed = to - SEAL_BYTES;
    if (sum >>> 0 === statedSum(bytes, to)) return to;
  }
  return null;
}
