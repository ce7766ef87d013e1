import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INTERRUPTED } from '../../../src/cli/fetch/stopping.ts';
import { Troubles, troubleLine } from '../../../src/cli/fetch/troubles.ts';
import type { OutcomeError, OutcomeKind } from '../../../src/model/outcome.ts';
import type { HttpRequest } from '../../../src/model/request.ts';
import type { Settled } from '../../../src/model/settled.ts';

function settled(
  index: number,
  outcome: OutcomeKind,
  error?: OutcomeError,
  status?: number,
): Settled<HttpRequest> {
  const url = `http://a/${index}`;
  const request = { url, method: 'GET', headers: [], body: null, id: null, timeoutMs: null };
  const end = { lane: 0, outcome, status: status ?? null, startedMs: 0, endedMs: 1, phasesMs: {}, bytes: 0 };
  return { index, request, outcome, createdMs: 0, endedMs: 1, tries: [end], ...(error && { error }) };
}

test('failures are counted by kind with one example each, the most frequent first', () => {
  const troubles = new Troubles();
  troubles.add(settled(0, 'ok'));
  troubles.add(settled(1, 'http_error', undefined, 503));
  troubles.add(settled(2, 'network_error', { code: 'ECONNREFUSED', message: 'nobody listens' }));
  troubles.add(settled(3, 'network_error', { code: 'ECONNREFUSED', message: 'nobody listens' }));
  troubles.add(settled(4, 'cancelled', { code: INTERRUPTED, message: 'by you' }));
  assert.deepEqual(troubles.lines(), [
    '2 × network_error ECONNREFUSED, first: http://a/2 (nobody listens)',
    '1 × http_error 503, first: http://a/1',
  ]);
});

test('however much goes wrong, a few lines say it', () => {
  const troubles = new Troubles();
  for (let i = 0; i < 1000; i++) {
    troubles.add(settled(i, 'invalid_input', { code: 'ERR_INPUT_URL', message: `line ${i}: no` }));
    troubles.add(settled(i, 'network_error', { code: `E${i}`, message: 'x'.repeat(10_000) }));
  }
  const lines = troubles.lines();
  assert.equal(lines.length, 12);
  assert.equal(lines[0], 'invalid input: line 0: no');
  assert.equal(lines[5], 'and 995 more invalid inputs');
  assert.equal(lines[11], 'and 45 more kinds of failure');
  assert.ok(lines.every(line => line.length < 300));
});

test('the same bad input, repeated, is told once', () => {
  const troubles = new Troubles();
  for (let i = 0; i < 3; i++)
    troubles.add(settled(i, 'invalid_input', { code: 'ERR_INPUT_URL', message: 'line 4: no' }));
  assert.deepEqual(troubles.lines(), ['invalid input: line 4: no', 'and 2 more invalid inputs']);
});

test('each failure in a line of its own, with its status or its code', () => {
  const refused = { code: 'ECONNREFUSED', message: 'Nobody listens.' } as const;
  const invalid = { code: 'ERR_INPUT_URL', message: 'line 4: no' } as const;
  assert.deepEqual(
    [
      settled(0, 'ok'),
      settled(1, 'http_error', undefined, 503),
      settled(2, 'network_error', refused),
      settled(3, 'invalid_input', invalid),
    ].map(troubleLine),
    [
      null,
      'request 2: http_error 503 http://a/1',
      'request 3: network_error ECONNREFUSED http://a/2 (Nobody listens.)',
      'request 4: invalid_input ERR_INPUT_URL (line 4: no)',
    ],
  );
});
