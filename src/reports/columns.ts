// Text in aligned columns: numbers to the right, words to the left, two spaces between while there is room,
// one when not.
import { columnsOf } from '../timeline/escape.ts';

export interface Column {
  /** Lines of the head, the last one nearest to the values. */
  readonly head: readonly string[];
  readonly align: 'left' | 'right';
  readonly values: readonly string[];
}

/** @param width columns that the lines should not exceed */
export function alignColumns(columns: readonly Column[], width: number): string[] {
  const headLines = Math.max(0, ...columns.map(column => column.head.length));
  const bodyLines = Math.max(0, ...columns.map(column => column.values.length));
  const widths = columns.map(({ head, values }) => Math.max(0, ...[...head, ...values].map(columnsOf)));
  const text = widths.reduce((sum, one) => sum + one, 0);
  const gap = text + 2 * (columns.length - 1) <= width ? '  ' : ' ';
  const lines: string[] = [];
  for (let line = 0; line < headLines + bodyLines; line++) {
    const cells = columns.map(({ head, align, values }, i) => {
      const missing = headLines - head.length;
      const cell = (line < headLines ? head[line - missing] : values[line - headLines]) ?? '';
      const space = ' '.repeat((widths[i] as number) - columnsOf(cell));
      return align === 'left' ? cell + space : space + cell;
    });
    lines.push(cells.join(gap).trimEnd());
  }
  return lines;
}
