// The text of a `--check`: a name, perhaps something in parentheses, a comparison and a value. Read by hand in one
// pass; whatever is out of place is shown with a mark under it.
import { PacelineError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';

export const OPERATORS = ['<=', '>=', '==', '!=', '<', '>'] as const;
export type Operator = (typeof OPERATORS)[number];

/** A piece of the text, and where it begins. */
export interface Piece {
  readonly text: string;
  readonly at: number;
}

const CHARS_MAX = 200;
const LETTERS = /^[A-Za-z_]$/;
const LETTERS_OR_DIGITS = /^[A-Za-z0-9_]$/;

export class CheckText {
  readonly metric: Piece;
  /** Between the parentheses behind the name; null without parentheses. */
  readonly argument: Piece | null;
  readonly operator: Operator;
  readonly value: Piece;
  readonly #text: string;
  readonly #name: string;
  #at = 0;

  /** @throws ERR_OPTION_INVALID for what is no comparison */
  constructor(text: string, name: string) {
    this.#text = text;
    this.#name = name;
    if (text.length > CHARS_MAX) {
      throw new PacelineError(
        'ERR_OPTION_INVALID',
        `${name}: a check has at most ${CHARS_MAX} characters, this one has ${text.length}.`,
      );
    }
    this.#skipBlanks();
    this.metric = this.#word();
    this.argument = this.#argument();
    this.operator = this.#operator();
    this.value = { text: text.slice(this.#at).trim(), at: this.#at };
    if (this.value.text === '') throw this.error(this.#at, `a value is missing after ${this.operator}.`);
  }

  /** ERR_OPTION_INVALID with a mark under the place. */
  error(at: number, problem: string): PacelineError {
    return new PacelineError('ERR_OPTION_INVALID', `${this.#name}: ${problem}${this.#marked(at)}`);
  }

  /** As `error`, for a word that is none of `known`. */
  unknown(piece: Piece, known: readonly string[], problem: string): PacelineError {
    const guess = nearest(piece.text.toLowerCase(), known);
    const hint = guess === undefined ? ` Known are ${known.join(', ')}.` : ` Did you mean ${guess}?`;
    return this.error(piece.at, `${problem}${hint}`);
  }

  /** What `parse` makes of the value; what it throws gets the mark too. */
  parsed(parse: (text: string, name: string) => number): number {
    try {
      return parse(this.value.text, this.#name);
    } catch (error) {
      if (!(error instanceof PacelineError)) throw error;
      throw new PacelineError(error.code, `${error.message}${this.#marked(this.value.at)}`);
    }
  }

  /** Nothing for a text whose characters may not be one column each: the mark would point elsewhere. */
  #marked(at: number): string {
    return /^[\x20-\x7eµ]*$/.test(this.#text) ? `\n  ${this.#text}\n  ${' '.repeat(at)}^` : '';
  }

  #word(): Piece {
    const at = this.#at;
    if (!LETTERS.test(this.#text[at] ?? '')) {
      throw this.error(at, 'a check begins with what is measured, such as status<400 or p95<2s.');
    }
    while (LETTERS_OR_DIGITS.test(this.#text[this.#at] ?? '')) this.#at++;
    const piece = { text: this.#text.slice(at, this.#at), at };
    this.#skipBlanks();
    return piece;
  }

  #argument(): Piece | null {
    if (this.#text[this.#at] !== '(') return null;
    const open = this.#at++;
    this.#skipBlanks();
    const at = this.#at;
    const end = this.#text.indexOf(')', at);
    if (end === -1) throw this.error(open, 'this parenthesis is not closed.');
    this.#at = end + 1;
    this.#skipBlanks();
    return { text: this.#text.slice(at, end).trim(), at };
  }

  #operator(): Operator {
    const operator = OPERATORS.find(candidate => this.#text.startsWith(candidate, this.#at));
    if (operator === undefined) {
      const isAssignment = this.#text[this.#at] === '=';
      const problem = isAssignment
        ? 'to compare, write ==.'
        : 'a comparison is expected here: < <= > >= == or !=.';
      throw this.error(this.#at, problem);
    }
    this.#at += operator.length;
    this.#skipBlanks();
    return operator;
  }

  #skipBlanks(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++;
  }
}

/** As JavaScript compares numbers. */
export function compare(left: number, operator: Operator, right: number): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '==':
      return left === right;
    case '!=':
      return left !== right;
  }
}
