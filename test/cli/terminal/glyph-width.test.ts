// The question how wide a block is, to terminals that answer, answer late, or never.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANSWER_MS_MAX, askGlyphWidth } from '../../../src/cli/terminal/glyph-width.ts';
import { KeyInput } from '../../../src/cli/terminal/key-input.ts';
import { lookOf } from '../../../src/cli/terminal/look.ts';
import { VirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { testIo } from '../../support/test-io.ts';

interface Asked {
  readonly width: 1 | 2 | null;
  readonly atMs: number;
  /** What was typed meanwhile. */
  readonly keys: string;
}

/** @param answers what comes from the terminal, and when after the question */
async function asked(answers: readonly (readonly [atMs: number, text: string])[]): Promise<Asked> {
  const clock = new VirtualClock();
  const input = new KeyInput();
  let written = '';
  let keys = '';
  const question = askGlyphWidth(clock, text => {
    written += text;
  });
  assert.match(written, /^\r▄\x1b\[6n\r\x1b\[K$/, 'what was drawn is taken away in the same write');
  for (const [atMs, text] of answers)
    clock.schedule(atMs, () => {
      for (const one of input.push(text))
        if (one.kind === 'cursor') question.hear(one.column);
        else keys += one.key;
    });
  let width: 1 | 2 | null | undefined;
  let atMs = 0;
  void question.width.then(told => {
    width = told;
    atMs = clock.now();
  });
  for (;;) {
    await Promise.resolve();
    await Promise.resolve();
    if (!clock.step()) break;
  }
  await question.width;
  assert.ok(width !== undefined);
  return { width, atMs, keys };
}

test('the column behind a block says how wide it is', async () => {
  assert.deepEqual(await asked([[3, '\x1b[7;2R']]), { width: 1, atMs: 3, keys: '' });
  assert.deepEqual(await asked([[3, '\x1b[7;3R']]), { width: 2, atMs: 3, keys: '' });
});

test('a terminal that never answers costs so long and no longer; a late answer is no key', async () => {
  assert.deepEqual(await asked([]), { width: null, atMs: ANSWER_MS_MAX, keys: '' });
  assert.equal(ANSWER_MS_MAX, 100);
  assert.deepEqual(await asked([[140, '\x1b[7;3R']]), { width: null, atMs: 100, keys: '' });
});

test('what is typed meanwhile is a key, before, within and behind the answer', async () => {
  const answers = [
    [1, 'p'],
    [2, 'l\x1b[7'],
    [4, ';2Rs'],
    [9, 'q'],
  ] as const;
  assert.deepEqual(await asked(answers), { width: 1, atMs: 4, keys: 'plsq' });
});

test('without an answer the locale decides, on a terminal', () => {
  const charsetOf = (locale: string, isTTY = true, charset?: 'auto' | 'unicode'): string => {
    const io = testIo('', { LC_ALL: locale, TERM: 'xterm' });
    Object.assign(io.stderr, { isTTY });
    return lookOf(io.stderr, io.env, charset).charset;
  };
  for (const locale of ['ja_JP.UTF-8', 'zh_CN.utf8', 'ko_KR.UTF-8', 'zh.UTF-8']) {
    assert.equal(charsetOf(locale), 'ascii', locale);
    assert.equal(charsetOf(locale, true, 'auto'), 'ascii', locale);
    assert.equal(charsetOf(locale, true, 'unicode'), 'unicode', 'the user knows better');
    assert.equal(charsetOf(locale, false), 'unicode', 'a file has no font');
  }
  for (const locale of ['', 'C.UTF-8', 'de_DE.UTF-8', 'kok_IN.UTF-8'])
    assert.equal(charsetOf(locale), 'unicode');
  for (const locale of ['C', 'POSIX', 'ja_JP.eucJP']) assert.equal(charsetOf(locale), 'ascii');
});
