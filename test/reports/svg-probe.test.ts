// What is drawn at an instant of a row is what the data has there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { PERMIT, SLICE_KINDS, Slices } from '../../src/timeline/slices.ts';
import { scene } from '../support/record-lines.ts';
import { type Element, elementsOf, svgOf, type TestRun } from '../support/svg.ts';
import { RUNS } from '../support/svg-runs.ts';

for (const name of ['nine on three', 'two panels', 'sixty requests', 'no server times', 'troubles']) {
  test(`${name}: points of rows have the phase that the data has there`, () => probe(RUNS[name]?.() ?? []));
}

/** Random instants of random rows: the line of the right phase lies there, and no other. */
function probe(runs: readonly TestRun[]): void {
  const settled = runs.map(run => [...run.settled]);
  const elements = elementsOf(svgOf(runs.map((run, i) => ({ ...run, settled: settled[i] ?? [] }))));
  const endMs = Math.max(...settled.flat().map(one => one.endedMs));
  const { xOf } = axisOf(elements, endMs);
  const labels = elements.filter(({ name, text }) => name === 'text' && /^req \d+$/.test(text));
  const rows = settled.flat();
  assert.equal(labels.length, rows.length);
  const random = seededRandom(11);
  const slices = new Slices();
  let probed = 0;
  for (let tried = 0; tried < 4000 && probed < 40; tried++) {
    const row = Math.floor(random.next() * rows.length);
    const atMs = random.next() * endMs;
    const pieces = (rows[row]?.tries ?? []).flatMap(one => {
      slices.fill(one);
      return Array.from({ length: slices.count }, (_, i) => [
        SLICE_KINDS[slices.kinds[i] as number] as string,
        slices.fromsMs[i] as number,
        slices.tosMs[i] as number,
      ]) as [string, number, number][];
    });
    if (rows[row]?.tries.length === 0) continue;
    // Too near to a border the gap between two pieces counts.
    if (
      pieces.some(
        ([, fromMs, toMs]) =>
          Math.min(Math.abs(xOf(atMs) - xOf(fromMs)), Math.abs(xOf(atMs) - xOf(toMs))) < 1.5,
      )
    )
      continue;
    const expected = pieces.filter(([, fromMs, toMs]) => fromMs < atMs && atMs < toMs).map(([kind]) => kind);
    assert.deepEqual(
      covering(elements, xOf(atMs), Number(labels[row]?.attributes.y) - 4),
      expected,
      `req ${row + 1} at ${atMs}`,
    );
    probed++;
  }
  assert.ok(probed >= 20, String(probed));
}

function axisOf(elements: readonly Element[], endMs: number): { left: number; xOf: (ms: number) => number } {
  const axis = elements.filter(({ attributes }) => attributes.class === 'axis').at(-1)?.attributes.d ?? '';
  const [, left = 0, right = 0] = (/^M([\d.]+) [\d.]+H([\d.]+)/.exec(axis) ?? []).map(Number);
  return { left, xOf: ms => left + (ms / endMs) * (right - left) };
}

function covering(elements: readonly Element[], x: number, y: number): string[] {
  return elements
    .filter(
      ({ name, within, attributes }) =>
        name === 'path' && within.includes('bars') && attributes.class !== 'grid',
    )
    .filter(({ attributes }) =>
      [...(attributes.d ?? '').matchAll(/M([\d.-]+) ([\d.-]+)h([\d.]+)/g)].some(([, fromX, atY, width]) => {
        const from = Number(fromX);
        return Math.abs(Number(atY) - y) < 0.2 && from <= x && x <= from + Number(width);
      }),
    )
    .map(({ attributes }) => attributes.class ?? '');
}

test('a waiting room of up to forty shows each wait; a larger one how many', () => {
  const small = [...(RUNS['a small waiting room']?.() ?? [])].map(run => ({
    ...run,
    settled: [...run.settled],
  }));
  const elements = elementsOf(svgOf(small));
  const [bars] = elements.filter(
    ({ attributes, within }) => within.includes('bars') && attributes.class === 'permit',
  );
  const waits = [...(bars?.attributes.d ?? '').matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)/g)].map(
    ([, x, y, width]) => ({ from: Number(x), y: Number(y), to: Number(x) + Number(width) }),
  );
  const slices = new Slices();
  const held = (small[0]?.settled ?? []).flatMap(({ tries }) =>
    tries.filter(one => {
      slices.fill(one);
      return slices.kinds[0] === PERMIT;
    }),
  );
  assert.equal(waits.length, held.length);
  const { left, xOf } = axisOf(
    elements,
    Math.max(...small.flatMap(({ settled }) => settled.map(one => one.endedMs))),
  );
  for (let x = left + 0.7; x < xOf(held.at(-1)?.startedMs ?? 0); x += 3.1) {
    const rows = waits.filter(({ from, to }) => from <= x && x <= to).map(({ y }) => y);
    assert.equal(new Set(rows).size, rows.length, 'no wait lies on another');
    // A bar ends a pixel early, so that it stays apart from the next one in its row.
    const waiting = (gap: number): number => held.filter(one => x + gap < xOf(one.startedMs)).length;
    assert.ok(waiting(1.2) <= rows.length && rows.length <= waiting(-0.2), `${rows.length} at ${x}`);
  }
  const large = elementsOf(
    svgOf([
      { header: { strategy: 'semaphore', concurrency: 20 }, settled: scene({ requests: 61, limit: 20 }) },
    ]),
  );
  assert.ok(large.some(({ attributes, within }) => within.includes('area') && attributes.class === 'permit'));
});
