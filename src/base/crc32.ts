// CRC-32 as zlib, PNG and Ethernet have it (IEEE 802.3, reflected, polynomial 0xEDB88320), eight bytes at a time by
// tables ("slicing by 8", Kounavis and Berry 2005). It sees every change of up to 32 bits in a row. In plain code,
// because loading `node:zlib` takes longer than the sums of ten thousand lines.

const SLICES = 8;
const POLYNOMIAL = 0xedb88320;

/** Table k holds what a byte does to the sum when k more bytes follow it. */
const tables: readonly Int32Array[] = Array.from({ length: SLICES }, () => new Int32Array(256));
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  ...[Int32Array, Int32Array, Int32Array, Int32Array],
  ...[Int32Array, Int32Array, Int32Array, Int32Array],
];
for (let byte = 0; byte < 256; byte++) {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1;
  t0[byte] = sum;
}
for (let byte = 0; byte < 256; byte++) {
  let sum = t0[byte] as number;
  for (let more = 1; more < SLICES; more++) {
    sum = (sum >>> 8) ^ (t0[sum & 0xff] as number);
    (tables[more] as Int32Array)[byte] = sum;
  }
}

/**
 * The sum of `bytes[from]` to `bytes[to - 1]`, as a signed 32-bit number.
 * @param before the sum of what comes before them; 0 for nothing. `crc32(ab)` is `crc32(b, …, crc32(a))`
 */
export function crc32(bytes: Uint8Array, from: number, to: number, before = 0): number {
  let sum = ~before;
  let at = from;
  for (const last = to - SLICES; at <= last; at += SLICES) {
    sum ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    sum =
      (t7[sum & 0xff] as number) ^
      (t6[(sum >>> 8) & 0xff] as number) ^
      (t5[(sum >>> 16) & 0xff] as number) ^
      (t4[sum >>> 24] as number) ^
      (t3[bytes[at + 4] as number] as number) ^
      (t2[bytes[at + 5] as number] as number) ^
      (t1[bytes[at + 6] as number] as number) ^
      (t0[bytes[at + 7] as number] as number);
  }
  for (; at < to; at++) sum = (sum >>> 8) ^ (t0[(sum ^ (bytes[at] as number)) & 0xff] as number);
  return ~sum;
}
