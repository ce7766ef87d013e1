// Lines rewritten in place, seen through a terminal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../src/base/random.ts';
import { Frame } from '../../../src/cli/terminal/frame.ts';
import { TerminalEmulator } from '../../support/terminal-emulator.ts';

test('whatever lines follow one another, they stand there, and what was above stays', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed);
    const whole = (most: number): number => Math.floor(random.next() * most);
    const terminal = new TerminalEmulator(40, 12);
    const frame = new Frame();
    const above = ['$ paceline fetch', 'a warning'];
    terminal.write(above.map(line => `${line}\r\n`).join(''));
    for (let step = 0; step < 30; step++) {
      if (random.next() < 0.15) {
        above.push(`said ${step}`);
        const text = frame.showBelow(`said ${step}\n`, 40);
        terminal.write(text.includes('\x1b') ? text : text.replaceAll('\n', '\r\n'));
        continue;
      }
      if (random.next() < 0.1) {
        terminal.write(frame.erase(40));
        assert.deepEqual(terminal.lines(), above);
        continue;
      }
      const lines = Array.from({ length: 1 + whole(11) }, (_, i) =>
        `${i} ${'x'.repeat(whole(3) * 10)}`.trimEnd(),
      );
      terminal.write(frame.show(lines, 40));
      assert.deepEqual(terminal.lines(), [...above, ...lines], `seed ${seed} step ${step}`);
      assert.equal(frame.show(lines, 40), '', 'nothing has changed');
    }
    terminal.write(`${frame.show(['done'], 40)}${frame.leave()}summary`);
    assert.deepEqual(terminal.lines(), [...above, 'done', 'summary']);
    assert.equal(terminal.isSynchronized, false);
  }
});

test('only lines that changed are written', () => {
  const frame = new Frame();
  frame.show(['one', 'two', 'three'], 80);
  const text = frame.show(['one', 'zwei', 'three'], 80);
  assert.match(text, /zwei/);
  assert.doesNotMatch(text, /one|three/);
});

test('a terminal that was made narrower has broken lines anew, and nothing of them is left', () => {
  const terminal = new TerminalEmulator(80, 30);
  const frame = new Frame();
  terminal.write('above\r\n');
  const lines = (width: number) =>
    Array.from({ length: 6 }, (_, i) => `\x1b[34m${i}\x1b[0m${'x'.repeat(width - 3)}`);
  terminal.write(frame.show(lines(80), 80));
  terminal.resize(30, 30, { reflows: true });
  terminal.write(frame.show(lines(30), 30));
  assert.deepEqual(terminal.lines(), [
    'above',
    ...Array.from({ length: 6 }, (_, i) => `${i}${'x'.repeat(27)}`),
  ]);
  terminal.resize(80, 30, { reflows: true });
  terminal.write(frame.show(lines(80), 80));
  assert.deepEqual(terminal.lines(), [
    'above',
    ...Array.from({ length: 6 }, (_, i) => `${i}${'x'.repeat(77)}`),
  ]);
});
