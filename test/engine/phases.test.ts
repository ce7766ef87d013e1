import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measurePhases } from '../../src/engine/phases.ts';

const AT = { startedMs: 100, sentMs: 110, headersMs: 1130, lastByteMs: 1135 };
const NONE = Number.NaN;

test('without a word of the server the wait is one span', () => {
  assert.deepEqual(measurePhases(AT, undefined, 0), { phasesMs: { network: 10, download: 5, ttfb: 1020 } });
});

test('what was not reached is left out', () => {
  assert.deepEqual(measurePhases({ ...AT, sentMs: NONE, headersMs: NONE, lastByteMs: NONE }, undefined, 0), {
    phasesMs: {},
  });
  assert.deepEqual(measurePhases({ ...AT, headersMs: NONE, lastByteMs: NONE }, undefined, 0).phasesMs, {
    network: 10,
  });
  assert.deepEqual(measurePhases({ ...AT, lastByteMs: NONE }, undefined, 0).phasesMs, {
    network: 10,
    ttfb: 1020,
  });
});

test('queue and service are placed in the middle of the wait, with the doubt this leaves', () => {
  const { phasesMs, server } = measurePhases(
    AT,
    { queueMs: 600, serviceMs: 400, worker: '2', workers: 3 },
    undefined,
  );
  assert.deepEqual(phasesMs, { network: 30, queue: 600, service: 400, download: 5 });
  assert.deepEqual(server, { worker: '2', workers: 3, arrivedMs: 120, doubtMs: 10 });
});

test('on one host the stamp places them exactly, unless it lies outside the wait', () => {
  const timing = { queueMs: 600, serviceMs: 400 };
  assert.deepEqual(measurePhases(AT, { ...timing, t0Ms: 5115 }, 5000).server, { arrivedMs: 115, doubtMs: 0 });
  assert.deepEqual(measurePhases(AT, { ...timing, t0Ms: 9999 }, 5000).server, {
    arrivedMs: 120,
    doubtMs: 10,
  });
});

test('a server that claims more time than there was is not believed', () => {
  const { phasesMs, server } = measurePhases(AT, { queueMs: 600, serviceMs: 430 }, 0);
  assert.deepEqual(phasesMs, { network: 10, download: 5, ttfb: 1020 });
  assert.equal(server, undefined);
});

test('with one part alone, the rest may hide the other: it stays a wait, not network', () => {
  const { phasesMs } = measurePhases(AT, { serviceMs: 1000 }, 0);
  assert.deepEqual(phasesMs, { network: 10, service: 1000, ttfb: 20, download: 5 });
});
