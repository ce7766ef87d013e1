// Keys pressed while a simulated run goes on, and what the terminal shows then.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ViewChoices } from '../../../src/cli/terminal/view-choices.ts';
import { liveAxis, liveWindowMs } from '../../../src/timeline/drawable.ts';
import { TerminalEmulator } from '../../support/terminal-emulator.ts';
import { type WatchOptions, watchedRun } from '../../support/watched-run.ts';

const RUN = { requests: 60, limit: 6, workers: 4, serviceMs: 300, color: 'none' } as const;

/** What stood on the screen last before each of these instants. */
function screensAt(options: WatchOptions, instants: readonly number[]): string[][] {
  const terminal = new TerminalEmulator(90, 30);
  const { writes } = watchedRun(options);
  return instants.map(untilMs => {
    while ((writes[0]?.atMs ?? Number.POSITIVE_INFINITY) < untilMs)
      terminal.write(writes.shift()?.text ?? '');
    return terminal.lines();
  });
}

const rowsOf = (lines: readonly string[], label: string): string[] =>
  lines.filter(line => line.trimStart().startsWith(label) && line.includes('│'));

test('l turns lanes into the latest requests and back', () => {
  const keys = [
    { atMs: 1000, key: 'l' },
    { atMs: 2000, key: 'l' },
  ];
  const [before = [], requests = [], after = []] = screensAt({ ...RUN, keys }, [1000, 2000, 2200]);
  assert.equal(rowsOf(before, 'lane').length, 6);
  assert.equal(rowsOf(requests, 'lane').length, 0);
  const numbers = rowsOf(requests, 'req').map(line => Number(/req (\d+)/.exec(line)?.[1]));
  assert.ok(numbers.length > 10 && numbers.length <= 20);
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
  );
  assert.ok(rowsOf(requests, 'req').at(-1)?.includes('▶'), 'the latest is in flight');
  assert.equal(rowsOf(after, 'lane').length, 6);
});

test('of a folded picture the latest requests are those in flight, in their order', () => {
  const run = { requests: 6000, limit: 50, workers: 40, serviceMs: 60, color: 'none' } as const;
  const [screen = []] = screensAt({ ...run, keys: [{ atMs: 6000, key: 'l' }] }, [7000]);
  const numbers = rowsOf(screen, 'req').map(line => Number(/req (\d+)/.exec(line)?.[1]));
  assert.equal(numbers.length, 20);
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
  );
  for (const row of rowsOf(screen, 'req')) assert.match(row, /▶/);
});

test('where only some requests have rows, the line of the server is that of all, and no failure is hidden', () => {
  const faults: WatchOptions['faults'] = exchange =>
    exchange === 3 ? { kind: 'status', status: 500 } : undefined;
  const lanes = screensAt({ ...RUN, faults }, [4000])[0] ?? [];
  const requests = screensAt({ ...RUN, faults, keys: [{ atMs: 3000, key: 'l' }] }, [4000])[0] ?? [];
  const cellsOf = (lines: readonly string[], label: string): string =>
    /│(.*)│/.exec(rowsOf(lines, label)[0] ?? '')?.[1] ?? '';
  // Labels and words may differ in width, and so the columns by one or two; the shape is the same.
  assert.ok(cellsOf(requests, 'at srv').trimEnd().length > 30);
  assert.equal(cellsOf(requests, 'at srv').includes('█'), cellsOf(lanes, 'at srv').includes('█'));
  assert.match(cellsOf(lanes, 'failed'), /[✗↻]/);
  assert.match(cellsOf(requests, 'failed'), /[✗↻]/);
});

test('s shows what each worker of the server did', () => {
  const keys = [{ atMs: 1500, key: 's' }];
  const [screen = []] = screensAt({ ...RUN, keys }, [3000]);
  const rows = rowsOf(screen, 'srv');
  assert.equal(rows.length, 4);
  for (const [i, row] of rows.entries()) assert.match(row, new RegExp(`srv ${i + 1} │[ █]+│ \\d+ served$`));
  const folded = { requests: 6000, limit: 50, workers: 40, serviceMs: 60, color: 'none', keys } as const;
  const [large = []] = screensAt(folded, [8000]);
  assert.ok(rowsOf(large, 'srv').length >= 4, 'also of a folded picture');
  for (const row of rowsOf(large, 'srv')) assert.match(row, /srv \d+–\d+ │.*[▒▓█].*│/);
});

