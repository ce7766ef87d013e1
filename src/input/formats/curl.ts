// curl's two written forms, told apart by the first line that says something: a config file as for `curl -K`, or
// command lines that begin with `curl`, as browsers copy them.
import { PacelineError } from '../../base/errors.ts';
import type { RequestDefaults } from '../defaults.ts';
import { CurlOperation, invalidOperation, WAITING_URLS_MAX } from './curl-operation.ts';
import { byLine, type Emit, type LineReader, lostLine, type OpenFormat } from './format.ts';
import { type ShellCommand, ShellWords } from './shell-words.ts';

const COMMAND = /^(?:\S*\/)?curl(?:\.exe)?(?:\s|$)(?!\s*[=:])/;

export const openCurl: OpenFormat = ({ name, defaults }) =>
  byLine(name, emit => new CurlReader(defaults, emit));

class CurlReader implements LineReader {
  readonly #defaults: RequestDefaults;
  readonly #emit: Emit;
  #reader: LineReader | null = null;

  constructor(defaults: RequestDefaults, emit: Emit) {
    this.#defaults = defaults;
    this.#emit = emit;
  }

  line(text: string, place: string): void {
    const start = text.trimStart();
    if (this.#reader === null && (start === '' || start.startsWith('#'))) return;
    this.#open(COMMAND.test(start)).line(text, place);
  }

  lost(place: string): void {
    this.#open(true).lost(place);
  }

  end(): void {
    this.#reader?.end();
  }

  #open(isCommands: boolean): LineReader {
    this.#reader ??= isCommands
      ? new CommandReader(this.#defaults, this.#emit)
      : new ConfigReader(this.#defaults, this.#emit);
    return this.#reader;
  }
}

/** `curl …` lines, each in the words of a shell. */
class CommandReader implements LineReader {
  readonly #defaults: RequestDefaults;
  readonly #emit: Emit;
  readonly #words: ShellWords;

  constructor(defaults: RequestDefaults, emit: Emit) {
    this.#defaults = defaults;
    this.#emit = emit;
    this.#words = new ShellWords(command => this.#take(command));
  }

  line(text: string, place: string): void {
    this.#words.line(text, place);
  }

  lost(place: string): void {
    this.#words.giveUp('a line of the command is longer than 1 MiB; put the body into a file.', place);
  }

  end(): void {
    this.#words.end();
  }

  #take({ words, place, problem }: ShellCommand): void {
    const [program = '', ...rest] = words;
    let operation = new CurlOperation(this.#defaults);
    if (problem) operation.fail(problem, place);
    else if (!COMMAND.test(program)) {
      const error = new PacelineError('ERR_INPUT_FIELD', "expected a command that begins with 'curl'.");
      this.#emit(invalidOperation(error, place));
      return;
    }
    const finish = (): void => {
      for (const input of operation.takeInputs(place)) this.#emit(input);
      operation = new CurlOperation(this.#defaults);
    };
    let isOnlyUrls = false;
    for (let at = 0; at < rest.length; at++) {
      const word = rest[at] as string;
      if (isOnlyUrls || !word.startsWith('-') || word === '-') operation.addUrl(word, place);
      else if (word === '--') isOnlyUrls = true;
      else {
        const took = operation.addOption(word, rest[at + 1], place);
        if (took === 'value') at++;
        if (took === 'next') finish();
      }
    }
    finish();
  }
}

/** A line is an option and its value: `url = "https://…"`, `-H "x: y"`, `next`. */
class ConfigReader implements LineReader {
  readonly #defaults: RequestDefaults;
  readonly #emit: Emit;
  #operation: CurlOperation;
  /** URLs of this operation have been handed on: what comes now would be too late for them. */
  #hasBegun = false;
  #place = '';

  constructor(defaults: RequestDefaults, emit: Emit) {
    this.#defaults = defaults;
    this.#emit = emit;
    this.#operation = new CurlOperation(defaults);
  }

  line(text: string, place: string): void {
    const line = text.trim();
    if (line === '' || line.startsWith('#')) return;
    this.#place = place;
    let option: { word: string; value: string | undefined };
    try {
      option = configLine(line);
    } catch (error) {
      this.#operation.fail(error, place);
      return;
    }
    const urlsBefore = this.#operation.urlCount;
    const took = this.#operation.addOption(option.word, option.value, place);
    if (took === 'next') this.#finish();
    else if (took === 'alone' && option.value !== undefined) {
      this.#operation.fail(refuse(`curl's ${option.word} takes no value.`), place);
    } else if (this.#hasBegun && this.#operation.urlCount === urlsBefore) {
      this.#operation.fail(refuse(`more than ${WAITING_URLS_MAX} URLs stand before this option.`), place);
    } else if (this.#operation.urlCount >= WAITING_URLS_MAX) {
      this.#hasBegun = true;
      for (const input of this.#operation.takeInputs(place)) this.#emit(input);
    }
  }

  lost(place: string): void {
    this.#emit(lostLine(place));
    this.#operation.fail(refuse('an option before this is longer than 1 MiB.'), place);
  }

  end(): void {
    if (!this.#operation.isEmpty) this.#finish();
  }

  #finish(): void {
    if (!this.#hasBegun || this.#operation.urlCount > 0) {
      for (const input of this.#operation.takeInputs(this.#place)) this.#emit(input);
    }
    this.#operation = new CurlOperation(this.#defaults);
    this.#hasBegun = false;
  }
}

const CONFIG_LINE = /^(-\S*|[^\s:=]+)(?:([\s:=]+)(.*))?$/s;
const QUOTED = /^"((?:[^"\\]|\\.)*)"/s;
const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', v: '\v' };

/** @throws ERR_INPUT_FIELD */
function configLine(line: string): { word: string; value: string | undefined } {
  const [, name = '', separator = '', rest = ''] = CONFIG_LINE.exec(line) ?? [];
  if (name === '') throw refuse('expected an option such as url = "https://example.com/".');
  const isDashed = name.startsWith('-');
  const word = isDashed ? name : `--${name}`;
  // Behind a dashed option, `:` and `=` belong to the value.
  const given = isDashed ? separator.trimStart() + rest : rest;
  if (given.startsWith('"')) {
    const quoted = QUOTED.exec(given)?.[1];
    if (quoted === undefined) throw refuse(`the quote of ${word} is not closed on its line.`);
    return { word, value: quoted.replace(/\\(.)/gs, (_, char: string) => ESCAPES[char] ?? char) };
  }
  const [value = '', ...more] = given.split(/\s+/);
  if (more.length > 0 && !more[0]?.startsWith('#')) {
    throw refuse(`the value of ${word} has spaces in it; write it in double quotes.`);
  }
  return { word, value: value === '' ? undefined : value };
}

function refuse(message: string): PacelineError {
  return new PacelineError('ERR_INPUT_FIELD', message);
}
