// The other side of the run in a terminal: a row for each worker of the server, or for some of them together.
import { formatCount } from '../base/units.ts';
import { type Cell, laneCell } from './cells.ts';
import type { Drawable } from './drawable.ts';
import { Grid } from './grid.ts';
import type { Charset } from './palette.ts';
import type { Scale } from './scale.ts';
import { type ServerRow, type ServerRows, serverRows } from './server-rows.ts';
import { SERVICE } from './slices.ts';
import { spreadsOf } from './spread.ts';

export interface ServerLine {
  readonly label: string;
  readonly cells: readonly Cell[];
  /** What stands behind it: how many it served, where they were counted. */
  readonly behind: string;
}

export interface ServerLinesSize {
  /** Most rows; 0 for none. */
  readonly rows: number;
  readonly columns: number;
  readonly scale: Scale;
  readonly charset: Charset;
}

/** None where the server names no worker. */
export function serverLines(picture: Drawable, size: ServerLinesSize): ServerLine[] {
  const server = size.rows > 0 ? serverRows(picture, size.rows) : null;
  if (server === null) return [];
  const { columns, charset } = size;
  const { fromMs = 0, endMs } = size.scale;
  const rows = server.rows.length;
  const grid = new Grid({ rows, columns, fromMs, columnMs: (endMs - fromMs) / columns });
  return server.rows.map((row, at) => {
    fill(grid, at, row, server);
    const place = { row: at, lanes: row.workers, charset };
    return {
      label: labelOf(row),
      cells: Array.from({ length: columns }, (_, column) => laneCell(grid, { ...place, column })),
      behind: row.served === null ? '' : `${formatCount(row.served.length)} served`,
    };
  });
}

/** Names are the server's: hostile until they are put on a line. */
function labelOf({ label }: ServerRow): string {
  return label.replace(/^workers? /, 'srv ');
}

function fill(grid: Grid, at: number, { served, busyMs }: ServerRow, { columnMs }: ServerRows): void {
  for (const { fromMs, toMs } of served ?? []) grid.addSpan(at, SERVICE, fromMs, toMs);
  if (busyMs === null) return;
  for (const [column, spread] of spreadsOf(grid, { columns: busyMs.length, columnMs }).entries())
    for (const part of spread?.parts ?? [])
      grid.addCount(at, part.column, SERVICE, (busyMs[column] as number) * part.share);
}
