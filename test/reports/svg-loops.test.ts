// The strips of our own event loops: as high as the record says, named, and told from what was not measured.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import type { EventLoop } from '../../src/model/record.ts';
import { loopsOf, summaryWith } from '../support/loops.ts';
import { aSettled, aTry, scene } from '../support/record-lines.ts';
import { type Element, elementsOf, svgOf, textsOf } from '../support/svg.ts';

function drawnWith(eventLoops: readonly EventLoop[]): string {
  return svgOf([{ settled: scene({ requests: 3, spread: 0 }), summary: summaryWith(eventLoops) }]);
}

interface Step {
  readonly fromX: number;
  readonly toX: number;
  readonly height: number;
}

/** What stands on each ground, by the y of the ground. */
function stepsOf(elements: readonly Element[]): Map<number, Step[]> {
  const path = elements.find(
    ({ within, attributes }) => within.includes('shares') && attributes.class === 'handler',
  );
  const strips = new Map<number, Step[]>();
  for (const [, fromX, ground, rest = ''] of (path?.attributes.d ?? '').matchAll(
    /M([\d.]+) ([\d.]+)([^M]*)/g,
  )) {
    let x = Number(fromX);
    let y = Number(ground);
    const steps = strips.get(y) ?? [];
    strips.set(y, steps);
    const base = y;
    for (const [, command, value] of rest.matchAll(/([hvV])(-?[\d.]+)/g)) {
      if (command === 'h') {
        steps.push({ fromX: x, toX: x + Number(value), height: base - y });
        x += Number(value);
      } else y = command === 'v' ? y + Number(value) : Number(value);
    }
  }
  return strips;
}

function plotOf(elements: readonly Element[]): [left: number, right: number] {
  const axis = elements.filter(({ attributes }) => attributes.class === 'axis').at(-1)?.attributes.d ?? '';
  const [, left, right] = /^M([\d.]+) [\d.]+H([\d.]+)/.exec(axis) ?? [];
  return [Number(left), Number(right)];
}

test('at every instant a strip is as high as its loop was busy', () => {
  const random = seededRandom(5);
  const everyMs = 50;
  const busy = Array.from({ length: 20 }, () => Math.round(random.next() * 10) / 10);
  const elements = elementsOf(drawnWith([{ of: 'main', everyMs, busy }]));
  const [left, right] = plotOf(elements);
  const [steps, ...others] = [...stepsOf(elements).values()];
  assert.ok(steps && others.length === 0);
  const full = 14;
  for (const [column, share] of busy.entries()) {
    const x = left + (((column + 0.5) * everyMs) / 1000) * (right - left);
    const height: number = steps.find(({ fromX, toX }) => fromX <= x && x <= toX)?.height ?? 0;
    assert.ok(Math.abs(height - share * full) <= 0.3, `${share} at column ${column}: ${height}`);
  }
});

test('a strip for each loop, with its name and its mean; an idle one has a ground and no area', () => {
  const loops: EventLoop[] = [
    { of: 'main', everyMs: 1000, busy: [0.04] },
    { of: 'process', worker: 0, everyMs: 500, busy: [null, 1] },
    { of: 'process', worker: 1, everyMs: 1000, busy: [0] },
  ];
  const svg = drawnWith(loops);
  const texts = textsOf(elementsOf(svg));
  const at = texts.indexOf('our event loops');
  assert.deepEqual(texts.slice(at + 1, at + 7), [
    ...['main', '4 % busy', 'process 1', '100 % busy', 'process 2', '0 % busy'],
  ]);
  const strips = stepsOf(elementsOf(svg));
  assert.equal(strips.size, 2);
  assert.match(svg, /event loops: main 4 %, processes 0–100 % busy/);
});

test('the loops of many workers are one strip that says so', () => {
  const texts = textsOf(elementsOf(drawnWith(loopsOf(100, 1000))));
  assert.ok(texts.includes('threads 1–100'), texts.join());
  assert.ok(
    texts.some(text => /^\d+ % busy, 0\.5–5\d %$/.test(text)),
    texts.join(),
  );
});

test('without them the picture shows when responses were in our own code; with them it shows how busy that was', () => {
  const settled = [aSettled({ tries: [aTry({ endedMs: 100, phasesMs: { ttfb: 50, handler: 50 } })] })];
  const bare = textsOf(elementsOf(svgOf([{ settled }])));
  assert.ok(bare.includes('our own code, by thread') && !bare.includes('our event loop'));
  const loops: EventLoop[] = [{ of: 'main', everyMs: 20, busy: [0, 0, 0.5, 1, 1] }];
  const known = textsOf(elementsOf(svgOf([{ settled, summary: summaryWith(loops) }])));
  assert.ok(!known.includes('our own code, by thread') && known.includes('our event loop'));
  assert.ok(known.includes('50 % busy'));
});
