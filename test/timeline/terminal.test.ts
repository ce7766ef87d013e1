// The pictures, held against files that a person has looked at, and against what must be true of each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsOf } from '../../src/timeline/escape.ts';
import { KEPT_MAX, PictureModel } from '../../src/timeline/picture.ts';
import { drawTerminal, drawTerminals } from '../../src/timeline/terminal.ts';
import { assertGolden } from '../support/golden.ts';
import { scene } from '../support/record-lines.ts';
import { drawn, SCENES } from '../support/scenes.ts';

const ESC = '\u001b';
const withoutInk = (line: string): string => line.replaceAll(/\u001b\[[\d;]*m/g, '');
const PLAIN = { charset: 'unicode', color: 'none' } as const;

for (const [name, runs] of Object.entries(SCENES)) {
  test(`${name} is drawn as the golden pictures are`, () => {
    const drawnRuns = runs();
    for (const charset of ['unicode', 'ascii'] as const) {
      const widths = [40, 80, 120].map(width => {
        const lines = drawTerminals(drawnRuns, { width, charset, color: 'none' });
        return `${lines.join('\n')}\n`;
      });
      assertGolden(`terminal/${name}.${charset}.txt`, widths.join(`${'~'.repeat(20)}\n`));
    }
  });

  test(`${name} is never wider than asked, and colour changes nothing but colour`, () => {
    const drawnRuns = runs();
    for (const width of [16, 25, 39, 40, 41, 60, 71, 72, 80, 120, 200, 500]) {
      for (const charset of ['unicode', 'ascii'] as const) {
        const plain = drawTerminals(drawnRuns, { width, charset, color: 'none' });
        for (const line of plain) assert.ok(columnsOf(line) <= Math.min(width, 200), `${width}: ${line}`);
        if (charset === 'ascii') assert.match(plain.join(''), /^[\x20-\x7e]*$/);
        assert.ok(!plain.join('').includes(ESC));
        for (const color of width === 40 || width === 80 ? (['16', 'truecolor'] as const) : []) {
          const inked = drawTerminals(drawnRuns, { width, charset, color });
          assert.deepEqual(
            inked.map(line => withoutInk(line).trimEnd()),
            plain,
          );
          for (const line of inked)
            assert.ok(!line.includes(ESC) || /\u001b\[0m *[^\u001b]*$/.test(line), line);
        }
      }
    }
  });
}

test('colours are those of the depth', () => {
  const runs = (SCENES['async-9-on-3'] as () => ReturnType<(typeof SCENES)[string]>)();
  for (const color of ['16', '256', 'truecolor'] as const) {
    const lines = drawTerminals(runs, { width: 80, charset: 'unicode', color });
    assertGolden(`terminal/async-9-on-3.${color}.txt`, `${lines.join('\n')}\n`);
  }
});

test('the exact words of the caption', () => {
  const { picture } = drawn({ strategy: 'async', concurrency: null }, scene({ requests: 9, spread: 0 }));
  const lines = drawTerminal(
    { run: { strategy: 'async', concurrency: null }, picture },
    { width: 120, ...PLAIN },
  );
  assert.equal(lines[0], 'async · 9 requests · no limit · server 3 workers');
  assert.ok(
    lines.some(line => line.startsWith('  req 4 │') && line.endsWith('│ 2 s')),
    lines.join('\n'),
  );
  assert.ok(lines.some(line => line.startsWith(' at srv │') && line.endsWith('│ peak 9, capacity 3')));
  assert.ok(
    lines.includes('  wall 3 s · on the wire p50 2 max 3 s · server queue: 6 of 9 waited, max 2 s'),
    lines.join('\n'),
  );
});

test('a server that reports nothing gets no claim about its queue', () => {
  const text = drawTerminals((SCENES['no-server-timing'] as () => never)(), { width: 80, ...PLAIN }).join(
    '\n',
  );
  assert.match(text, /the server does not report its queue/);
  assert.doesNotMatch(text, /waited|capacity|served|req \d │[^│]*[█▄]/);
});

test('glyphs alone tell the order of the phases', () => {
  const { picture } = drawn(
    { strategy: 'semaphore', concurrency: 4 },
    scene({ requests: 8, limit: 4, serverWorkers: 2 }),
  );
  const lines = drawTerminal(
    { run: { strategy: 'semaphore', concurrency: 4 }, picture },
    { width: 120, ...PLAIN },
  );
  const row = lines.find(line => line.includes('req 8')) ?? '';
  assert.match(row, /│·+▄+█+ *│/);
});

test('several runs share one scale: the same instant is in the same column', () => {
  const lines = drawTerminals((SCENES.compared as () => never)(), { width: 80, ...PLAIN });
  const axes = lines.filter(line => /^ +0 /.test(line));
  assert.equal(axes.length, 3);
  assert.equal(new Set(axes).size, 1);
});

test('one failure among many thousand is seen', () => {
  const failing = scene({
    requests: 20_000,
    limit: 64,
    serviceMs: 10,
    ending: index => (index === 12_345 ? { outcome: 'network_error', status: null } : undefined),
  });
  const lines = drawTerminal(drawn({ strategy: 'semaphore', concurrency: 64 }, failing), {
    width: 80,
    ...PLAIN,
  });
  assert.match(lines.find(line => line.includes('failed │')) ?? '', /✗/);
  assert.ok(lines.some(line => line.includes('1 failed')));
});

test('folding a large run draws what keeping it would have drawn', () => {
  const options = { requests: KEPT_MAX, limit: 20, serverWorkers: 12, serviceMs: 100, spread: 0.5 };
  const kept = drawn({ strategy: 's', concurrency: 20 }, scene(options));
  const folded = drawn({ strategy: 's', concurrency: 20 }, scene({ ...options, requests: KEPT_MAX + 1 }));
  const rows = ({ run, picture }: typeof kept): string[] =>
    drawTerminal({ run, picture }, { width: 80, ...PLAIN }).filter(line => line.includes('lane '));
  const [a, b] = [rows(kept), rows(folded)];
  assert.equal(a.length, 20);
  let different = 0;
  for (const [i, line] of a.entries())
    for (let column = 0; column < 60; column++) if (line[column] !== b[i]?.[column]) different++;
  assert.ok(different < 20 * 60 * 0.05, `${different} cells differ`);
});

test('a lane of any number fits', () => {
  const picture = new PictureModel();
  for (const lane of [0, 77, 2 ** 40]) {
    const one = {
      lane,
      outcome: 'ok',
      status: 200,
      startedMs: 0,
      endedMs: 5,
      phasesMs: { ttfb: 5 },
    } as const;
    for (let i = 0; i < 20; i++)
      picture.add({ index: i, outcome: 'ok', createdMs: 0, endedMs: 5, tries: [one] });
  }
  for (const width of [20, 40, 80])
    for (const line of drawTerminal(
      { run: { strategy: 'x', concurrency: null }, picture },
      { width, ...PLAIN },
    ))
      assert.ok(columnsOf(line) <= width, line);
});

test('odd runs are drawn without a word of complaint', () => {
  const empty = new PictureModel();
  assert.deepEqual(
    drawTerminal({ run: { strategy: 'x', concurrency: 1 }, picture: empty }, { width: 80, ...PLAIN }),
    ['x · 0 requests · limit 1', '  no requests'],
  );
  const run = { strategy: 'evil\u001b[2J', concurrency: 1 };
  for (const spanMs of [0, 1e-7, 10 * 24 * 3_600_000]) {
    const picture = new PictureModel();
    const one = { lane: 0, outcome: 'ok', status: 200, startedMs: 0, endedMs: spanMs, phasesMs: {} } as const;
    picture.add({ index: 0, outcome: 'ok', createdMs: 0, endedMs: spanMs, tries: [one] });
    const lines = drawTerminal({ run, picture }, { width: 80, ...PLAIN });
    assert.ok(lines.length >= 4);
    assert.doesNotMatch(lines.join('\n'), /NaN|Infinity|undefined|\u001b/);
  }
});

test('lines of event loops take the room of rows, where rows are counted', () => {
  const [, threads] = (SCENES.loops as () => ReturnType<(typeof SCENES)[string]>)();
  assert.ok(threads);
  const linesWith = (rows: number): string[] => drawTerminal(threads, { width: 100, rows, ...PLAIN });
  const shown = (lines: readonly string[], label: RegExp): number =>
    lines.filter(line => label.test(line)).length;
  const roomy = linesWith(13);
  assert.equal(shown(roomy, /^ +req \d /), 9);
  assert.equal(shown(roomy, /^ +(main|thread \d) │/), 4);
  const tight = linesWith(12);
  assert.equal(shown(tight, /^ +req /), 0, 'lanes, as there are eight rows for nine requests');
  assert.ok(tight.length <= roomy.length);
  assert.equal(shown(linesWith(1), /^ +lanes? /), 1);
});

test('one loop is called so, and an idle one leaves its line empty', () => {
  const { run, picture } = drawn({ strategy: 'async', concurrency: null }, scene({ requests: 3 }));
  picture.eventLoops = [{ of: 'main', everyMs: 20, busy: new Array(60).fill(0.004) }];
  const lines = drawTerminal({ run, picture }, { width: 100, ...PLAIN });
  assert.match(lines.join('\n'), /\n +loop │ +│ 0\.4 % busy\n/);
});
