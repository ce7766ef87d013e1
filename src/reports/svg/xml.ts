// Text and numbers as an SVG file holds them. Every word that came from a file or a server passes here: what hides or
// turns text becomes a visible escape, what is markup stays text, and what is too wide is cut.
import { terminalSafe } from '../../timeline/escape.ts';
import { escapeMarkup } from '../markup.ts';

/** Also safe inside an attribute. */
export function xmlText(text: string): string {
  return escapeMarkup(terminalSafe(text));
}

/** To a tenth of a pixel, with as few characters as can be. */
export function num(value: number): string {
  const text = String(Math.round(value * 10) / 10);
  return text.replace(/^(-?)0\./, '$1.').replace(/^-0$/, '0');
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** @param attributes such as `class="chip"` */
export function rectElement(attributes: string, { x, y, width, height }: Box): string {
  return `<rect ${attributes} x="${num(x)}" y="${num(y)}" width="${num(width)}" height="${num(height)}"/>`;
}

export interface TextPlace {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly classes?: string;
}

export function textElement(text: string, { x, y, classes }: TextPlace): string {
  const named = classes === undefined ? '' : ` class="${classes}"`;
  return `<text x="${num(x)}" y="${num(y)}"${named}>${xmlText(text)}</text>`;
}

/** Widths of a rather wide sans serif, in parts of its size: what is laid out by them fits in most others too. */
export function textWidth(text: string, size = 12): number {
  let width = 0;
  for (const character of terminalSafe(text)) width += characterWidth(character);
  return width * size;
}

function characterWidth(character: string): number {
  if (/[il.,:;|!'j·]/.test(character)) return 0.34;
  if (/[ \u202fftr()/[\]-]/.test(character)) return 0.4;
  if (/[mwMW%@]/.test(character)) return 1;
  if (/[A-Z×~]/.test(character)) return 0.75;
  return (character.codePointAt(0) as number) < 0x1100 ? 0.63 : 1.1;
}

/** As much of the text as fits, with `…` where some was cut. */
export function fitted(text: string, room: number, size = 12): string {
  const safe = terminalSafe(text.slice(0, 1000));
  if (textWidth(safe, size) <= room) return safe;
  let kept = '';
  let width = 0.7 * size;
  for (const character of safe) {
    width += characterWidth(character) * size;
    if (width > room) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** Parts joined by dots, broken between parts, or between words where a part is too wide alone. */
export function wrappedParts(parts: readonly string[], room: number, size = 12): string[] {
  const lines: string[] = [];
  let line = '';
  const put = (piece: string, joint: string): void => {
    const joined = line === '' ? piece : line + joint + piece;
    if (line !== '' && textWidth(joined, size) > room) {
      lines.push(line);
      line = fitted(piece, room, size);
    } else line = line === '' ? fitted(piece, room, size) : joined;
  };
  for (const part of parts) {
    if (textWidth(part, size) <= room) put(part, ' · ');
    else for (const [i, word] of part.split(' ').entries()) put(word, i === 0 ? ' · ' : ' ');
  }
  return line === '' ? lines : [...lines, line];
}
