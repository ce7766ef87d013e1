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

/** @param charset what the user wants, where the user said so */
export function lookOf(stream: OutputStream, env: CommandIo['env'], charset?: Charset): TerminalLook {
  return {
    width: Math.max(COLUMNS_MIN, screenOf(stream).columns),
    charset: charset ?? charsetOf(env),
    color: hasColour(stream, env) ? depthOf(env) : 'none',
  };
}

/** Unicode, unless the locale was set to something that has none, or the terminal is too simple. */
function charsetOf(env: CommandIo['env']): Charset {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  const narrow = locale !== undefined && locale !== '' && !/utf-?8/i.test(locale);
  return narrow || env.TERM === 'dumb' || env.TERM === 'linux' ? 'ascii' : 'unicode';
}

function depthOf(env: CommandIo['env']): ColorDepth {
  if (env.FORCE_COLOR === '3' || /truecolor|24bit/i.test(env.COLORTERM ?? '')) return 'truecolor';
  if (env.FORCE_COLOR === '2' || /256/.test(env.TERM ?? '')) return '256';
  return '16';
}
