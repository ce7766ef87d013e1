import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromeTraceUpTo, openChromeTrace } from '../../../src/reports/exports/chrome-trace.ts';
import { readChrome } from '../../support/exports/read-chrome.ts';
import { attemptsOf, simulatedRun, smallRun } from '../../support/exports/runs.ts';
import { feed } from '../../support/fed-report.ts';

const small = readChrome(feed(openChromeTrace, [smallRun()]).text);

test('a lane is a thread, an attempt a slice of it with its phases inside', () => {
  const lane = small.events.filter(({ ph, pid, tid }) => ph === 'X' && pid === 1 && tid === 3);
  assert.deepEqual(
    lane.map(({ name, ts, dur }) => `${name} ${ts} ${dur}`),
    [
      ...['GET 200 0 203250', 'network 0 2000', 'queue 2000 99000', 'service 101000 100000'],
      ...['network 201000 2000', 'download 203000 250'],
    ],
  );
  assert.equal(small.threads.get('1 3'), 'lane 2');
  assert.deepEqual(lane[0]?.args, {
    ...{ request: 2, attempt: 1, url: 'http://h/c', outcome: 'ok', status: 200, bytes: 22 },
  });
});

test('a server is a process with a thread for each worker, and an arrow leads to each service', () => {
  assert.equal(small.processes.get(2), 'server http://h (reported)');
  assert.equal(small.of('s').length, 2);
  const [, second] = small.of('f');
  assert.deepEqual([second?.pid, second?.ts, second?.bp], [2, 101_000, 'e']);
  assert.equal(small.threads.get(`2 ${second?.tid}`), 'worker 1');
});

test('what waits is in the waiting room, on no lane, until it is admitted or given up', () => {
  const waits = small.of('b', 'waiting room').map(({ args, ts, id }) => {
    const end = small.of('e').find(other => other.id === id);
    return [args?.request, args?.attempt, ts, end?.ts];
  });
  assert.deepEqual(waits.toSorted(), [
    ...[
      [1, 2, 200_000, 210_500],
      [3, 1, 0, 50_000],
      [4, 1, 0, 104_000],
      [5, 1, 0, 105_000],
    ],
    [6, undefined, 0, 311_000],
  ]);
});

test('endings are marked and counters count', () => {
  assert.deepEqual(
    small.of('i').map(({ name, ts }) => [name, ts]),
    [
      ['network_error', 105_000],
      ['timeout', 200_000],
      ['told to slow down (429)', 50_000],
      ['cancelled', 311_000],
    ],
  );
  assert.deepEqual(
    small.of('C', 'in flight').map(({ ts, args }) => [ts, args?.requests]),
    [
      [0, 3],
      [200_000, 2],
      [203_250, 1],
      [210_500, 2],
      [310_000, 1],
      [311_000, 0],
    ],
  );
  for (const [name, value] of [
    ['limit', 3],
    ['capacity', 2],
  ] as const)
    assert.deepEqual(
      small.of('C', name).map(({ ts, args }) => [ts, args?.requests]),
      [
        [0, value],
        [311_000, value],
      ],
    );
});

test('several runs are processes of one file', () => {
  const both = readChrome(feed(openChromeTrace, [smallRun(), smallRun()]).text);
  assert.deepEqual([...both.processes.keys()], [1, 2, 3, 4]);
  assert.equal(both.of('X').length, 2 * small.of('X').length);
});

test('beyond the cap the first requests are written whole, and it is said', () => {
  const { text, warnings } = feed(chromeTraceUpTo(5), [smallRun()]);
  assert.equal(readChrome(text).events.filter(({ cat }) => cat === 'attempt').length, 4);
  assert.match(
    warnings.join(),
    /^Only the first 4 of 7 attempts are in the Chrome trace, .*: write .pftrace/,
  );
});

test('simulated runs with faults and retries nest, and lose nothing', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const run = simulatedRun(seed);
    const trace = readChrome(feed(openChromeTrace, [run]).text);
    assert.equal(
      trace.events.filter(({ cat, ph }) => cat === 'attempt' && ph === 'X').length,
      attemptsOf(run),
    );
    for (const thread of trace.threads.values())
      assert.doesNotMatch(thread, /^lane.*overlap/, `seed ${seed}`);
    const most = Math.max(0, ...trace.of('C', 'in flight').map(({ args }) => Number(args?.requests)));
    assert.ok(most <= (run.run.concurrency ?? 0), `seed ${seed}: never above the limit`);
  }
});

test('how busy each event loop was is a counter of its own, in percent, until the end of the run', () => {
  const counter = (name: string) => small.of('C', name).map(({ ts, args }) => [ts, args?.['busy %']]);
  assert.deepEqual(counter('event loop main'), [
    ...[
      [0, 50],
      [100_000, 2],
      [300_000, 1.6],
      [311_000, 1.6],
    ],
  ]);
  assert.deepEqual(counter('event loop process 2'), [
    ...[
      [50_000, 100],
      [100_000, 0],
      [150_000, 33.3],
      [311_000, 33.3],
    ],
  ]);
});

test('a record that tells of no event loop gets no such counter', () => {
  const { events } = readChrome(feed(openChromeTrace, [simulatedRun(1)]).text);
  assert.ok(events.some(({ ph }) => ph === 'C'));
  assert.deepEqual(
    events.filter(({ name }) => name.startsWith('event loop')),
    [],
  );
});
