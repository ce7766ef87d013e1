// What is drawn at an instant of a row is what the data has there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { SLICE_KINDS, Slices } from '../../src/timeline/slices.ts';
import { type Element, elementsOf, svgOf, type TestRun } from '../support/svg.ts';
import { RUNS } from '../support/svg-runs.ts';

for (const name of ['nine on three', 'two panels', 'sixty requests', 'no server times', 'troubles']) {
  test(`${name}: points of rows have the phase that the data has there`, () => probe(RUNS[name]?.() ?? []));
}

/** Random instants of random rows: the line of the right phase lies there, and no other. */
function probe(runs: readonly TestRun[]): void {
  const settled = runs.map(run => [...run.settled]);
  const elements = elementsOf(svgOf(runs.map((run, i) => ({ ...run, settled: settled[i] ?? [] }))));
  const axis = elements.filter(({ attributes }) => attributes.class === 'axis').at(-1)?.attributes.d ?? '';
  const [, left = 0, right = 0] = (/^M([\d.]+) [\d.]+H([\d.]+)/.exec(axis) ?? []).map(Number);
  const endMs = Math.max(...settled.flat().map(one => one.endedMs));
  const xOf = (ms: number): number => left + (ms / endMs) * (right - left);
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
