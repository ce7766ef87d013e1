// The limit that was found, as a line of the terminal's picture.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitCells, limitWords } from '../../src/timeline/limit-line.ts';
import { drawTerminal } from '../../src/timeline/terminal.ts';
import { scene } from '../support/record-lines.ts';
import { drawn } from '../support/scenes.ts';

const STEPS = [
  { fromMs: 5, limit: 4 },
  { fromMs: 35, limit: 8 },
  { fromMs: 38, limit: 2 },
  { fromMs: 60, limit: 50 },
];

function glyphs(charset: 'unicode' | 'ascii', wallMs = 100): string {
  const options = { columns: 10, scale: { endMs: 100, atServerMax: 8 }, wallMs, charset };
  return limitCells(STEPS, options)
    .map(({ glyph }) => glyph)
    .join('');
}

test('of each column the highest limit; above the scale, its top; nothing behind the end of the run', () => {
  assert.equal(glyphs('ascii'), '4448228888');
  assert.equal(glyphs('unicode'), '▄▄▄█▂▂████');
  assert.equal(glyphs('ascii', 70), '4448228   ');
  const late = { columns: 4, scale: { endMs: 100, atServerMax: 8 }, wallMs: 100, charset: 'ascii' } as const;
  assert.equal(
    limitCells([{ fromMs: 60, limit: 3 }], late)
      .map(({ glyph }) => glyph)
      .join(''),
    '  33',
  );
});

test('in words', () => {
  assert.equal(limitWords(STEPS), 'peak 50, at last 50');
  assert.equal(limitWords(STEPS.slice(0, 3)), 'peak 8, at last 2');
  assert.equal(limitWords(STEPS.slice(0, 1)), '4');
});

test('it stands below the at-server line of a run that looked for it, and of no other', () => {
  const run = { strategy: 'semaphore', concurrency: 1000, findsPace: true } as const;
  const { picture } = drawn(run, scene({ requests: 9, spread: 0 }));
  const options = { width: 80, charset: 'unicode', color: 'none' } as const;
  const without = drawTerminal({ run, picture }, options);
  assert.ok(!without.some(line => line.includes(' limit │')));
  picture.limitSteps = [
    { fromMs: 0, limit: 4 },
    { fromMs: 1000, limit: 3 },
  ];
  const lines = drawTerminal({ run, picture }, options);
  const at = lines.findIndex(line => line.includes(' limit │'));
  assert.match(lines[at - 1] ?? '', / at srv │/);
  assert.match(lines[at] ?? '', /│ peak 4, at last 3$/);
  assert.equal(lines.length, without.length + 1);
});

test('with rows that are counted, it is one of them', () => {
  const run = { strategy: 'semaphore', concurrency: 1000, findsPace: true } as const;
  const { picture } = drawn(run, scene({ requests: 200, limit: 8, serverWorkers: 8 }));
  const options = { width: 80, rows: 8, charset: 'unicode', color: 'none' } as const;
  const without = drawTerminal({ run, picture }, options).length;
  picture.limitSteps = [{ fromMs: 0, limit: 4 }];
  assert.ok(drawTerminal({ run, picture }, options).length <= without);
});
