// The SVG pictures in a browser: drawn through <img> in every look, no word over another one or over the edge, and
// phases that can be told apart where the system has but two colours.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import type { BrowserContextOptions } from 'playwright-core';
import { PALETTES } from '../../src/timeline/looks.ts';
import { SLICE_KINDS, type SliceKind } from '../../src/timeline/slices.ts';
import { assertQuiet, PageLab } from '../support/browser.ts';
import { readPng } from '../support/png.ts';
import { aSettled, aTry, scene } from '../support/record-lines.ts';
import { type Element, elementsOf, svgOf, type TestRun } from '../support/svg.ts';
import { RUNS } from '../support/svg-runs.ts';

const lab = new PageLab();
after(() => lab.close());

const GALLERY = new URL('../../docs/gallery/', import.meta.url);

/** Points at which something is drawn that has the pure colour of a phase. */
function phasePoints(elements: readonly Element[]): { kind: SliceKind; x: number; y: number }[] {
  return SLICE_KINDS.flatMap(kind => {
    if (kind === 'permit' || kind === 'ttfb') return []; // patterns
    const pieces = elements
      .filter(({ attributes, within }) => within.includes('bars') && attributes.class === kind)
      .flatMap(({ attributes }) => [...(attributes.d ?? '').matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)/g)])
      .filter(([, , , width]) => Number(width) >= 4);
    return pieces.map(([, x, y, width]) => ({ kind, x: Number(x) + Number(width) / 2, y: Number(y) }));
  });
}

for (const surface of ['light', 'dark'] as const) {
  test(`S2, S3: in ${surface}, every picture is drawn through <img>, in its colours`, async () => {
    const files = readdirSync(GALLERY).filter(name => name.endsWith('.svg'));
    assert.ok(files.length >= 16, String(files.length));
    const pictures = [
      ...files.map(name => ({
        svg: readFileSync(new URL(name, GALLERY), 'utf8'),
        theme: name.split('.')[1],
      })),
      ...Object.values(RUNS).map(runs => ({ svg: svgOf(runs(), { theme: 'auto' }), theme: surface })),
    ];
    const images = pictures.map(({ svg }) => {
      const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
      return `<img src="${source}" style="display:block">`;
    });
    const opened = await lab.show(`<!doctype html><body style="margin:0">${images.join('')}`, {
      colorScheme: surface,
    });
    const tops = await opened.ask<number[]>('[...document.images].map(image => image.offsetTop)');
    const png = readPng(await opened.page.screenshot({ fullPage: true }));
    let points = 0;
    for (const [place, { svg, theme }] of pictures.entries()) {
      const colours = PALETTES[theme as 'light' | 'dark'];
      const top = tops[place] ?? 0;
      assert.equal(png.at(2, top + 2), colours.surface);
      for (const { kind, x, y } of phasePoints(elementsOf(svg))) {
        assert.equal(
          png.at(x, top + y),
          colours.kinds[kind],
          `${files[place] ?? place}: ${kind} at ${x} ${y}`,
        );
        points++;
      }
    }
    assert.ok(points > 500, String(points));
    assertQuiet(opened);
    await opened.close();
  });
}

const LONG_LANE = 'worker-of-the-night-shift-in-hall-42-row-7'; // forty characters and more
const LONG_TITLE =
  'a strategy whose name somebody else chose and which does not end where one would expect it to end';
const CJK = '工作进程第四十二号在夜班大厅的第七排等待着请求到来并且名字非常长';

function namedRun(text: string): TestRun[] {
  const settled = Array.from({ length: 12 }, (_, index) => {
    const server = { worker: `${text}${index % 3}`, workers: 3, arrivedMs: 1, doubtMs: 0 };
    const status = index === 4 ? 429 : 200;
    const failed = index === 4 ? ({ outcome: 'http_error', status } as const) : {};
    const one = aTry({
      lane: index,
      endedMs: 900,
      phasesMs: { network: 1, queue: 300, service: 590 },
      server,
    });
    return aSettled({ index, endedMs: 900, ...failed, tries: [{ ...one, ...failed }] });
  });
  return [
    { header: { strategy: text, workers: 3 }, name: text, settled },
    { header: { strategy: text, workers: 3 }, name: `${text} again`, settled, summary: null },
  ];
}

const WORDY: Readonly<Record<string, () => TestRun[]>> = {
  ...RUNS,
  'long names': () => namedRun(LONG_LANE),
  'a long title': () => namedRun(LONG_TITLE),
  'names in Chinese': () => namedRun(CJK),
  'names without a space': () => namedRun('W'.repeat(120)),
  'six runs': () =>
    [1, 2, 3, 4, 5, 6].map(limit => ({
      header: { strategy: 'semaphore', concurrency: limit },
      settled: scene({ requests: 9, limit }),
    })),
  'very large numbers': () => [
    {
      header: { strategy: 'semaphore', concurrency: 1_000_000 },
      settled: scene({ requests: 2500, limit: 700, serverWorkers: 650, serviceMs: 3_600_000 }),
    },
  ],
};

