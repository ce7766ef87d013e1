// Text from a server, a file or a user, made harmless for a terminal: whatever moves the cursor, hides, or turns
// the reading direction is shown as an escape instead. And its width in columns, so that it can be cut.

const HARMLESS = /^[\x20-\x7e]*$/;
/**
 * Control (C0, DEL, C1), format (bidi, zero width, soft hyphen, tags), half pairs, private use, unassigned;
 * line and paragraph separators; and letters that show nothing.
 */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|[\u17b4\u17b5]|\p{Variation_Selector}/u;
const ALL_HIDDEN = new RegExp(HIDDEN, 'gu');
const MARK = /[\p{Mn}\p{Me}]/u;
/** So many accents may stand on one letter; more are shown as escapes. */
const MARKS_MAX = 2;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * `text` safe to print on one line. Cut to `columns` when it is wider, with `…` (or `~` for ASCII) at the end.
 * @param ellipsis what stands for the part that was cut
 */
export function terminalSafe(text: string, columns = Number.POSITIVE_INFINITY, ellipsis = '…'): string {
  if (text.length <= columns && HARMLESS.test(text)) return text;
  let safe = '';
  let used = 0;
  let marks = 0;
  /** What fits when the ellipsis has to follow. */
  let fitting = '';
  for (const character of text) {
    const isMark = MARK.test(character);
    marks = isMark ? marks + 1 : 0;
    const shown =
      HIDDEN.test(character) || marks > MARKS_MAX || (isMark && safe === '') ? escaped(character) : character;
    used += shown === character ? characterColumns(character) : shown.length;
    if (used > columns) return columns < 1 ? '' : fitting + ellipsis;
    safe += shown;
    if (used <= columns - 1) fitting = safe;
  }
  return safe;
}

/** A line of JSON text safe to print, and still the same JSON: what hides there is written as `\u` escapes. */
export function terminalSafeJson(json: string): string {
  if (HARMLESS.test(json)) return json;
  return json.replace(ALL_HIDDEN, character => {
    let escapes = '';
    for (let i = 0; i < character.length; i++)
      escapes += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
    return escapes;
  });
}

/** Columns that `terminalSafe` text takes on a terminal. */
export function columnsOf(text: string): number {
  if (HARMLESS.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += characterColumns(character);
  return columns;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) as number;
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

/** First and last code points of the ranges that terminals draw two columns wide (Unicode's East Asian Width). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x2614, 0x2615],
  [0x26a1, 0x26a1],
  [0x2705, 0x2705],
  [0x274c, 0x274c],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f000, 0x1faff],
  [0x20000, 0x3fffd],
];

function characterColumns(character: string): number {
  const code = character.codePointAt(0) as number;
  if (code < 0x300) return 1;
  if (MARK.test(character)) return 0;
  for (const [first, last] of WIDE) if (code >= first && code <= last) return 2;
  return 1;
}
