// The live picture as a terminal shows it: simulated runs on the virtual clock, every write seen through an emulator.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../../src/base/clock.ts';
import { hasRoomForPicture } from '../../../src/cli/terminal/live-picture.ts';
import { LiveView } from '../../../src/cli/terminal/live-view.ts';
import { VirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { LivePicture, liveWindowMs } from '../../../src/timeline/drawable.ts';
import { MARK_LOOKS, OPEN_LOOK, SLICE_LOOKS } from '../../../src/timeline/palette.ts';
import { PictureModel } from '../../../src/timeline/picture.ts';
import { drawTerminal } from '../../../src/timeline/terminal.ts';
import { assertGolden } from '../../support/golden.ts';
import { scene } from '../../support/record-lines.ts';
import { TerminalEmulator } from '../../support/terminal-emulator.ts';
import { type WatchOptions, watchedRun } from '../../support/watched-run.ts';

const FAULTS: WatchOptions['faults'] = exchange =>
  exchange % 7 === 3 ? { kind: 'status', status: 500 } : undefined;

const RUNS: Readonly<Record<string, WatchOptions>> = {
  'nine requests at once': { requests: 9, limit: null },
  'nine requests, three at a time': { requests: 9, limit: 3 },
  'one after another': { requests: 6, limit: 1 },
  'more requests than rows': { requests: 200, limit: 10, serviceMs: 100, faults: FAULTS },
  'more lanes than rows': { requests: 800, limit: 100, workers: 60, serviceMs: 300 },
  'more requests than are kept': { requests: 6000, limit: 50, workers: 40, serviceMs: 60 },
};

for (const [name, options] of Object.entries(RUNS)) {
  test(`${name}: at most ten writes a second, each whole, none of which takes most of the picture away`, () => {
    const { writes, final } = watchedRun(options);
    assert.ok(writes.length > 10);
    const terminal = new TerminalEmulator(90, 30);
    terminal.write('$ paceline fetch\r\n');
    let before = 0;
    for (const [i, { atMs, text }] of writes.entries()) {
      const isLast = i === writes.length - 1;
      assert.ok(text.startsWith('\x1b[?2026h') && text.trimEnd().endsWith('\x1b[?2026l'), 'in its brackets');
      assert.ok(!/\x1b\[2J|\x1b\[\?1049|\x1b\[H/.test(text), 'the screen is not cleared');
      if (i > 0 && !isLast) assert.ok(atMs - (writes[i - 1]?.atMs ?? 0) >= 100 - 1e-6, `write ${i}`);
      terminal.write(text);
      assert.equal(terminal.isSynchronized, false);
      assert.ok(terminal.shown * 2 >= before, `write ${i}: ${terminal.shown} after ${before}`);
      before = terminal.shown;
    }
    const plain = final.map(line => line.replace(/\x1b\[[\d;]*m/g, '').trimEnd());
    assert.deepEqual(terminal.lines(), ['$ paceline fetch', ...plain], 'the final picture, and nothing else');
  });
}

test('what is said meanwhile stands above, and the picture stays', () => {
  const { writes, final } = watchedRun({ requests: 9, limit: 3, says: [150, 1234, 1235, 2500] });
  const terminal = new TerminalEmulator(90, 30);
  for (const { text } of writes) {
    const before = terminal.shown;
    terminal.write(text);
    assert.ok(terminal.shown * 2 >= before);
  }
  assert.deepEqual(terminal.lines().slice(0, 4), [
    'said at 150',
    'said at 1234',
    'said at 1235',
    'said at 2500',
  ]);
  assert.equal(terminal.lines().length, 4 + final.length);
});

for (const reflows of [true, false]) {
  test(`narrower and wider again, on a terminal that ${reflows ? 'breaks' : 'cuts'} lines`, () => {
    const widths = [120, 50, 120] as const;
    const widthAt = (nowMs: number): number => widths[Math.min(2, Math.floor(nowMs / 1000))] as number;
    const terminal = new TerminalEmulator(120, 60);
    let columns = 120;
    const { writes, final } = watchedRun({
      ...{ requests: 9, limit: 3, color: 'none' },
      size: nowMs => ({ columns: widthAt(nowMs), rows: 60 }),
    });
    terminal.write('$ paceline fetch\r\n');
    for (const { atMs, text } of writes) {
      if (widthAt(atMs) !== columns) terminal.resize(widthAt(atMs), 60, { reflows });
      columns = widthAt(atMs);
      terminal.write(text); // it complains about a line that is too long
    }
    assert.deepEqual(
      terminal.lines().slice(-final.length),
      final.map(line => line.trimEnd()),
    );
    if (reflows) assert.deepEqual(terminal.lines().slice(0, -final.length), ['$ paceline fetch']);
  });
}

test('each row says by its glyphs alone what its colours say', () => {
  const looks = [...Object.values(SLICE_LOOKS), ...Object.values(MARK_LOOKS), OPEN_LOOK];
  for (const charset of ['unicode', 'ascii'] as const)
    assert.equal(new Set(looks.map(look => look[charset])).size, looks.length);
  const plain = watchedRun({ requests: 9, limit: 3, color: 'none' }).writes;
  const coloured = watchedRun({ requests: 9, limit: 3, color: 'truecolor' }).writes;
  const shown = (writes: typeof plain): string[][] => {
    const terminal = new TerminalEmulator(90, 30);
    return writes.map(({ text }) => {
      terminal.write(text);
      return terminal.lines();
    });
  };
  assert.deepEqual(shown(plain), shown(coloured));
  assert.doesNotMatch(plain.map(({ text }) => text).join(''), /\x1b\[[\d;]*m/);
});

test('drawing pays for itself: it takes no more than a hundredth of the time, but for one frame a second', () => {
  for (const costMs of [0, 1, 4, 10, 30, 400]) {
    const virtual = new VirtualClock();
    const clock: Clock = virtual;
    let frames = 0;
    const view = new LiveView({
      clock,
      size: () => ({ columns: 90, rows: 30 }),
      write: () => {},
      draw: () => {
        frames++;
        virtual.stall(costMs);
        return [String(frames)];
      },
    });
    while (clock.now() < 120_000) virtual.step();
    view.stop();
    const spentMs = frames * costMs;
    const said = `${frames} frames of ${costMs} ms`;
    if (costMs <= 10) assert.ok(spentMs <= 0.01 * clock.now() + 150 + costMs, said);
    assert.ok(frames >= Math.min(1190, (0.007 * clock.now()) / costMs), said);
    assert.ok(frames >= clock.now() / (1001 + costMs) && frames <= clock.now() / 100 + 1, said);
  }
});

test('from a minute on all of it takes no more than a hundredth, what is spent between frames included', () => {
  const virtual = new VirtualClock();
  const clock: Clock = virtual;
  let frames = 0;
  const keepingMs = (): number => clock.now() * 0.004; // ten thousand requests a second
  const view = new LiveView({
    ...{ clock, keepingMs, write: () => {}, size: () => ({ columns: 90, rows: 30 }) },
    draw: () => {
      frames++;
      virtual.stall(3);
      return [String(frames)];
    },
  });
  for (let second = 60; second <= 600; second += 60) {
    while (clock.now() < second * 1000) virtual.step();
    // What is spent between frames goes on while the next one waits.
    assert.ok(frames * 3 + keepingMs() <= 0.01 * clock.now() + 10, `${frames} frames in ${second} s`);
  }
  assert.ok(frames > 600, 'one a second at least');
  view.stop();
});

test('frames of a run that goes on, as a person has looked at them', () => {
  const texts: string[] = [];
  for (const [requests, limit, charset] of [
    [9, null, 'unicode'],
    [9, 3, 'ascii'],
    [300, 40, 'unicode'],
  ] as const) {
    const terminal = new TerminalEmulator(80, 24);
    const { writes } = watchedRun({
      ...{ requests, limit, charset, color: 'none', serviceMs: requests > 9 ? 200 : 1000 },
      size: () => ({ columns: 80, rows: 24 }),
    });
    for (const { atMs, text } of writes) {
      if (atMs > 1500) break;
      terminal.write(text);
    }
    texts.push(terminal.lines().join('\n'));
  }
  assertGolden('terminal/live.txt', `${texts.join('\n\n')}\n`);
});

test('what is in flight is drawn on its lane, after its earlier attempts, up to now', () => {
  const picture = new PictureModel();
  for (const one of scene({ requests: 2, limit: 2, spread: 0 })) picture.add(one);
  const first = { lane: 0, outcome: 'http_error', status: 503, startedMs: 1200, endedMs: 1400 } as const;
  const attempts = [
    {
      ...{ index: 2, lane: 1, createdMs: 0, dueMs: 1600, admittedMs: 1600 },
      tries: [{ ...first, phasesMs: { permit: 1200, network: 0, ttfb: 200 } }],
    },
  ];
  const live = new LivePicture(picture, { attempts, nowMs: 1900, expected: 3 });
  const options = { width: 80, charset: 'unicode', color: 'none' } as const;
  const row =
    drawTerminal({ run: { strategy: 'semaphore', concurrency: 2 }, picture: live }, options)[3] ?? '';
  assert.match(row, /^ {2}req 3 │·+▆+↻ +▆+▶ +│ 1.90 s$/);
});

test('the axis grows in steps, and always holds what is now', () => {
  let steps = 0;
  for (let nowMs = 0; nowMs < 3_600_000; nowMs += 100) {
    assert.ok(liveWindowMs(nowMs) > nowMs && liveWindowMs(nowMs) <= Math.max(2000, nowMs * 1.25));
    if (liveWindowMs(nowMs) !== liveWindowMs(nowMs + 100)) steps++;
  }
  assert.ok(steps < 40);
});

test('a small screen has no room for a picture', () => {
  assert.ok(hasRoomForPicture({ columns: 80, rows: 24 }));
  assert.ok(!hasRoomForPicture({ columns: 80, rows: 13 }));
  assert.ok(!hasRoomForPicture({ columns: 40, rows: 50 }));
});
