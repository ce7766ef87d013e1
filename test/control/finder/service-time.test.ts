// The time on the wire when nothing waits, from requests most of which did wait.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openPaceFinder } from '../../../src/control/finder/open-pace-finder.ts';
import { ServiceTime } from '../../../src/control/finder/service-time.ts';
import { runToy } from './toy-server.ts';

describe('how long a server works on one request', () => {
  test('is the mean of what they took, where as many were in flight as it holds', () => {
    const service = new ServiceTime();
    assert.equal(service.ms, null);
    for (const tookMs of [90, 100, 110]) service.note(tookMs, 3, 3);
    assert.equal(service.ms, 100);
  });

  test('has no part of the line in it, also of those that ended before the capacity was known', () => {
    const service = new ServiceTime();
    for (let i = 0; i < 20; i++) service.note(800, 8, null);
    assert.equal(service.ms, 800, 'the best that is known by then');
    service.note(100, 1, 1);
    assert.ok(Math.abs((service.ms ?? 0) - 100) < 1e-9, `${service.ms}`);
  });

  test('is told anew when fewer are found to be held', () => {
    const service = new ServiceTime();
    for (let i = 0; i < 20; i++) service.note(200, 2, 2);
    service.note(200, 2, 1);
    assert.ok(Math.abs((service.ms ?? 0) - 100) < 1e-9, `${service.ms}`);
  });

  test('follows a server that changes', () => {
    const service = new ServiceTime();
    for (let i = 0; i < 1000; i++) service.note(100, 2, 2);
    for (let i = 0; i < 1000; i++) service.note(300, 2, 2);
    assert.ok((service.ms ?? 0) > 295, `${service.ms}`);
  });

  for (const workers of [1, 3, 8])
    test(`is told right after a short run, too: ${workers} workers`, () => {
      const finder = openPaceFinder({ maxLimit: 100 });
      runToy({ finder, requests: 20 * workers, workers: () => workers, serviceMs: () => 1000 });
      const { capacity, serviceMs } = finder.finding();
      assert.equal(capacity, workers);
      assert.ok(serviceMs !== null && Math.abs(serviceMs - 1000) <= 80, `${serviceMs}`);
    });
});
