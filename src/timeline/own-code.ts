// Where our own side was at work: for each thread or process, when at least one response was in the user's own code.
// One event loop has one such strip, however many requests are in flight; workers have one each.
import type { PictureModel } from './picture.ts';
import { HANDLER, Slices } from './slices.ts';

export interface CodeRow {
  readonly label: string;
  /** In order, without overlap. */
  readonly spans: readonly { readonly fromMs: number; readonly toMs: number }[];
}

/** Many lanes of one thread wait for it in turn; what a strategy calls that which they wait for. */
export function codePlace(strategy: string): 'process' | 'thread' {
  return strategy === 'processes' ? 'process' : 'thread';
}

/** Empty where there was no such code, or the picture is folded. */
export function codeRows(picture: PictureModel, strategy: string): CodeRow[] {
  const spans = new Map<number, { fromMs: number; toMs: number }[]>();
  const slices = new Slices();
  let hasCode = false;
  for (const { tries } of picture.kept() ?? []) {
    for (const one of tries) {
      const own = spans.get(one.worker ?? -1) ?? [];
      spans.set(one.worker ?? -1, own);
      slices.fill(one);
      for (let i = 0; i < slices.count; i++) {
        if (slices.kinds[i] !== HANDLER) continue;
        hasCode = true;
        own.push({ fromMs: slices.fromsMs[i] as number, toMs: slices.tosMs[i] as number });
      }
    }
  }
  if (!hasCode) return [];
  const word = codePlace(strategy);
  return [...spans]
    .sort(([a], [b]) => a - b)
    .map(([worker, own]) => ({
      label: worker < 0 ? 'main thread' : `${word} ${worker + 1}`,
      spans: union(own),
    }));
}

function union(spans: readonly { fromMs: number; toMs: number }[]): { fromMs: number; toMs: number }[] {
  const merged: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = merged.at(-1);
    if (last && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else merged.push({ fromMs, toMs });
  }
  return merged;
}
