// Who waits for a permit, one by one, for a waiting room that is small enough to be shown so.
import type { PictureModel } from './picture.ts';
import { PERMIT, Slices } from './slices.ts';

export interface Wait {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Rows of waits from the ground up, each as low as there is room; of those that begin together the longest is lowest,
 * so that the outline of all of them says how many wait. Null where more rows are needed, or the picture is folded.
 */
export function waitingBars(picture: PictureModel, rowsMax: number): readonly (readonly Wait[])[] | null {
  const rows: Wait[][] = [];
  for (const wait of waitsOf(picture)?.sort(byStart) ?? []) {
    const row = rows.find(waits => (waits.at(-1) as Wait).toMs <= wait.fromMs);
    if (row) row.push(wait);
    else if (rows.length === rowsMax) return null;
    else rows.push([wait]);
  }
  return rows.length === 0 ? null : rows;
}

function byStart(a: Wait, b: Wait): number {
  return a.fromMs - b.fromMs || b.toMs - a.toMs;
}

function waitsOf(picture: PictureModel): Wait[] | undefined {
  const slices = new Slices();
  return picture.kept()?.flatMap(({ tries, createdMs, endedMs }) => {
    if (tries.length === 0) return endedMs > createdMs ? [{ fromMs: createdMs, toMs: endedMs }] : [];
    return tries.flatMap(one => {
      slices.fill(one);
      const place = slices.kinds.subarray(0, slices.count).indexOf(PERMIT);
      if (place === -1) return [];
      return [{ fromMs: slices.fromsMs[place] as number, toMs: slices.tosMs[place] as number }];
    });
  });
}
