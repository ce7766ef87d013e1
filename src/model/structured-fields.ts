// The part of Structured Fields (RFC 9651) that `RateLimit` needs: Lists and Dictionaries of Items with Parameters.
// Strict, as the RFC asks: one character out of place, and the whole field counts for nothing. One pass, no regular
// expression over the text, and bounds on its length and on what it may hold.

/** A Token keeps its text as a String does; a Byte Sequence is left encoded; a Date is its seconds. */
export type BareItem =
  | { readonly type: 'integer' | 'decimal' | 'date'; readonly value: number }
  | { readonly type: 'string' | 'token' | 'bytes'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean };

export interface Item {
  readonly bare: BareItem;
  /** By name; the last of two with one name counts. */
  readonly parameters: ReadonlyMap<string, BareItem>;
}

export const FIELD_CHARS_MAX = 4096;
const MEMBERS_MAX = 64;

/** Members in order; undefined for what is no List of Items (an Inner List is none). An empty text is an empty List. */
export function parseList(text: string): readonly Item[] | undefined {
  const members: Item[] = [];
  return parseMembers(text, reader => members.push(reader.item())) ? members : undefined;
}

/** The last of two members with one name counts; undefined for what is no Dictionary of Items. */
export function parseDictionary(text: string): ReadonlyMap<string, Item> | undefined {
  const members = new Map<string, Item>();
  const isWhole = parseMembers(text, reader => {
    const key = reader.key();
    members.set(key, reader.take('=') ? reader.item() : { bare: YES, parameters: reader.parameters() });
  });
  return isWhole ? members : undefined;
}

const YES: BareItem = { type: 'boolean', value: true };
/** Thrown inside this file alone, to leave the text at the first character out of place. */
const MALFORMED = new Error('malformed');

function parseMembers(text: string, readMember: (reader: Reader) => void): boolean {
  if (text.length > FIELD_CHARS_MAX) return false;
  const reader = new Reader(text);
  try {
    reader.skip(' ');
    for (let count = 0; !reader.isAtEnd; count++) {
      if (count === MEMBERS_MAX) return false;
      readMember(reader);
      reader.skip(' \t');
      if (reader.isAtEnd) return true;
      reader.expect(',');
      reader.skip(' \t');
      if (reader.isAtEnd) return false; // a comma with nothing behind it
    }
    return true;
  } catch (error) {
    if (error === MALFORMED) return false;
    throw error;
  }
}

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const ALPHA = `${LOWER}${LOWER.toUpperCase()}`;
const KEY_START = `${LOWER}*`;
const KEY = `${LOWER}${DIGITS}_-.*`;
const TOKEN_START = `${ALPHA}*`;
const TOKEN = `${ALPHA}${DIGITS}!#$%&'*+-.^_\`|~:/`;
const BASE64 = `${ALPHA}${DIGITS}+/=`;
const PARAMETERS_MAX = 32;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  skip(set: string): void {
    while (this.#isNext(set)) this.#at++;
  }

  take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  expect(character: string): void {
    if (!this.take(character)) throw MALFORMED;
  }

  item(): Item {
    return { bare: this.#bareItem(), parameters: this.parameters() };
  }

  parameters(): ReadonlyMap<string, BareItem> {
    const parameters = new Map<string, BareItem>();
    while (this.take(';')) {
      if (parameters.size === PARAMETERS_MAX) throw MALFORMED;
      this.skip(' ');
      const key = this.key();
      parameters.set(key, this.take('=') ? this.#bareItem() : YES);
    }
    return parameters;
  }

  key(): string {
    return this.#word(KEY_START, KEY);
  }

  #bareItem(): BareItem {
    if (this.take('"')) return { type: 'string', value: this.#string() };
    if (this.take(':')) {
      const value = this.#run(BASE64);
      this.expect(':');
      return { type: 'bytes', value };
    }
    if (this.take('?')) {
      const value = this.take('1');
      if (!value) this.expect('0');
      return { type: 'boolean', value };
    }
    if (this.take('@')) {
      const date = this.#number();
      if (date.type !== 'integer') throw MALFORMED;
      return { type: 'date', value: date.value };
    }
    if (this.#isNext(`${DIGITS}-`)) return this.#number();
    return { type: 'token', value: this.#word(TOKEN_START, TOKEN) };
  }

  /** At most 15 digits, or 12 and 3 behind a point, so that every value is exact. */
  #number(): { type: 'integer' | 'decimal'; value: number } {
    const sign = this.take('-') ? -1 : 1;
    const whole = this.#run(DIGITS);
    const hasPoint = this.take('.');
    const fraction = hasPoint ? this.#run(DIGITS) : '';
    const fits = hasPoint ? whole.length <= 12 && fraction.length >= 1 && fraction.length <= 3 : true;
    if (whole.length < 1 || whole.length > 15 || !fits) throw MALFORMED;
    const value = sign * Number(`${whole}.${fraction}`) + 0; // no negative zero
    return { type: hasPoint ? 'decimal' : 'integer', value };
  }

  /** Printable ASCII; only `"` and `\` may be escaped, and must be. */
  #string(): string {
    let value = '';
    while (!this.take('"')) {
      const isEscaped = this.take('\\');
      if (isEscaped && !this.#isNext('"\\')) throw MALFORMED;
      const character = this.#text[this.#at++];
      if (character === undefined || character < ' ' || character > '~') throw MALFORMED;
      value += character;
    }
    return value;
  }

  #word(first: string, others: string): string {
    if (!this.#isNext(first)) throw MALFORMED;
    return this.#run(others);
  }

  /** The longest run of characters of `set` from here, perhaps empty. */
  #run(set: string): string {
    const start = this.#at;
    this.skip(set);
    return this.#text.slice(start, this.#at);
  }

  #isNext(set: string): boolean {
    const character = this.#text[this.#at];
    return character !== undefined && set.includes(character);
  }
}
