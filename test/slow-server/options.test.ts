import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  describeSlowServer,
  isLoopback,
  readServerFlags,
  resolveSlowServer,
} from '../../src/slow-server/options.ts';

test('without options it is the server of the talk', () => {
  const plan = resolveSlowServer({});
  assert.equal(describeSlowServer(plan), '3 sync workers, 1 s a request');
  assert.equal(plan.host, '127.0.0.1');
});

test('wrong options are refused by name', () => {
  const invalid = (message: RegExp) => ({ code: 'ERR_OPTION_INVALID', message });
  assert.throws(
    () => resolveSlowServer({ workers: 0 }),
    invalid(/`workers` to be a whole number from 1 to 256, got 0/),
  );
  assert.throws(() => resolveSlowServer({ port: 70_000 }), invalid(/`port`/));
  assert.throws(() => resolveSlowServer({ backlog: 1.5 }), invalid(/`backlog`/));
  assert.throws(() => resolveSlowServer({ host: '' }), invalid(/`host`/));
  const stray = { wrokers: 3 } as object;
  assert.throws(() => resolveSlowServer(stray), { code: 'ERR_OPTION_UNKNOWN', message: /`wrokers`/ });
});

test('flags become options', () => {
  assert.deepEqual(readServerFlags({}), {});
  assert.deepEqual(readServerFlags({ delay: 'exp(1s)', rateLimit: '10/s' }), {
    serviceTime: { kind: 'exponential', meanMs: 1000 },
    rateLimit: { count: 10, windowMs: 1000 },
  });
  assert.deepEqual(readServerFlags({ cpuMs: 50 }), {
    serviceTime: { kind: 'constant', ms: 50 },
    burnCpu: true,
  });
  assert.throws(() => readServerFlags({ delay: '1s', cpuMs: 50 }), { code: 'ERR_OPTION_CONFLICT' });
  assert.throws(() => readServerFlags({ cpuMs: 61_000 }), { message: /--cpu: expected at most 60 s/ });
  assert.throws(() => readServerFlags({ delay: '61s' }), { message: /--delay: 61s is longer/ });
});

test('W07, S01: only this machine is loopback', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '::1'])
    assert.equal(isLoopback(host), true, host);
  for (const host of ['0.0.0.0', '::', '127.0.0.1.example.org', '10.0.0.1'])
    assert.equal(isLoopback(host), false, host);
});
