// What the value of a check is a value of: how its text is read, and how what was seen beside it is written.
import { formatDuration, formatSize, parseDuration, parseSize } from '../base/units.ts';
import { OUTCOMES, type OutcomeKind } from '../model/outcome.ts';
import type { CheckText, Piece } from './check-text.ts';

export interface Unit {
  /** @throws ERR_OPTION_INVALID with a mark under the value */
  read(check: CheckText): number;
  /** `bound` is what it is compared with: near it, more digits are shown. */
  show(value: number, bound: number): string;
}

export const COUNT: Unit = {
  read: check => wholeNumber(check, check.value, 'a whole number such as 0 or 20'),
  show: String,
};

export const STATUS: Unit = { read: check => statusOf(check, check.value), show: String };

export const SPAN: Unit = {
  read: check => check.parsed(parseDuration),
  show: (ms, boundMs) => (isNear(ms, boundMs) ? `${Number(ms.toFixed(3))} ms` : formatDuration(ms)),
};

export const SIZE: Unit = {
  read: check => check.parsed(parseSize),
  show: (bytes, bound) => (isNear(bytes, bound) ? `${bytes} B` : formatSize(bytes)),
};

/** Three digits of the one would read like the other. */
function isNear(value: number, bound: number): boolean {
  return Math.abs(value - bound) <= bound / 50;
}

/** @throws ERR_OPTION_INVALID for what is no status from 100 to 599 */
export function statusOf(check: CheckText, piece: Piece): number {
  const status = /^[0-9]{3}$/.test(piece.text) ? Number(piece.text) : 0;
  if (status < 100 || status > 599) {
    throw check.error(piece.at, `expected a status from 100 to 599, got '${piece.text}'.`);
  }
  return status;
}

/** @throws ERR_OPTION_INVALID naming the nearest outcome there is */
export function outcomeOf(check: CheckText, piece: Piece): OutcomeKind {
  const kind = OUTCOMES.find(outcome => outcome === piece.text);
  if (kind === undefined) throw check.unknown(piece, OUTCOMES, `there is no outcome '${piece.text}'.`);
  return kind;
}

/** @throws ERR_OPTION_INVALID for what is not digits alone, or too many */
export function wholeNumber(check: CheckText, piece: Piece, expected: string): number {
  if (!/^[0-9]{1,15}$/.test(piece.text)) {
    throw check.error(piece.at, `expected ${expected}, got '${piece.text}'.`);
  }
  return Number(piece.text);
}
