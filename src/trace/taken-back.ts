// Lines that a resumed run has taken back, because it writes a new one in their place: they are overwritten with
// spaces, so that whoever reads the record finds one line for each request. Overwriting is no single act: a process
// can be killed, and a machine can lose its power, between any two sectors of a disk. So it goes in two steps with a
// sync between them, and a line that is half overwritten can be told from one that was damaged.

/** Every line begins in one of these ways. */
const BEGINNINGS = ['{"index"', '{"intent', '{"summar', '{"resume'] as const;
/** Length of each of them. */
export const MARK_BYTES = 8;
/** So many of them are spaces after the first step. A single damaged byte never makes so many. */
const MARK_SPACES_MIN = MARK_BYTES / 2;
/** What a disk writes whole, at least. */
const SECTOR_BYTES = 512;
const SPACE = 0x20;

/**
 * What the first step overwrites in a line that begins at this offset of the file: as much of its first eight bytes as
 * lies in one sector, and half of them at least.
 */
export function markRange(offset: number): { readonly from: number; readonly to: number } {
  const inFirst = SECTOR_BYTES - (offset % SECTOR_BYTES);
  if (inFirst >= MARK_BYTES) return { from: 0, to: MARK_BYTES };
  return inFirst >= MARK_SPACES_MIN ? { from: 0, to: inFirst } : { from: inFirst, to: MARK_BYTES };
}

/** Whether the line at `from` was taken back, wholly or half: it holds nothing any more. */
export function isTakenBack(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < MARK_BYTES) return isBlank(bytes, from, to);
  let spaces = 0;
  for (let i = 0; i < MARK_BYTES; i++) if (bytes[from + i] === SPACE) spaces++;
  if (spaces < MARK_SPACES_MIN) return false;
  if (spaces === MARK_BYTES) return true;
  return BEGINNINGS.some(beginning => {
    for (let i = 0; i < MARK_BYTES; i++) {
      const byte = bytes[from + i];
      if (byte !== SPACE && byte !== beginning.charCodeAt(i)) return false;
    }
    return true;
  });
}

/** Empty, or spaces alone. */
export function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== SPACE) return false;
  return true;
}
