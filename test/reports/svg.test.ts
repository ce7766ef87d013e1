// The SVG picture: made of nothing that could run or reach out, the same bytes for the same data, small, and true.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Summary } from '../../src/model/record.ts';
import { PictureModel } from '../../src/timeline/picture.ts';
import { HOSTILE_TEXTS } from '../support/hostile-texts.ts';
import { aSettled, aTry, scene } from '../support/record-lines.ts';
import { type Element, elementsOf, svgOf, type TestRun, textsOf } from '../support/svg.ts';
import { RUNS } from '../support/svg-runs.ts';

const ELEMENTS = [
  'svg',
  'title',
  'desc',
  'style',
  'defs',
  'pattern',
  'linearGradient',
  'stop',
  'path',
  'rect',
  'circle',
  'g',
  'text',
];
const ATTRIBUTES = [
  ...[
    'xmlns',
    'width',
    'height',
    'viewBox',
    'role',
    'aria-labelledby',
    'id',
    'class',
    'x',
    'y',
    'd',
    'rx',
    'fill',
    'href',
  ],
  ...['stroke-width', 'patternUnits', 'patternTransform', 'cx', 'cy', 'r', 'offset', 'stop-opacity'],
];

for (const [name, runs] of Object.entries(RUNS)) {
  test(`${name}: well formed, of known parts alone, and the same again`, () => {
    for (const width of [320, 480, 820, 1200]) {
      const svg = svgOf(runs(), { theme: 'auto', width });
      const elements = elementsOf(svg);
      for (const { name: element, attributes } of elements) {
        assert.ok(ELEMENTS.includes(element), element);
        for (const attribute of Object.keys(attributes)) assert.ok(ATTRIBUTES.includes(attribute), attribute);
      }
      const own = svg.replace(' xmlns="http://www.w3.org/2000/svg"', '');
      assert.doesNotMatch(own, /http|:\/\/|@import|NaN|Infinity|undefined/);
      for (const [link] of own.matchAll(/url\([^)]*\)/g))
        assert.match(link, /^url\(#(bars|cross|dots|fade|hatch|rules)\)$/);
      for (const { attributes } of elements) assert.match(attributes.href ?? '#rules', /^#rules$/);
      assertInside(elements, width);
      if (width === 820) assert.equal(svg, svgOf(runs(), { theme: 'auto', width }));
    }
  });
}

/** Nothing begins outside of the picture. */
function assertInside(elements: readonly Element[], width: number): void {
  const height = Number(elements[0]?.attributes.height);
  for (const { name, attributes, text } of elements) {
    if (name !== 'text') continue;
    const [x, y] = [Number(attributes.x), Number(attributes.y)];
    assert.ok(x >= 0 && x <= width && y > 0 && y <= height, `${text} at ${x} ${y} in ${width} ${height}`);
  }
}

test('title and finding can be heard', () => {
  const elements = elementsOf(svgOf(RUNS['nine on three']?.() ?? []));
  const [svg, title, finding] = elements;
  assert.equal(svg?.attributes.role, 'img');
  assert.equal(svg?.attributes['aria-labelledby'], `${title?.attributes.id} ${finding?.attributes.id}`);
  assert.equal(title?.text, 'async · 9 requests · no limit · server 3 workers');
  assert.match(finding?.text ?? '', /^async: wall 3\.08 s · .*6 of 9 waited, max 2\.05 s\./);
});

test('what limited a run stands below its finding, and can be heard; never of a record that was cut off', () => {
  const run = (): TestRun => ({ settled: scene({ requests: 9 }) });
  for (const width of [320, 820]) {
    const elements = elementsOf(svgOf([run()], { width }));
    const found = elements.filter(({ attributes }) => attributes.class === 'finding muted');
    const read = found.map(({ text }) => text).join(' ');
    const sentences =
      "The server's capacity: 6 of 9 requests waited in its queue, up to 2.05 s, while its 3 workers were busy. " +
      'Try -S semaphore -c 3: it takes about as long and queues nothing there.';
    assert.ok(read.endsWith(` ${sentences}`), read);
    assert.ok(found.length >= (width === 320 ? 5 : 3), 'it is broken into lines');
    assert.ok(elements.find(({ name }) => name === 'desc')?.text.endsWith(`2.05 s. ${sentences}`));
  }
  assert.doesNotMatch(svgOf([{ ...run(), summary: null }]), /capacity:|Try/);
});

test('a run that was gone on with says where, and has no line of one limit when there were two', () => {
  const by = (atMs: number, concurrency: number) => ({
    started: '',
    atMs,
    strategy: 'semaphore',
    concurrency,
    seed: 7,
  });
  const elements = (...limits: number[]): Element[] =>
    elementsOf(
      svgOf([
        {
          header: { strategy: 'semaphore', concurrency: 3 },
          settled: scene({ requests: 9, limit: 3 }),
          resumed: limits.map((limit, i) => by(1200 + 800 * i, limit)),
        },
      ]),
    );
  const lines = (drawn: Element[]): number =>
    drawn.filter(({ attributes }) => attributes.class === 'limit').length;
  const found = (drawn: Element[]): string => drawn.find(({ name }) => name === 'desc')?.text ?? '';
  assert.equal(lines(elements()), 1);
  assert.doesNotMatch(found(elements()), /gone on/);
  assert.equal(lines(elements(3)), 1);
  assert.match(found(elements(3)), / · gone on with at 1\.20 s\./);
  assert.equal(lines(elements(5)), 0);
  assert.equal(lines(elements(5, 3)), 0);
  assert.match(found(elements(5, 3)), / · gone on with at 1\.20 s, 2 s\./);
});

test('a theme is one set of colours, and auto follows the reader', () => {
  const runs = () => RUNS['one request']?.() ?? [];
  const [auto, light, dark] = (['auto', 'light', 'dark'] as const).map(theme => svgOf(runs(), { theme }));
  assert.match(auto ?? '', /#2463d9.*@media\(prefers-color-scheme:dark\).*#4c97ff/s);
  assert.doesNotMatch(light ?? '', /color-scheme|#4c97ff/);
  assert.doesNotMatch(dark ?? '', /color-scheme|#2463d9/);
});

test('sizes: two panels within 12 kB, a thousand requests within 100 kB, and no more for twenty thousand', () => {
  const bytes = (name: string): number => Buffer.byteLength(svgOf(RUNS[name]?.() ?? [], { theme: 'auto' }));
  assert.ok(bytes('two panels') <= 12_000, String(bytes('two panels')));
  assert.ok(bytes('a thousand on lanes') <= 100_000, String(bytes('a thousand on lanes')));
  assert.ok(bytes('twenty thousand') <= 100_000, String(bytes('twenty thousand')));
});

test('one failure among twenty thousand is seen, counted, and explained', () => {
  const ending = (index: number) =>
    index === 12_345 ? ({ outcome: 'network_error', status: null } as const) : undefined;
  const settled = scene({ requests: 20_000, limit: 64, serverWorkers: 48, serviceMs: 100, ending });
  const elements = elementsOf(svgOf([{ header: { strategy: 'semaphore', concurrency: 64 }, settled }]));
  const ticks = elements.filter(
    ({ attributes, within }) => attributes.class === 'error' && within.includes('shares'),
  );
  assert.equal(ticks.length, 1);
  assert.match(ticks[0]?.attributes.d ?? '', /^M[\d.]+ [\d.]+h2v4h-2z$/);
  assert.ok(textsOf(elements).some(text => text.includes('1 failed')));
  assert.ok(textsOf(elements).includes('something failed here'));
  assert.ok(textsOf(elements).some(text => /^Each column of the lanes shows/.test(text)));
});

test('rows: requests up to sixty, then lanes and a waiting room, then bundles of lanes', () => {
  const labels = (requests: number, limit: number): string[] =>
    textsOf(
      elementsOf(
        svgOf([
          {
            header: { strategy: 'semaphore', concurrency: limit },
            settled: scene({ requests, limit, serviceMs: 10 }),
          },
        ]),
      ),
    );
  assert.ok(labels(60, 3).includes('req 60'));
  assert.ok(!labels(60, 3).includes('waiting'));
  assert.ok(labels(61, 3).includes('lane 3'));
  assert.ok(labels(61, 3).includes('waiting'));
  assert.ok(labels(100, 41).includes('lanes 1–4'));
});

test('server lanes: each worker that was named, and those that had nothing to do', () => {
  const texts = textsOf(elementsOf(svgOf([{ settled: scene({ requests: 2, serverWorkers: 3 }) }])));
  assert.deepEqual(
    texts.filter(text => text.startsWith('worker ')),
    ['worker 1', 'worker 2', 'worker 3'],
  );
  const silent = textsOf(elementsOf(svgOf(RUNS['no server times']?.() ?? [])));
  assert.ok(!silent.includes('server'));
  assert.ok(silent.some(text => text.includes('the server does not report its queue')));
});

test('each bad ending has its shape, in the row and in the legend', () => {
  const texts = textsOf(elementsOf(svgOf(RUNS.troubles?.() ?? [])));
  for (const says of [
    'failed',
    'timed out',
    'told to slow down (429)',
    'failed, tried again',
    'cancelled',
    'waits to be sent again',
  ])
    assert.ok(texts.includes(says), says);
  assert.ok(texts.includes('↻2'));
  assert.ok(texts.includes('1.50 s timeout'));
});

test('a comparison: finish lines, a chip that says how much faster, and nothing where something failed', () => {
  const sequential = { header: { strategy: 'sequential', concurrency: 1 } as const };
  const one = () => ({ ...sequential, settled: scene({ requests: 9, limit: 1, spread: 0 }) });
  const all = { settled: scene({ requests: 9, spread: 0 }) };
  const texts = textsOf(elementsOf(svgOf([one(), all])));
  assert.ok(texts.includes('3.01× faster'), texts.join('\n'));
  assert.ok(texts.includes('9.04 s') && texts.includes('3 s'));
  const ending = () => ({ outcome: 'http_error', status: 500 }) as const;
  const failed = textsOf(elementsOf(svgOf([one(), { settled: scene({ requests: 9, ending }) }])));
  assert.ok(!failed.some(text => text.includes('faster')));
});

test('runs of one title are told apart by their names; a cut record and a model say so', () => {
  const run = (name: string) => ({ name, settled: scene({ requests: 2 }) });
  const texts = textsOf(elementsOf(svgOf([run('monday.ndjson'), run('friday.ndjson')])));
  assert.ok(texts.some(text => text.endsWith(' · friday.ndjson')));
  assert.ok(
    textsOf(elementsOf(svgOf(RUNS['cut off']?.() ?? []))).some(text =>
      text.includes('the record was cut off'),
    ),
  );
  const model = textsOf(elementsOf(svgOf(RUNS['a thousand on lanes']?.() ?? [])));
  assert.ok(model.includes('A model, not measured: nothing was sent.'));
});

test('hostile words stay text, on one line, and inside of their room', () => {
  for (const text of [
    ...HOSTILE_TEXTS,
    'x'.repeat(10_000),
    ']]>',
    '<script>alert(1)</script>',
    'constructor',
    '__proto__',
  ]) {
    const server = { worker: text, workers: 3, arrivedMs: 1, doubtMs: 0 };
    const one = aTry({ endedMs: 9, phasesMs: { network: 1, queue: 2, service: 6 }, server });
    const run = { name: text, header: { strategy: text }, settled: [aSettled({ tries: [one] })] };
    const svg = svgOf([run, run], { width: 480 });
    const elements = elementsOf(svg);
    assert.doesNotMatch(svg, /<script|<img|[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/i);
    assert.ok(!/native code/.test(svg), text);
    assert.ok(svg.length < 20_000, `${svg.length} for ${text.length}`);
    assert.ok(elements.every(({ name }) => ELEMENTS.includes(name)));
  }
});

test('a picture of a run holds no more than the run needs', () => {
  const picture = new PictureModel();
  for (const one of scene({ requests: 5000, limit: 200, serverWorkers: 150 })) picture.add(one);
  assert.equal(picture.kept(), null);
  assert.equal(picture.bins?.workers, null, 'more workers than rows are not named');
});

test('a limit that was found is a line of steps, and is told in words', () => {
  const summary: Summary = {
    ...{ ended: 'complete', makespanMs: 3000, requests: 9, attempts: 9, outcomes: { ok: 9 }, statuses: {} },
    ...{ bytes: 0, inFlightMax: 4 },
    pace: [
      {
        ...{ origin: 'http://h', mode: 'in flight', limit: 4, capacity: 3, serviceMs: 1000, proofs: 6 },
        reason: 'it was so',
        says: '3 at a time, 1 s each: 3 requests/s (proved by 6 overtakings)',
        changes: [
          [0, 4, 'nothing is known yet'],
          [1000, 6, 'nothing is known yet'],
          [2000, 4, 'it was so'],
        ],
      },
    ],
  };
  const header = { strategy: 'semaphore', findsPace: true as const };
  const elements = elementsOf(svgOf([{ header, settled: scene({ requests: 9, limit: 4 }), summary }]));
  assert.match(elements.find(({ name }) => name === 'title')?.text ?? '', /· limit found ·/);
  const words = elements.map(({ text }) => text).join(' ');
  assert.match(words, /Pace found: 3 at a time, 1 s each: 3 requests\/s \(proved by 6 overtakings\)\./);
  const [line, ...others] = elements.filter(({ attributes }) => attributes.class === 'limit');
  assert.equal(others.length, 0);
  assert.match(line?.attributes.d ?? '', /^M[\d.]+ [\d.]+H[\d.]+V[\d.]+H[\d.]+V[\d.]+H[\d.]+$/);
  // Five wait at most, beside four in flight. Fifty would press the limit flat.
  assert.match(words, /at once/);
  const settled = scene({ requests: 54, limit: 4 });
  const many = textsOf(elementsOf(svgOf([{ header, settled, summary }]))).join(' ');
  assert.match(many, /in flight.*peak 4/);
  assert.doesNotMatch(many, /at once|peak 54/);
});