test('+ shows the last of the time, - more of it again', () => {
  const keys = [
    { atMs: 3000, key: '+' },
    { atMs: 3100, key: '+' },
    { atMs: 3600, key: '-' },
    { atMs: 3700, key: '-' },
  ];
  const [zoomed = [], whole = []] = screensAt({ ...RUN, keys }, [3500, 4000]);
  assert.ok(zoomed.some(line => line.includes('1 s shown')));
  const axis = zoomed[zoomed.findIndex(line => line.trimStart().startsWith('at srv')) + 1] ?? '';
  const ticks = [...axis.matchAll(/([\d.]+) s/g)].map(match => Number(match[1]));
  assert.ok(ticks.length >= 2 && Math.min(...ticks) >= 2.4 && Math.max(...ticks) <= 3.75, axis);
  assert.match(rowsOf(zoomed, 'lane')[0] ?? '', /│[█▄▆]/, 'what began before reaches in from the left');
  assert.ok(!whole.some(line => line.includes('shown')));
  assert.ok(whole.some(line => /^ +0 /.test(line)));
});

test('a folded picture is shown in part as it is shown whole, in its own columns', () => {
  const run = { requests: 6000, limit: 50, workers: 40, serviceMs: 60, color: 'none' } as const;
  const keys = Array.from({ length: 4 }, (_, i) => ({ atMs: 7000 + i, key: '+' }));
  const [part = []] = screensAt({ ...run, keys }, [7900]);
  assert.ok(
    part.some(line => line.includes('500 ms shown')),
    part.join('\n'),
  );
  for (const row of rowsOf(part, 'lane')) assert.match(row, /│[█▓▒░▄─▆▶ ]{20,}│/);
  assert.ok(
    rowsOf(part, 'lane').every(row => (row.match(/[█▓▒░▄─▆]/g) ?? []).length > 15),
    part.join('\n'),
  );
});

test('p freezes the picture until it is pressed again; another key shows it once more', () => {
  const keys = [
    { atMs: 1000, key: 'p' },
    { atMs: 2000, key: 's' },
    { atMs: 3000, key: 'p' },
  ];
  const screens = screensAt({ ...RUN, keys }, [1150, 1990, 2150, 2990, 3300]);
  const [frozen, still, again, yet, free] = screens;
  assert.deepEqual(still, frozen);
  assert.ok(frozen?.some(line => line.includes('frozen')));
  assert.notDeepEqual(again, frozen);
  assert.deepEqual(yet, again);
  assert.ok(!free?.some(line => line.includes('frozen')));
});

test('? says the keys in one line, and takes the line away', () => {
  const keys = [
    { atMs: 1000, key: '?' },
    { atMs: 2000, key: '?' },
  ];
  const [help = [], none = []] = screensAt({ ...RUN, keys }, [1990, 2200]);
  for (const key of ['q', 'p', '+ -', 'l', 's', '?'])
    assert.ok(help.at(-1)?.includes(`${key} `), help.join('\n'));
  assert.ok(help.length < 30);
  assert.ok(!none.some(line => line.includes('q stop')));
});

test('whatever is pressed, there are at most ten writes a second, whole, and no line is too long', () => {
  const keys = Array.from({ length: 400 }, (_, i) => ({
    atMs: 100 + i * 7,
    key: '+-ls?p='[(i * 13) % 7] as string,
  }));
  const terminal = new TerminalEmulator(90, 30);
  let beforeMs = Number.NEGATIVE_INFINITY;
  const { writes, final } = watchedRun({ ...RUN, keys });
  for (const [i, { atMs, text }] of writes.entries()) {
    assert.ok(text.startsWith('\x1b[?2026h') && text.trimEnd().endsWith('\x1b[?2026l'));
    if (i < writes.length - 1) assert.ok(atMs - beforeMs >= 100 - 1e-6, `write ${i}`);
    beforeMs = atMs;
    terminal.write(text);
    assert.ok(terminal.lines().length < 30, 'it stays on its screen');
  }
  assert.deepEqual(
    terminal.lines(),
    final.map(line => line.trimEnd()),
  );
});

test('other keys mean nothing, and spans are of 1, 2 and 5', () => {
  const choices = new ViewChoices();
  const shown = { mode: 'lanes', wholeMs: 60_000 } as const;
  for (const key of ['x', 'Q', ' ', '\r', '\x03', 'é']) assert.equal(choices.press(key, shown), false);
  const spans: (number | null)[] = [];
  for (let i = 0; i < 10; i++) {
    choices.press('+', shown);
    spans.push(choices.lastMs);
  }
  assert.deepEqual(spans, [50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 100]);
  for (let i = 0; i < 20; i++) choices.press('-', shown);
  assert.equal(choices.lastMs, null);
});

test('the part of the axis always holds what is now, and moves in quarters', () => {
  for (const lastMs of [100, 1000, 5000]) {
    const ends = new Set<number>();
    for (let nowMs = 0; nowMs < 20_000; nowMs += 7) {
      const { fromMs, endMs } = liveAxis(nowMs, lastMs);
      const spanMs = Math.min(lastMs, liveWindowMs(nowMs));
      assert.ok(fromMs >= 0 && fromMs <= nowMs && nowMs < endMs && Math.abs(endMs - fromMs - spanMs) < 1e-9);
      ends.add(endMs);
    }
    assert.ok(ends.size <= 20_000 / (lastMs / 4) + 12);
  }
});
