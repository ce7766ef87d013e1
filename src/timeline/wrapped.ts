// Words beside a picture: parts joined by dots, on lines that fit, in the characters that there are.
import { columnsOf, terminalSafe } from './escape.ts';
import type { Charset } from './palette.ts';

/** Parts joined by dots, broken between parts; a part that is too wide alone is broken between words. */
export function wrapped(
  parts: readonly string[],
  { width, indent, charset }: { readonly width: number; readonly indent: string; readonly charset: Charset },
): string[] {
  const room = width - indent.length;
  const dot = charset === 'ascii' ? ' - ' : ' · ';
  const lines: string[] = [];
  let line = '';
  const put = (piece: string, joint: string): void => {
    const joined = line === '' ? piece : `${line}${joint}${piece}`;
    if (line !== '' && columnsOf(joined) > room) {
      lines.push(indent + line);
      line = piece;
    } else {
      line = joined;
    }
  };
  for (const raw of parts) {
    const part = terminalSafe(inCharset(raw, charset));
    if (columnsOf(part) <= room) put(part, dot);
    else
      for (const [i, word] of part.split(' ').entries())
        put(terminalSafe(word, room, charset === 'ascii' ? '~' : '…'), i === 0 ? dot : ' ');
  }
  return line === '' ? lines : [...lines, indent + line];
}

const ASCII_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\u202f/g, ' '],
  [/–/g, '-'],
  [/µ/g, 'u'],
];

/** What ASCII has no sign for, in its nearest words. */
export function inCharset(text: string, charset: Charset): string {
  if (charset === 'unicode') return text;
  return ASCII_WORDS.reduce((plain, [from, to]) => plain.replace(from, to), text);
}
