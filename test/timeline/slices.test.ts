// Where the phases of an attempt are placed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { type DrawnTry, SLICE_KINDS, Slices } from '../../src/timeline/slices.ts';
import { aTry } from '../support/record-lines.ts';

function placed(one: Partial<DrawnTry>): string[] {
  const slices = new Slices();
  slices.fill(aTry(one));
  return Array.from({ length: slices.count }, (_, i) => {
    const span = [slices.fromsMs[i], slices.tosMs[i]].map(ms => Number(ms?.toFixed(3))).join('–');
    return `${SLICE_KINDS[slices.kinds[i] as number]} ${span}`;
  });
}

test('the queue starts when the server got the request, and the rest of the wait is network', () => {
  const phasesMs = { permit: 10, network: 8, queue: 20, service: 50, download: 2 };
  assert.deepEqual(placed({ startedMs: 10, endedMs: 90, phasesMs, server: { arrivedMs: 15, doubtMs: 0 } }), [
    'permit 0–10',
    'network 10–15',
    'queue 15–35',
    'service 35–85',
    'network 85–88',
    'download 88–90',
  ]);
});

test('a silent server gives one slice that is not split', () => {
  const phasesMs = { network: 2, ttfb: 70, download: 3 };
  assert.deepEqual(placed({ endedMs: 75, phasesMs }), ['network 0–2', 'ttfb 2–72', 'download 72–75']);
});

test('a server that tells only its service leaves a rest around it', () => {
  const phasesMs = { network: 2, ttfb: 20, service: 50, download: 3 };
  assert.deepEqual(placed({ endedMs: 75, phasesMs, server: { arrivedMs: 12, doubtMs: 10 } }), [
    'network 0–2',
    'ttfb 2–12',
    'service 12–62',
    'ttfb 62–72',
    'download 72–75',
  ]);
});

test('server times that exceed the wait are not drawn as such', () => {
  const phasesMs = { network: 2, queue: 500, service: 500 };
  assert.deepEqual(placed({ endedMs: 100, phasesMs, server: { arrivedMs: 1, doubtMs: 0 } }), [
    'network 0–2',
    'ttfb 2–100',
  ]);
});

test('what was going on when an attempt failed is drawn to its end', () => {
  const failed = { outcome: 'timeout', status: null, endedMs: 100 } as const;
  assert.deepEqual(placed({ ...failed, phasesMs: {} }), ['network 0–100']);
  assert.deepEqual(placed({ ...failed, phasesMs: { network: 4 } }), ['network 0–4', 'ttfb 4–100']);
  assert.deepEqual(placed({ ...failed, phasesMs: { network: 4, ttfb: 6 } }), [
    'network 0–4',
    'ttfb 4–10',
    'download 10–100',
  ]);
});

test('time after the last byte is our own code', () => {
  const phasesMs = { network: 4, queue: 1, service: 10, download: 1, handler: 84 };
  assert.deepEqual(
    placed({ endedMs: 100, phasesMs, server: { arrivedMs: 2, doubtMs: 0 } }).at(-1),
    'handler 16–100',
  );
  assert.deepEqual(
    placed({ endedMs: 100, phasesMs: { network: 4, ttfb: 11, download: 1, handler: 84 } }).at(-1),
    'handler 16–100',
  );
  assert.deepEqual(placed({ endedMs: 50, phasesMs: {} }), ['handler 0–50']);
});

test('slices lie in order, touch, and stay inside the attempt, whatever the numbers', () => {
  const random = seededRandom(5);
  const span = (): number => (random.next() < 0.2 ? 0 : random.next() * 100);
  const slices = new Slices();
  for (let i = 0; i < 5000; i++) {
    const startedMs = span();
    const endedMs = startedMs + span();
    const phasesMs = { permit: span(), network: span(), queue: span(), service: span(), download: span() };
    const server = { arrivedMs: startedMs + span() - 20, doubtMs: span() };
    slices.fill(aTry({ startedMs, endedMs, phasesMs, ...(random.next() < 0.7 && { server }) }));
    let atMs = startedMs - phasesMs.permit;
    for (let place = 0; place < slices.count; place++) {
      assert.ok((slices.fromsMs[place] as number) >= atMs - 1e-9, `attempt ${i}`);
      atMs = slices.tosMs[place] as number;
    }
    assert.ok(atMs <= Math.max(startedMs, endedMs) + 1e-9, `attempt ${i}`);
  }
});
