// A small terminal: what stands on its screen and above it after some bytes, and a complaint about every code that a
// picture which is rewritten in place has no business with.
import assert from 'node:assert/strict';
import { columnsOf } from '../../src/timeline/escape.ts';

const CSI = /^\x1b\[([?\d;]*)([A-Za-z])/;

export class TerminalEmulator {
  #columns: number;
  #rows: number;
  /** All lines that there are: the last `#rows` of them are the screen, once there are so many. */
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;
  isSynchronized = false;
  /** Text that is not rewritten may fill its lines. */
  readonly #leftFree: number;

  constructor(columns: number, rows: number, { mayFillLines = false } = {}) {
    this.#columns = columns;
    this.#rows = rows;
    this.#leftFree = mayFillLines ? 0 : 1;
  }

  /** All that can be seen, also by scrolling up; without the empty lines at its end. */
  lines(): string[] {
    const lines = this.#lines.map(cells => cells.join('').trimEnd());
    return lines.slice(0, lines.findLastIndex(line => line !== '') + 1);
  }

  /** Cells on the screen that show something. */
  get shown(): number {
    return this.#lines
      .slice(this.#top)
      .map(cells => cells.join(''))
      .join('')
      .replaceAll(' ', '').length;
  }

  write(text: string): void {
    for (let rest = text; rest !== ''; ) {
      const code = CSI.exec(rest);
      if (code) {
        this.#obey(code[1] as string, code[2] as string);
        rest = rest.slice(code[0].length);
        continue;
      }
      const [character = ''] = rest;
      rest = rest.slice(character.length);
      if (character === '\r') this.#column = 0;
      else if (character === '\n') this.#lineFeed();
      else this.#put(character);
    }
  }

  /** @param reflows whether lines that have become too long are broken anew, as most terminals do; else they are cut */
  resize(columns: number, rows: number, { reflows }: { readonly reflows: boolean }): void {
    if (reflows && columns < this.#columns) this.#reflow(columns);
    else if (!reflows) for (const line of this.#lines) line.length = Math.min(line.length, columns);
    this.#columns = columns;
    this.#rows = rows;
    this.#column = Math.min(this.#column, columns - 1);
  }

  get #top(): number {
    return Math.max(0, this.#lines.length - this.#rows);
  }

  #reflow(columns: number): void {
    const lines: string[][] = [];
    let row = 0;
    for (const [at, line] of this.#lines.entries()) {
      for (let from = 0; from === 0 || from < line.length; from += columns) {
        const part = line.slice(from, from + columns);
        lines.push(part);
      }
      if (at === this.#row) row = lines.length - 1;
    }
    this.#column %= columns;
    this.#lines = lines;
    this.#row = row;
  }

  #obey(parameters: string, letter: string): void {
    const count = Number(parameters || 1);
    const line = this.#line();
    if (letter === 'A') this.#row = Math.max(this.#top, this.#row - count);
    else if (letter === 'B') this.#row = Math.min(this.#lines.length - 1, this.#row + count);
    else if (letter === 'K') line.length = Math.min(line.length, this.#column);
    else if (letter === 'J') {
      assert.equal(parameters, '', 'only what is below may be cleared');
      line.length = Math.min(line.length, this.#column);
      this.#lines.length = this.#row + 1;
    } else if (parameters === '?2026') this.isSynchronized = letter === 'h';
    else assert.equal(letter, 'm', `no business with CSI ${parameters}${letter}`);
  }

  #lineFeed(): void {
    this.#row++;
    if (this.#row === this.#lines.length) this.#lines.push([]);
  }

  #put(character: string): void {
    assert.ok(character >= ' ', `no business with ${JSON.stringify(character)}`);
    assert.equal(columnsOf(character), 1, `${character} is wide`);
    assert.ok(this.#column < this.#columns - this.#leftFree, 'the last column stays free');
    const line = this.#line();
    while (line.length < this.#column) line.push(' ');
    line[this.#column++] = character;
  }

  #line(): string[] {
    return this.#lines[this.#row] as string[];
  }
}