interface TextBox {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What letters take of their line; the box has room above them that no letter uses. */
const INK = { top: 0.2, bottom: 0.1 } as const;

test('S5: no word stands on another one or over the edge, in any width', async () => {
  const opened = await lab.show('<!doctype html><body style="margin:0">');
  const faults: string[] = [];
  for (const width of [320, 480, 820, 1200]) {
    for (const [name, runs] of Object.entries(WORDY)) {
      const svg = svgOf(runs(), { width });
      const { boxes, height } = await opened.ask<{ boxes: TextBox[]; height: number }>(`(() => {
        document.body.innerHTML = ${JSON.stringify(svg)};
        const boxes = [...document.querySelectorAll('svg text')].map(element => {
          const { x, y, width, height } = element.getBBox();
          const [top, bottom] = [y + height * ${INK.top}, y + height * ${1 - INK.bottom}];
          return { text: element.textContent, left: x, right: x + width, top, bottom };
        });
        return { boxes, height: document.querySelector('svg').viewBox.baseVal.height };
      })()`);
      assert.ok(boxes.length > 0, name);
      const told = `${name} at ${width}`;
      for (const [i, box] of boxes.entries()) {
        const { text, left, right, top, bottom } = box;
        if (left < 0 || right > width || top < 0 || bottom > height)
          faults.push(`${told}: ${text} from ${left} to ${right}, ${top} to ${bottom} of ${height}`);
        for (const other of boxes.slice(i + 1))
          if (overlaps(box, other)) faults.push(`${told}: ${text} and ${other.text}`);
      }
    }
  }
  assert.deepEqual(faults, []);
  assertQuiet(opened);
  await opened.close();
});

function overlaps(a: TextBox, b: TextBox): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** What a phase of the legend is filled with, by its name. */
const FILLS = `Object.fromEntries([...document.querySelectorAll('.key rect')].map(rect =>
  [rect.className.baseVal, [getComputedStyle(rect).fill, rect.getAttribute('height')].join(' ')]))`;

const EVERYTHING: TestRun[] = [
  {
    header: { strategy: 'threads', concurrency: 3, workers: 2 },
    settled: [
      aSettled({
        endedMs: 80,
        tries: [
          aTry({
            ...{ worker: 0, startedMs: 20, endedMs: 80 },
            phasesMs: { permit: 10, handover: 10, network: 10, queue: 10, service: 10, download: 10 },
            server: { worker: '1', workers: 1, arrivedMs: 25, doubtMs: 0 },
          }),
        ],
      }),
      aSettled({
        index: 1,
        endedMs: 30,
        tries: [aTry({ lane: 1, endedMs: 30, phasesMs: { network: 5, ttfb: 25 } })],
      }),
    ],
  },
];

test('S6: in forced colours there are two colours, and texture and height tell all phases apart', async () => {
  const svg = svgOf(EVERYTHING, { theme: 'light' });
  for (const colorScheme of ['light', 'dark'] as const) {
    const look: BrowserContextOptions = { forcedColors: 'active', colorScheme };
    const opened = await lab.show(`<!doctype html><body style="margin:0">${svg}`, look);
    const fills = await opened.ask<Record<string, string>>(FILLS);
    assert.deepEqual(Object.keys(fills), [...SLICE_KINDS]);
    assert.equal(new Set(Object.values(fills)).size, SLICE_KINDS.length, JSON.stringify(fills));
    const ink = colorScheme === 'light' ? 0 : 255;
    for (const fill of Object.values(fills))
      assert.match(fill, new RegExp(`^(url\\("#\\w+"\\)|rgb\\(${ink}, ${ink}, ${ink}\\)) `));
    const png = readPng(await opened.page.screenshot());
    for (let y = 0; y < png.height; y++)
      for (let x = 0; x < png.width; x += 3) assert.match(png.at(x, y), /^#(..)\1\1$/, `${x} ${y}`);
    assertQuiet(opened);
    await opened.close();
  }
});

test('for whoever asks for more contrast no word is pale, and bars have an edge', async () => {
  const opened = await lab.show(`<!doctype html><body>${svgOf(EVERYTHING, { theme: 'dark' })}`, {
    contrast: 'more',
  });
  const colours = await opened.ask<string[]>(
    `[...new Set([...document.querySelectorAll('text')].map(text => getComputedStyle(text).fill))]`,
  );
  assert.deepEqual(colours, ['rgb(232, 236, 241)']);
  assert.match(await opened.ask(`getComputedStyle(document.querySelector('.bars')).filter`), /^drop-shadow/);
  await opened.close();
});
