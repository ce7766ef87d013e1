import type { Random } from '../../src/base/random.ts';
import type { RequestLine } from '../../src/model/record.ts';
import type { Dataset } from '../../src/timeline/codec/dataset.ts';
import { Gathered } from '../../src/timeline/codec/gather.ts';
import { laneRange, Pieces, type Span } from '../../src/timeline/large/pieces.ts';
import { spansOf } from '../../src/timeline/large/spoken.ts';
import { SLICE_KINDS } from '../../src/timeline/slices.ts';
import { modelLines, type QueueModel } from './queue-model.ts';

export function gathered(lines: Iterable<RequestLine>): Dataset {
  const all = new Gathered();
  for (const line of lines) all.add(line);
  return all.end();
}

export function modelled(part: Partial<QueueModel> = {}): Pieces {
  const model = {
    requests: 3000,
    lanes: 12,
    workers: 9,
    serviceMs: 12,
    retried: 0.03,
    failing: 1234,
    ...part,
  };
  return new Pieces(gathered(modelLines(model)));
}

export function aWindow(random: Random, { fromUs, toUs }: Span, leastShare = 0.001): Span {
  const width = (toUs - fromUs) * Math.max(leastShare, random.next() ** 3);
  const from = fromUs + random.next() * (toUs - fromUs - width);
  return { fromUs: from, toUs: from + width };
}

export interface PlainSpan extends Span {
  readonly row: number;
  readonly lane: number;
  readonly kind: number;
}

/** Every span of every attempt, waits included, told by the part that speaks, not by the one that draws. */
export function plainSpans({ data }: Pieces): PlainSpan[] {
  const spans: PlainSpan[] = [];
  for (let lane = 0; lane < data.lanes.length; lane++) {
    const { first, end } = laneRange(data, lane);
    for (let row = first; row < end; row++)
      for (const { kind, fromUs, us } of spansOf(data, row))
        spans.push({ row, lane, kind: SLICE_KINDS.indexOf(kind), fromUs, toUs: fromUs + us });
  }
  return spans;
}

export const overlapUs = (a: Span, fromUs: number, toUs: number): number =>
  Math.max(0, Math.min(a.toUs, toUs) - Math.max(a.fromUs, fromUs));
