// Command lines cut into words as a POSIX shell (and bash's $'…') would, line by line, for text such as browsers
// give with "copy as cURL". Nothing is run and nothing expanded: what a shell would put in the place of a variable
// or of another command cannot be known here, so the command that holds it is marked.
import { PacelineError } from '../../base/errors.ts';

export interface ShellCommand {
  readonly words: readonly string[];
  /** Where its first word stands. */
  readonly place: string;
  /** Why its words are not what a shell would make of it; null when they are. */
  readonly problem: PacelineError | null;
}

/** Longest command, over all its lines, in characters. */
export const COMMAND_CHARS_MAX = 4 * 1024 ** 2;

const ORDINARY = /[^\s'"$`\\#;&|<>()]+/y;
const ORDINARY_IN_DOUBLE = /[^"\\$`]+/y;
const EXPANSION = /^\$[A-Za-z_0-9({@*#?!$-]/;
const CODE_POINT = /\\(?:u([0-9a-f]{1,4})|U([0-9a-f]{1,8}))/iy;
const BYTES = /(?:\\x[0-9a-fA-F]{1,2}|\\[0-7]{1,3})+/y;
const ONE_BYTE = /\\x([0-9a-fA-F]{1,2})|\\([0-7]{1,3})/g;
const LETTERS: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', e: '\x1b', E: '\x1b', f: '\f', v: '\v' },
  ...{ '\\': '\\', "'": "'", '"': '"', '?': '?' },
};

export class ShellWords {
  readonly #onCommand: (command: ShellCommand) => void;
  #words: string[] = [];
  /** The word that is being read; null between words. */
  #word: string | null = null;
  #quote: '' | "'" | '"' | "$'" = '';
  #place = '';
  #charCount = 0;
  #problem: PacelineError | null = null;
  /** The next word is where output goes: no part of the command. */
  #isTarget = false;
  /** Behind a pipe: another program's words. */
  #isPiped = false;
  #continues = false;
  /** After something unreadable, until a line begins a command again. */
  #isPassingOver = false;

  constructor(onCommand: (command: ShellCommand) => void) {
    this.#onCommand = onCommand;
  }

  line(text: string, place: string): void {
    if (this.#isPassingOver && !/^\s*curl\s/.test(text)) return;
    this.#isPassingOver = false;
    if (this.#isBetween()) this.#place = place;
    this.#charCount += text.length;
    if (this.#charCount > COMMAND_CHARS_MAX) {
      this.giveUp(
        `the command is longer than ${COMMAND_CHARS_MAX / 1024 ** 2} MiB; is a quote not closed?`,
        place,
      );
      return;
    }
    this.#continues = false;
    for (let at = 0; at < text.length; ) at = this.#step(text, at, place);
    if (this.#quote !== '') this.#add(this.#continues ? '' : '\n');
    else if (!this.#continues) this.#endCommand();
  }

  /** Ends the command that is being read as unreadable, and passes over what follows up to the next. */
  giveUp(why: string, place: string): void {
    if (this.#isPassingOver) return;
    if (this.#isBetween()) this.#place = place;
    this.#problem = new PacelineError('ERR_INPUT_TOO_LONG', why);
    this.#endCommand();
    this.#isPassingOver = true;
  }

  /** Harmless when the last command is whole. */
  end(): void {
    if (this.#quote !== '') this.#mark(`the quote ${this.#quote} is never closed.`);
    this.#endCommand();
  }

  /** Whether no command has begun. */
  #isBetween(): boolean {
    return this.#words.length === 0 && this.#word === null && this.#problem === null;
  }

  #step(text: string, at: number, place: string): number {
    if (this.#quote === "'") return this.#inSingle(text, at);
    if (this.#quote === '"') return this.#inDouble(text, at);
    if (this.#quote === "$'") return this.#inDollar(text, at);
    if (this.#isBetween()) this.#place = place;
    return this.#plain(text, at);
  }

  #plain(text: string, at: number): number {
    const char = text[at] as string;
    const next = text[at + 1];
    switch (char) {
      case "'":
      case '"':
        this.#add('');
        this.#quote = char;
        return at + 1;
      case '$':
        return this.#dollar(text, at);
      case '`':
        return this.#expansion('`', at);
      case '\\':
        if (next === undefined) this.#continues = true;
        else this.#add(next);
        return at + 2;
      case '#':
        if (this.#word === null) return text.length;
        this.#add(char);
        return at + 1;
      case ';':
      case '&':
        this.#endCommand();
        return at + 1;
      case '|':
        this.#endWord();
        this.#isPiped = true;
        return at + 1;
      case '>':
        if (this.#word !== null && /^\d$/.test(this.#word)) this.#word = null;
        this.#endWord();
        this.#isTarget = true;
        return at + (/^>[>&|]/.test(text.slice(at, at + 2)) ? 2 : 1);
      case '<':
      case '(':
      case ')':
        if (!this.#isPiped) this.#mark(`a shell would take the unquoted ${char} as its own.`);
        return at + 1;
      default:
        return this.#ordinary(text, at);
    }
  }

  #ordinary(text: string, at: number): number {
    ORDINARY.lastIndex = at;
    const run = ORDINARY.exec(text)?.[0];
    if (run === undefined) {
      this.#endWord();
      return at + 1;
    }
    this.#add(run);
    return at + run.length;
  }

  #inSingle(text: string, at: number): number {
    const close = text.indexOf("'", at);
    this.#add(text.slice(at, close === -1 ? text.length : close));
    if (close === -1) return text.length;
    this.#quote = '';
    return close + 1;
  }

  #inDouble(text: string, at: number): number {
    const char = text[at] as string;
    const next = text[at + 1];
    if (char === '"') {
      this.#quote = '';
      return at + 1;
    }
    if (char === '`') return this.#expansion(char, at);
    if (char === '$') {
      if (EXPANSION.test(text.slice(at, at + 2))) return this.#expansion(text.slice(at, at + 20), at);
      this.#add(char);
      return at + 1;
    }
    if (char === '\\') {
      if (next === undefined) this.#continues = true;
      else this.#add('$`"\\'.includes(next) ? next : char + next);
      return at + 2;
    }
    ORDINARY_IN_DOUBLE.lastIndex = at;
    const run = ORDINARY_IN_DOUBLE.exec(text)?.[0] ?? '';
    this.#add(run);
    return at + run.length;
  }

  #inDollar(text: string, at: number): number {
    const stop = /['\\]/g;
    stop.lastIndex = at;
    const found = stop.exec(text)?.index ?? text.length;
    this.#add(text.slice(at, found));
    if (found === text.length) return found;
    if (text[found] === '\\') return this.#escape(text, found);
    this.#quote = '';
    return found + 1;
  }

  /** Bytes are joined before they are read as UTF-8: one character may be written as several of them. */
  #escape(text: string, at: number): number {
    BYTES.lastIndex = at;
    const bytes = BYTES.exec(text)?.[0];
    if (bytes !== undefined) {
      const values = [...bytes.matchAll(ONE_BYTE)].map(([, hex, octal]) =>
        hex === undefined ? Number.parseInt(octal ?? '', 8) & 255 : Number.parseInt(hex, 16),
      );
      const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(values));
      if (decoded.includes('\ufffd')) this.#mark('bytes that are not UTF-8; put the body into a file.');
      this.#add(decoded);
      return at + bytes.length;
    }
    CODE_POINT.lastIndex = at;
    const point = CODE_POINT.exec(text);
    if (point) {
      const value = Number.parseInt(point[1] ?? point[2] ?? '', 16);
      this.#add(value <= 0x10ffff ? String.fromCodePoint(value) : '\ufffd');
      return at + point[0].length;
    }
    const letter = text[at + 1];
    this.#add(letter === undefined ? '\\' : (LETTERS[letter] ?? `\\${letter}`));
    return at + 2;
  }

  #dollar(text: string, at: number): number {
    const next = text[at + 1];
    if (next === "'" || next === '"') {
      this.#add('');
      this.#quote = next === "'" ? "$'" : '"';
      return at + 2;
    }
    if (EXPANSION.test(text.slice(at, at + 2))) return this.#expansion(text.slice(at, at + 20), at);
    this.#add('$');
    return at + 1;
  }

  #expansion(what: string, at: number): number {
    if (!this.#isPiped) {
      this.#mark(`${what.split(/[\s"'/]/)[0]} is for a shell to fill in; write its value, in single quotes.`);
    }
    this.#add('$');
    return at + 1;
  }

  #add(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  #mark(why: string): void {
    this.#problem ??= new PacelineError('ERR_INPUT_FIELD', why);
  }

  #endWord(): void {
    if (this.#word === null) return;
    if (!this.#isTarget && !this.#isPiped) this.#words.push(this.#word);
    this.#isTarget = false;
    this.#word = null;
  }

  #endCommand(): void {
    this.#endWord();
    const command = { words: this.#words, place: this.#place, problem: this.#problem };
    this.#words = [];
    this.#problem = null;
    this.#quote = '';
    this.#charCount = 0;
    this.#isTarget = false;
    this.#isPiped = false;
    if (command.words.length > 0 || command.problem) this.#onCommand(command);
  }
}
