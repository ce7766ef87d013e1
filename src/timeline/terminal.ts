// The picture of a run for a terminal: what each request or lane did, how many were at the server, an axis, and a
// computed caption. It teaches by thickness: thick is work, thin is waiting.
import { atServerLevels, levelGlyph, levelInk, peakText } from './at-server.ts';
import { captionParts, type TitledRun, titleParts } from './caption.ts';
import { type Cell, failureCell, laneCell, openCell, requestCell, sliverCell } from './cells.ts';
import type { Drawable } from './drawable.ts';
import { columnsOf, terminalSafe } from './escape.ts';
import type { LoopStrip } from './event-loops.ts';
import { type LaidRow, type Layout, layOut, type RowMode, type WordsBehind, widestWords } from './layout.ts';
import { limitCells, limitWords } from './limit-line.ts';
import { KIND_LABELS } from './looks.ts';
import { loopCells, loopLabel, loopsShown, loopWords } from './loop-lines.ts';
import {
  type Charset,
  type ColorDepth,
  InkedLine,
  MARK_LOOKS,
  MARKS,
  OPEN_LOOK,
  SLICE_LOOKS,
} from './palette.ts';
import type { PictureFacts } from './picture.ts';
import { axisTicks, type Scale, sharedScale } from './scale.ts';
import { type ServerLine, serverLines } from './server-lines.ts';
import { SLICE_KINDS } from './slices.ts';
import { inCharset, wrapped } from './wrapped.ts';

export interface TerminalOptions {
  /** Columns of the terminal. Up to 200 are used; below 40 only the at-server line and the caption are drawn. */
  readonly width: number;
  /** Most rows for requests or lanes in one picture; the lines around them come on top. @default 24 */
  readonly rows?: number;
  readonly charset: Charset;
  readonly color: ColorDepth;
  /** What stands under the picture in the place of its computed caption; an empty list for nothing. */
  readonly caption?: readonly string[];
  /** What the rows are, where somebody has chosen. */
  readonly mode?: RowMode | undefined;
  /** Most rows for the workers of the server. @default 0 */
  readonly serverRows?: number;
}

export interface DrawnRun {
  readonly run: TitledRun;
  readonly picture: Drawable;
}

const WIDTH_MAX = 200;
const WIDTH_MIN = 40;
const ROWS = 24;
/** From this width on there is room for words behind the rows. */
const WIDE = 72;

/** One run: title, rows, at-server line, axis, caption, legend; lines without line feeds. */
export function drawTerminal(drawn: DrawnRun, options: TerminalOptions): string[] {
  return drawTerminals([drawn], options);
}

/** Several runs one below another on one scale, with one legend for all. */
export function drawTerminals(runs: readonly DrawnRun[], options: TerminalOptions): string[] {
  const scale = sharedScale(runs.map(({ picture }) => picture.extent()));
  const seen = new Set<string>();
  const lines: string[] = [];
  for (const drawn of runs) {
    if (lines.length > 0) lines.push('');
    lines.push(...new Panel(drawn, scale, options, seen).lines());
  }
  return [...lines, ...legendLines(seen, options)];
}

class Panel {
  readonly #run: TitledRun;
  readonly #facts: PictureFacts;
  readonly #layout: Layout;
  readonly #scale: Scale;
  readonly #options: TerminalOptions;
  readonly #seen: Set<string>;
  readonly #width: number;
  readonly #labelWidth: number;
  readonly #columns: number;
  readonly #loops: readonly LoopStrip[];
  readonly #server: readonly ServerLine[];

