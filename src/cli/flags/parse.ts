// From the words of the command line to checked values. Node's own parser cuts the words into tokens;
// what they mean, and what to say when they mean nothing, is decided here.
import { parseArgs } from 'node:util';
import { PacelineError } from '../../base/errors.ts';
import { parseDuration, parseSize } from '../../base/units.ts';
import { type CommandLine, type FlagValues, flagsOf, type Word } from './command-line.ts';
import type { CommandName, Flag } from './flag.ts';
import { FLAGS, type FlagName } from './table.ts';

type Value = string | number | boolean;

/** Flags that a later version brings; they are answered with more than "unknown". */
const NOT_YET = /^--http2$/;

/**
 * @throws ERR_OPTION_UNKNOWN for a flag that the command does not have, naming the nearest one;
 *   ERR_OPTION_INVALID for a value it cannot take
 */
export async function parseFlags(command: CommandName, words: readonly string[]): Promise<CommandLine> {
  const names = flagsOf(command);
  const byShort = new Map(names.map(name => [(FLAGS[name] as Flag).short ?? '', name]));
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(names.map(name => [name, optionOf(FLAGS[name])])),
    strict: false,
    tokens: true,
  });
  const values: Record<string, Value | Value[]> = {};
  const operands: string[] = [];
  const order: Word[] = [];
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      operands.push(token.value);
      order.push({ flag: null, text: token.value });
      continue;
    }
    const name = token.name as FlagName;
    if (!names.includes(name)) throw await unknownFlag(command, token.rawName);
    const flag: Flag = FLAGS[name];
    const written = token.rawName.startsWith('--') ? token.rawName : `-${flag.short}`;
    const text = checkPresence(flag, written, token.value, token.inlineValue === true, [names, byShort]);
    const value = text === null ? true : parseValue(flag, written, text);
    if (text !== null) order.push({ flag: name, text });
    if (flag.many === undefined) values[name] = value;
    else values[name] = [...((values[name] as Value[] | undefined) ?? []), value];
  }
  return { flags: values as FlagValues, operands, words: order };
}

function optionOf(flag: Flag): { type: 'boolean' | 'string'; short?: string; multiple: true } {
  const type = flag.kind === 'switch' ? ('boolean' as const) : ('string' as const);
  return flag.short === undefined ? { type, multiple: true } : { type, short: flag.short, multiple: true };
}

/** The value's text, or null for a switch. */
function checkPresence(
  flag: Flag,
  written: string,
  value: string | undefined,
  isInline: boolean,
  [names, byShort]: [readonly FlagName[], ReadonlyMap<string, FlagName>],
): string | null {
  if (flag.kind === 'switch') {
    if (value === undefined) return null;
    throw new PacelineError('ERR_OPTION_INVALID', `${written} takes no value, got '${value}'.`);
  }
  const wants = flag.value ?? flag.choices?.join('|') ?? 'VALUE';
  if (value === undefined) {
    throw new PacelineError('ERR_OPTION_INVALID', `${written} needs a value: ${written} ${wants}.`);
  }
  const isFlag =
    (value.startsWith('--') && names.includes(value.slice(2).split('=')[0] as FlagName)) ||
    (value.length === 2 && value.startsWith('-') && byShort.has(value.slice(1)));
  if (isFlag && !isInline) {
    const inline = written.startsWith('--') ? `${written}=${value}` : `${written}${value}`;
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      `${written} needs a value, and the next word is the flag ${value}. If it is the value, write ${inline}.`,
    );
  }
  return value;
}

function parseValue(flag: Flag, written: string, text: string): Value {
  switch (flag.kind) {
    case 'duration':
      return atLeast(flag, written, text, parseDuration(text, written));
    case 'size':
      return atLeast(flag, written, text, parseSize(text, written));
    case 'percent':
      return parsePercent(written, text);
    case 'count':
      return parseCount(flag, written, text);
    case 'limit':
      return parseLimit(flag, written, text);
    case 'choice':
      if (flag.choices?.includes(text)) return text;
      throw invalid(`${written}: expected ${flag.choices?.join(', ')}, got '${text}'.`);
    default:
      if (text === '') throw invalid(`${written} needs a value, got an empty one.`);
      return text;
  }
}

function parseCount(flag: Flag, written: string, text: string, expected = 'a whole number'): number {
  const count = /^[+-]?\d+(?:\.\d+)?(?:e\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isInteger(count)) throw invalid(`${written}: expected ${expected}, got '${text}'.`);
  if (flag.max !== undefined && count > flag.max) {
    const reason = flag.maxReason === undefined ? '' : `: ${flag.maxReason}`;
    throw invalid(`${written} ${text}: at most ${flag.max}${reason}.`);
  }
  return atLeast(flag, written, text, count);
}

/** A share: 0.2 for `20%`. */
function parsePercent(written: string, text: string): number {
  const percent = /^\d+(?:\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN;
  if (Number.isFinite(percent)) return percent / 100;
  throw invalid(`${written}: expected a percentage such as 20%, got '${text}'.`);
}

function parseLimit(flag: Flag, written: string, text: string): number | string {
  if (text === 'unlimited') return Number.POSITIVE_INFINITY;
  if (flag.words?.includes(text)) return text;
  const count = parseCountOr(text);
  if (count === 0) throw invalid(`${written} 0: nothing could ever start. At least 1, or unlimited.`);
  // The first of its words is the one that all know; others belong to a single command.
  const words = [...(flag.words?.slice(0, 1) ?? []), 'unlimited'].join(' or ');
  return parseCount(flag, written, text, `a whole number, ${words}`);
}

function parseCountOr(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function atLeast(flag: Flag, written: string, text: string, value: number): number {
  const min = flag.min ?? 0;
  if (value >= min) return value;
  const unit = flag.kind === 'duration' ? 'ms' : '';
  const hint = flag.kind === 'duration' ? ' Leave it out for the default.' : '';
  throw invalid(`${written} ${text}: at least ${min}${unit}.${hint}`);
}

async function unknownFlag(command: CommandName, rawName: string): Promise<PacelineError> {
  const { nearest } = await import('../../base/nearest.ts');
  if (command === 'fetch' && NOT_YET.test(rawName)) {
    return unknown(`${rawName} does not exist yet in this version.`, command);
  }
  const guess = rawName.startsWith('--') ? nearest(rawName.slice(2), flagsOf(command)) : undefined;
  return unknown(
    `There is no flag ${rawName}.${guess === undefined ? '' : ` Did you mean --${guess}?`}`,
    command,
  );
}

function unknown(message: string, command: CommandName): PacelineError {
  return new PacelineError('ERR_OPTION_UNKNOWN', `${message} All flags: paceline ${command} --help`);
}

function invalid(message: string): PacelineError {
  return new PacelineError('ERR_OPTION_INVALID', message);
}
