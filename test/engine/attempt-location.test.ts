// What an attempt tells of a redirect, for whoever decides where the request goes from there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Handler } from '../../src/engine/handler.ts';
import type { AttemptEnd, ResponseHeaders } from '../../src/model/attempt.ts';
import { startAttempt } from '../support/one-attempt.ts';

const RESET = { outcome: 'network_error', error: { code: 'ECONNRESET', message: 'reset' } } as const;

interface Given {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly keepLocation: boolean;
  readonly isCut?: boolean;
  readonly handler?: Handler;
}

/** One attempt that is answered at once. */
function endOf({ status, headers, keepLocation, isCut, handler }: Given): AttemptEnd {
  const { ends } = startAttempt({
    plan: { keepLocation },
    handler,
    openLane: events => ({
      send: () => {
        events.onSent();
        events.onHeaders(status, headers);
        if (isCut) events.onFailed(RESET, 0);
        else events.onEnd(0);
      },
      abort: () => {},
    }),
  });
  assert.equal(ends.length, 1);
  return ends[0] as AttemptEnd;
}

const LONGEST = `/${'x'.repeat(8191)}`;
const CASES: [what: string, status: number, location: string | string[] | undefined, told: boolean][] = [
  ['a redirect', 302, '/b', true],
  ['an answer that names a choice', 300, '/b', true],
  ['the longest', 308, LONGEST, true],
  ['one that is too long', 308, `${LONGEST}x`, false],
  ['two that contradict each other', 302, ['/b', '/c'], false],
  ['none', 302, undefined, false],
  ['a resource that was made', 201, '/b', false],
  ['an error', 400, '/b', false],
];
for (const [what, status, location, told] of CASES) {
  test(`the Location of ${what} is ${told ? '' : 'not '}told, and never unasked`, () => {
    const headers = location === undefined ? {} : { location };
    const end = endOf({ status, headers, keepLocation: true });
    assert.equal(end.location, told ? location : undefined);
    for (const other of [
      endOf({ status, headers, keepLocation: false }),
      endOf({ status, headers, keepLocation: true, isCut: true }),
    ])
      assert.equal('location' in other, false);
    assert.equal('location' in end, told);
  });
}

test('a redirect that is followed is nothing for the handler; any other response is', () => {
  const valueOfEnd = (status: number, headers: ResponseHeaders, keepLocation: boolean) =>
    endOf({ status, headers, keepLocation, handler: response => response.status }).value;
  const headers = { location: '/b' };
  assert.equal(valueOfEnd(302, headers, true), undefined);
  assert.equal(valueOfEnd(302, headers, false), 302);
  assert.equal(valueOfEnd(302, {}, true), 302);
  assert.equal(valueOfEnd(304, headers, true), 304);
  assert.equal(valueOfEnd(200, headers, true), 200);
});
