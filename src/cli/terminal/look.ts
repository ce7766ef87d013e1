// What a stream can show: its width, whether it has block characters, how many colours.
import type { Charset, ColorDepth } from '../../timeline/palette.ts';
import { type CommandIo, hasColour, type OutputStream } from './io.ts';

const COLUMNS = 80;
const ROWS = 24;
const COLUMNS_MIN = 20;

/** Of a terminal that does not know its size, the usual one. */
export function screenOf({ columns, rows }: OutputStream): { columns: number; rows: number } {
  return { columns: columns || COLUMNS, rows: rows || ROWS };
}

export interface TerminalLook {
  readonly width: number;
  readonly charset: Charset;
  readonly color: ColorDepth;
}

/** As the user says it; `auto`: what can be shown. */
export type WantedCharset = Charset | 'auto';

/** @param charset what the user wants, where the user said so, or what was found out by asking the terminal */
export function lookOf(stream: OutputStream, env: CommandIo['env'], charset?: WantedCharset): TerminalLook {
  return {
    width: Math.max(COLUMNS_MIN, screenOf(stream).columns),
    charset: charset === undefined || charset === 'auto' ? likelyCharset(stream, env) : charset,
    color: hasColour(stream, env) ? depthOf(env) : 'none',
  };
}

/** Without asking. A terminal set to a language whose fonts may draw blocks two columns wide gets none. */
export function likelyCharset(stream: OutputStream, env: CommandIo['env']): Charset {
  if (hasBlocks(env) && !(stream.isTTY && mayBeWide(env))) return 'unicode';
  return 'ascii';
}

/** Unless the locale was set to something that has none, or the terminal is too simple. */
export function hasBlocks(env: CommandIo['env']): boolean {
  const locale = localeOf(env);
  return (locale === '' || /utf-?8/i.test(locale)) && env.TERM !== 'dumb' && env.TERM !== 'linux';
}

function mayBeWide(env: CommandIo['env']): boolean {
  return /^(zh|ja|ko)([_.@-]|$)/i.test(localeOf(env));
}

function localeOf(env: CommandIo['env']): string {
  return env.LC_ALL || env.LC_CTYPE || env.LANG || '';
}

function depthOf(env: CommandIo['env']): ColorDepth {
  if (env.FORCE_COLOR === '3' || /truecolor|24bit/i.test(env.COLORTERM ?? '')) return 'truecolor';
  if (env.FORCE_COLOR === '2' || /256/.test(env.TERM ?? '')) return '256';
  return '16';
}
