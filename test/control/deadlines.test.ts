import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../src/base/clock.ts';
import { seededRandom } from '../../src/base/random.ts';
import { Deadlines } from '../../src/control/deadlines.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';

function opened() {
  const clock = new VirtualClock();
  let scheduled = 0;
  const counting: Clock = {
    now: () => clock.now(),
    schedule: (atMs, fire) => {
      scheduled++;
      return clock.schedule(atMs, fire);
    },
  };
  const due: string[] = [];
  const deadlines = new Deadlines(counting, key => due.push(`${clock.now()} ${key}`));
  return { clock, deadlines, due, scheduled: () => scheduled };
}

test('each deadline is told once, exactly when it passes', () => {
  const { clock, deadlines, due } = opened();
  deadlines.set(0, 300);
  deadlines.set(3, 100);
  deadlines.set(1, 200);
  deadlines.set(1, 250); // moved
  deadlines.set(2, 100);
  deadlines.set(4, 120);
  deadlines.clear(4);
  while (clock.step());
  assert.deepEqual(due, ['100 2', '100 3', '250 1', '300 0']);
});

test('deadlines that are met cost one timer among them', () => {
  const { clock, deadlines, due, scheduled } = opened();
  for (let i = 0; i < 1000; i++) {
    deadlines.set(i % 10, 1000 + i);
    deadlines.clear(i % 10);
  }
  assert.equal(scheduled(), 1);
  while (clock.step());
  assert.deepEqual(due, []);
});

test('closing forgets them all and leaves no timer', () => {
  const { clock, deadlines, due } = opened();
  deadlines.set(0, 10);
  deadlines.close();
  assert.equal(clock.step(), false);
  assert.deepEqual(due, []);
  deadlines.set(0, 10); // and it can be used again
  while (clock.step());
  assert.deepEqual(due, ['10 0']);
});

test('whatever is set, moved and cleared: as many simple timers would tell', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed);
    const { clock, deadlines, due } = opened();
    const expected = new Map<number, number>();
    const told: string[] = [];
    const advance = (untilMs: number): void => {
      clock.schedule(untilMs, () => undefined);
      while (clock.nextMs() <= untilMs) clock.step();
      const passed = [...expected]
        .filter(([, atMs]) => atMs <= untilMs)
        .sort((a, b) => a[1] - b[1] || a[0] - b[0]);
      for (const [key, atMs] of passed) {
        told.push(`${atMs} ${key}`);
        expected.delete(key);
      }
    };
    for (let step = 0; step < 60; step++) {
      const key = Math.floor(random.next() * 6);
      const draw = random.next();
      if (draw < 0.5) {
        const atMs = clock.now() + 1 + Math.floor(random.next() * 50);
        deadlines.set(key, atMs);
        expected.set(key, atMs);
      } else if (draw < 0.7) {
        deadlines.clear(key);
        expected.delete(key);
      } else advance(clock.now() + Math.floor(random.next() * 20));
    }
    advance(clock.now() + 100);
    assert.deepEqual(due, told, `seed ${seed}`);
  }
});

test('a deadline that is moved while another one is told does not count as passed', () => {
  const clock = new VirtualClock();
  const told: number[] = [];
  const deadlines = new Deadlines(clock, key => {
    told.push(key);
    if (key !== 0) return;
    deadlines.set(1, 50); // another attempt has begun on this lane
    deadlines.clear(2);
  });
  for (const key of [0, 1, 2, 3]) deadlines.set(key, 10);
  while (clock.step());
  assert.deepEqual(told, [0, 3, 1]);
});
