// Who waits for a rate and leaves takes nothing along, and who comes from inside the run's own calls waits as all do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { many, refusal, runHosts } from '../support/host-run.ts';

test('B05: half of those who wait for the rate are cancelled: the others move up, and no start is lost', () => {
  const requests = Array.from({ length: 40 }, (_, i) => `${i % 2 === 0 ? 'a' : 'b'}${i}`);
  const { startsOf, settled } = runHosts(
    requests,
    ({ request }) => (request === 'a0' ? refusal(3_600_000) : { afterMs: 1 }),
    { rate: { count: 10, windowMs: 1000 }, limit: 40 },
  );
  assert.deepEqual(startsOf('a'), [0]);
  assert.deepEqual(
    startsOf('b'),
    Array.from({ length: 20 }, (_, i) => 100 * (i + 1)),
  );
  const left = settled.filter(({ error }) => error?.code === 'HOST_CLOSED');
  assert.equal(left.length, 19);
  assert.ok(left.every(({ tries }) => tries.length === 0));
});

test('B07: without a limit, with inputs that come from inside its own calls, no window holds more than the cap', () => {
  const waiting = many('a', 5);
  let given = 0;
  const requests = {
    *[Symbol.iterator]() {
      for (; given < 60; given++) yield waiting[given] ?? `a${given}`;
    },
  };
  const more = (): void => void waiting.push(`a${waiting.length}`, `b${waiting.length}`);
  const { starts } = runHosts(
    requests,
    () => {
      more();
      return { afterMs: 0 };
    },
    {
      limit: Number.POSITIVE_INFINITY,
      rate: { count: 3, windowMs: 100 },
      burst: 1,
      policy: { rate: { count: 3, windowMs: 100 } },
    },
  );
  assert.equal(starts.length, 60);
  for (const { atMs } of starts) {
    const window = starts.filter(other => other.atMs >= atMs && other.atMs < atMs + 100 - 1e-9);
    assert.ok(window.length <= 3, `${window.length} in the window from ${atMs}`);
  }
});
