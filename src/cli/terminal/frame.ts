// A block of lines at the bottom of a terminal that is rewritten in place. It knows what stands there, and writes only
// lines that have changed. Each rewriting is one text inside the brackets of synchronized output, so that a terminal
// that knows them never shows half of one; the others pass over them. It never clears the screen, only its own lines.
import { columnsOf } from '../../timeline/escape.ts';

const BEGIN = '\x1b[?2026h';
const END = '\x1b[?2026l';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
const COLOURS = /\x1b\[[\d;]*m/g;

export class Frame {
  #lines: readonly string[] = [];
  /** Of the terminal when they were written. */
  #columns = 0;

  /**
   * What to write so that these lines stand there, the cursor behind the last one; empty when they already do.
   * @param lines each narrower than the terminal, and fewer than it has rows
   * @param columns of the terminal, now
   */
  show(lines: readonly string[], columns: number): string {
    const before = this.#lines;
    const isSame = columns === this.#columns && before.length > 0;
    const text = isSame ? changes(before, lines) : this.#toTop(columns) + lines.join('\r\n');
    this.#lines = lines;
    this.#columns = columns;
    return text === '' ? '' : BEGIN + text + END;
  }

  /** As `show`, with a text above: lines that stay there, each with its line feed. */
  showBelow(text: string, columns: number): string {
    const lines = this.#lines;
    if (lines.length === 0) return text;
    const written = this.#toTop(columns) + text.replaceAll('\n', '\r\n') + lines.join('\r\n');
    this.#columns = columns;
    return BEGIN + written + END;
  }

  /** What to write so that nothing stands there; empty when nothing does. */
  erase(columns: number): string {
    if (this.#lines.length === 0) return '';
    const text = this.#toTop(columns);
    this.#lines = [];
    return BEGIN + text + END;
  }

  /** The lines stay; whatever is written next comes below them. */
  leave(): string {
    if (this.#lines.length === 0) return '';
    this.#lines = [];
    return '\r\n';
  }

  /** To where the first line began, and all of them away. A terminal made narrower has broken long lines anew. */
  #toTop(columns: number): string {
    if (this.#lines.length === 0) return '';
    let rows = 0;
    for (const line of this.#lines) rows += Math.max(1, Math.ceil(widthOf(line) / Math.max(1, columns)));
    return `${up(rows - 1)}\r${CLEAR_BELOW}`;
  }
}

/** From the last of the old lines to the last of the new ones; empty when they are alike. */
function changes(before: readonly string[], after: readonly string[]): string {
  let text = '';
  let row = before.length - 1;
  let rows = before.length;
  const goTo = (target: number): void => {
    if (target < row) text += up(row - target);
    else text += down(Math.min(target, rows - 1) - row);
    // Down to a row that is there already does not scroll; a new one may have to.
    text += '\r\n'.repeat(Math.max(0, target - (rows - 1)));
    rows = Math.max(rows, target + 1);
    row = target;
  };
  for (const [i, line] of after.entries()) {
    if (line === before[i]) continue;
    goTo(i);
    text += `\r${line}${CLEAR_LINE}`;
  }
  if (after.length < before.length) {
    goTo(after.length);
    text += `\r${CLEAR_BELOW}`;
  }
  if (text !== '') goTo(after.length - 1);
  return text;
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : '';
}

function down(rows: number): string {
  return rows > 0 ? `\x1b[${rows}B` : '';
}

function widthOf(line: string): number {
  return columnsOf(line.replace(COLOURS, ''));
}
