// What the attempts of a record say once more of the pace: on a server of the tests, without network or clock.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReplayedPace } from '../../src/control/replayed-pace.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';

function attempt(startedMs: number, endedMs: number, status = 200): AttemptEnd {
  const outcome = status === 200 ? 'ok' : 'http_error';
  return { lane: 0, outcome, status, startedMs, endedMs, phasesMs: {}, bytes: 0 };
}

/** So many in flight at a server of so many workers that takes a tenth of a second, first come, first served. */
function queued(workers: number, requests: number, inFlight = 8): AttemptEnd[] {
  const free = new Array<number>(workers).fill(0);
  const ends: number[] = [];
  return Array.from({ length: requests }, (_, n) => {
    const startedMs = n < inFlight ? 0 : (ends[n - inFlight] as number);
    const worker = free.indexOf(Math.min(...free));
    free[worker] = Math.max(startedMs, free[worker] as number) + 100 + (n % 7);
    ends[n] = free[worker] as number;
    return attempt(startedMs, ends[n] as number);
  });
}

const at = (origin: string) => ({ method: 'GET', url: `${origin}/items/1` });
const found = (replay: ReplayedPace) =>
  replay.found().origins.map(({ origin, finding }) => [origin, Math.round(finding.capacity ?? 0)]);

test('two hosts in one record are two findings, whatever the order of its lines', () => {
  const replay = new ReplayedPace();
  const [a, b] = [queued(3, 200), queued(5, 160)];
  for (let n = 199; n >= 0; n--) {
    replay.add(at('http://a'), [a[n] as AttemptEnd]);
    if (n < 160) replay.add(at('http://b'), [b[n] as AttemptEnd]);
  }
  assert.deepEqual(found(replay), [
    ['http://a', 3],
    ['http://b', 5],
  ]);
  assert.equal(replay.found().inFlightMax, 16);
});

test('the attempts of one request, which its line holds together, stand where they were', () => {
  const replay = new ReplayedPace();
  for (let n = 0; n < 400; n += 2) {
    // Ten a second are taken, from the eleventh on each second one is refused and comes again much later.
    const refused = attempt(n * 50 + 1, n * 50 + 3, 429);
    replay.add(
      at('http://a'),
      n > 20 ? [refused, attempt(n * 50 + 30_000, n * 50 + 30_020)] : [attempt(n * 50, n * 50 + 20)],
    );
  }
  const [one] = replay.found().origins;
  assert.match(one?.finding.mode ?? '', /rate|quota/);
});

test('of a record that is very long its first and its last attempts are told', () => {
  const replay = new ReplayedPace();
  const later = (ends: AttemptEnd[], byMs: number) =>
    ends.map(end => ({ ...end, startedMs: end.startedMs + byMs, endedMs: end.endedMs + byMs }));
  for (const end of queued(3, 2000)) replay.add(at('http://a'), [end]);
  for (const end of later(queued(3, 3000), 1e6)) replay.add(at('http://forgotten'), [end]);
  for (const end of later(queued(3, 8000, 4), 2e6)) replay.add(at('http://a'), [end]);
  assert.deepEqual(found(replay), [['http://a', 3]]);
});

test('instants that cannot be: it ends, and says something or nothing', () => {
  const replay = new ReplayedPace();
  assert.deepEqual(replay.found(), { origins: [], inFlightMax: 0 });
  for (let n = 0; n < 300; n++)
    replay.add(at('http://a'), [attempt(1e15 - n, n), attempt(5, 5), attempt(n, 0)]);
  assert.equal(replay.found().origins.length, 1);
});