  constructor({ run, picture }: DrawnRun, scale: Scale, options: TerminalOptions, seen: Set<string>) {
    this.#run = run;
    this.#facts = picture.facts();
    this.#scale = scale;
    this.#options = options;
    this.#seen = seen;
    this.#width = usedWidth(options);
    this.#loops = loopsShown(this.#facts);
    // They stand under the rows, and where rows are counted they are rows, too.
    const under = this.#loops.length + (this.#facts.limitSteps.length > 0 ? 1 : 0);
    const rowsMax = options.rows === undefined ? ROWS : options.rows - under;
    const size = { rows: Math.max(1, rowsMax), scale, mode: options.mode };
    const { labels, rows } = widestWords(picture, size.rows, size.mode);
    const loops = this.#loops.map(strip => loopLabel(strip, this.#loops));
    const labelled = this.#width < WIDTH_MIN ? [] : [...labels, ...loops].map(label => label.length + 1);
    this.#labelWidth = Math.max(7, Math.min(Math.floor(this.#width / 3), Math.max(0, ...labelled)));
    const words = [
      peakText(this.#facts),
      limitWords(this.#facts.limitSteps),
      ...this.#loops.map(strip => loopWords(strip, true)),
    ];
    const behind = Math.max(...[...words, ...rows.map(row => this.#behind(row))].map(columnsOf));
    const behindColumns = this.#width < WIDE ? 9 : Math.min(24, Math.max(16, behind + 1));
    this.#columns = Math.max(4, this.#width - this.#labelWidth - 3 - behindColumns);
    this.#layout = layOut(picture, { ...size, columns: this.#columns });
    const { serverRows = 0, charset } = options;
    this.#server = serverLines(picture, { rows: serverRows, columns: this.#columns, scale, charset });
  }

  lines(): string[] {
    const title = wrapped(titleParts(this.#run, this.#facts), {
      width: this.#width,
      indent: '',
      ...this.#words(),
    });
    const caption = wrapped(this.#captionParts(), { width: this.#width, indent: '  ', ...this.#words() });
    const titled = title.map(line => new InkedLine(this.#options.color).put(line, 'strong').end());
    if (this.#facts.requests === 0) return [...titled, ...caption];
    if (this.#options.width < WIDTH_MIN) return [this.#atServer(), ...caption];
    const server = this.#server.map(({ label, cells, behind }) => this.#line(label, cells, behind));
    const under = [...server, this.#atServer(), ...this.#foundLimit()];
    under.push(...this.#loopLines(), this.#axis(), ...caption);
    return [...titled, ...this.#rows(), ...this.#failures(), ...under];
  }

  #captionParts(): readonly string[] {
    if (this.#options.caption) return this.#options.caption;
    const peak = this.#width >= WIDE ? [] : [`at srv ${peakText(this.#facts)}`];
    return [...captionParts(this.#facts), ...(this.#facts.attempts > 0 ? peak : [])];
  }

  #words(): { charset: Charset } {
    return { charset: this.#options.charset };
  }

  #rows(): string[] {
    return this.#layout.rows.map((row, i) => {
      const cells = this.#rowCells(i, row);
      return this.#line(row.label, cells, this.#behind(row));
    });
  }

  /** How long it took or how much it carried, and how it ended where there is room for words. */
  #behind(row: WordsBehind): string {
    return this.#width >= WIDE && row.ending !== '' ? `${row.total} ${row.ending}` : row.total;
  }

  #rowCells(row: number, { lanes, openAtMs }: LaidRow): Cell[] {
    const { grid, mode } = this.#layout;
    const charset = this.#options.charset;
    const cellOf = mode === 'requests' ? requestCell : laneCell;
    const cells = Array.from({ length: this.#columns }, (_, column) =>
      cellOf(grid, { row, column, lanes, charset }),
    );
    const sliver = cells.some(cell => cell.glyph !== ' ') ? null : sliverCell(grid, row, charset);
    if (sliver) cells[sliver.column] = sliver.cell;
    if (openAtMs !== undefined) cells[grid.columnOf(openAtMs)] = openCell(charset);
    return cells;
  }

  /** Rows of lanes, or of some requests, hide a failure among many; this line hides none. */
  #failures(): string[] {
    const { grid, all, mode } = this.#layout;
    if (mode === 'requests' && grid === all) return [];
    const charset = this.#options.charset;
    const cells = Array.from({ length: this.#columns }, (_, column) => failureCell(all, column, charset));
    return cells.some(cell => cell.means !== null) ? [this.#line('failed', cells, '')] : [];
  }

  #atServer(): string {
    const { charset } = this.#options;
    const cells = atServerLevels(this.#layout.all).map(level => ({
      glyph: levelGlyph(level, this.#scale.atServerMax, charset),
      ink: levelInk(level, this.#facts.capacity),
      means: null,
    }));
    return this.#line('at srv', cells, this.#width >= WIDE ? peakText(this.#facts) : '');
  }

  #foundLimit(): string[] {
    const { limitSteps: steps, wallMs } = this.#facts;
    if (steps.length === 0) return [];
    const size = { columns: this.#columns, scale: this.#scale, wallMs, charset: this.#options.charset };
    return [this.#line('limit', limitCells(steps, size), this.#width >= WIDE ? limitWords(steps) : '')];
  }

  #loopLines(): string[] {
    const size = { columns: this.#columns, endMs: this.#scale.endMs, charset: this.#options.charset };
    return this.#loops.map(strip => {
      const words = loopWords(strip, this.#width >= WIDE);
      return this.#line(loopLabel(strip, this.#loops), loopCells(strip, size), words);
    });
  }

  #line(label: string, cells: readonly Cell[], behind: string): string {
    const { charset, color } = this.#options;
    const border = charset === 'ascii' ? '|' : '│';
    const line = new InkedLine(color).put(`${this.#label(label)} `);
    line.put(border, 'muted');
    for (const { glyph, ink, means } of cells) {
      line.put(glyph, glyph === ' ' ? null : ink);
      if (means !== null) this.#seen.add(means);
    }
    line.put(border, 'muted');
    const room = this.#width - this.#labelWidth - 4 - cells.length;
    return line.put(behind === '' ? '' : ` ${terminalSafe(inCharset(behind, charset), room, '~')}`).end();
  }

  #label(label: string): string {
    const fitting = terminalSafe(inCharset(label, this.#options.charset), this.#labelWidth, '~');
    return fitting.padStart(this.#labelWidth);
  }

  #axis(): string {
    let text = ' '.repeat(this.#labelWidth + 2);
    const start = text.length;
    for (const { column, label } of axisTicks(this.#scale.endMs, this.#columns, this.#scale.fromMs))
      text = text.padEnd(start + column) + label;
    const line = inCharset(text, this.#options.charset).slice(0, this.#width);
    return new InkedLine(this.#options.color).put(line, 'muted').end();
  }
}

/** Explains the glyphs that were drawn, and no others. */
function legendLines(seen: ReadonlySet<string>, options: TerminalOptions): string[] {
  if (options.width < WIDTH_MIN || seen.size === 0) return [];
  const { charset, color } = options;
  const entries = [
    ...SLICE_KINDS.filter(kind => seen.has(kind)).map(kind => ({
      ...SLICE_LOOKS[kind],
      says: KIND_LABELS[kind],
      ink: kind,
    })),
    ...MARKS.filter(mark => seen.has(mark)).map(mark => ({ ...MARK_LOOKS[mark], ink: 'error' as const })),
    ...(seen.has('open') ? [{ ...OPEN_LOOK, ink: 'strong' as const }] : []),
  ];
  const lines: string[] = [];
  let line = new InkedLine(color).put('  ');
  let used = 2;
  for (const entry of entries) {
    const words = ` ${inCharset(entry.says, charset)}   `;
    if (used > 2 && used + words.trimEnd().length + 1 > usedWidth(options)) {
      lines.push(line.end());
      line = new InkedLine(color).put('  ');
      used = 2;
    }
    line.put(entry[charset], entry.ink).put(words);
    used += 1 + words.length;
  }
  return [...lines, line.end()];
}

function usedWidth(options: TerminalOptions): number {
  return Math.max(16, Math.min(WIDTH_MAX, Math.floor(options.width)));
}
