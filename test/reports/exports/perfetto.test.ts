import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPerfetto, perfettoUpTo } from '../../../src/reports/exports/perfetto.ts';
import { headerLine, requestLine, resumedLine } from '../../../src/trace/line.ts';
import { sealed } from '../../../src/trace/seal.ts';
import { type ReadSlice, type ReadTrace, readPftrace } from '../../support/exports/read-pftrace.ts';
import { SMALL_RUN, simulatedRun, smallRun } from '../../support/exports/runs.ts';
import { feed, readBack, recorded } from '../../support/fed-report.ts';
import { aRequest, aSettled, aTry, scene } from '../../support/record-lines.ts';

const MS = 1_000_000n;

function onTrack(trace: ReadTrace, name: string): ReadSlice[] {
  return trace.slices.filter(slice => slice.track.name === name);
}

function inShort({ depth, name, fromNs, toNs }: ReadSlice): string {
  return `${'  '.repeat(depth)}${name} ${Number(fromNs) / 1e6}-${Number(toNs) / 1e6}`;
}

const small = readPftrace(feed(openPerfetto, [smallRun()]).bytes);

test('a lane is a track, an attempt a slice on it, a phase a slice in that', () => {
  assert.deepEqual(onTrack(small, 'lane 0').map(inShort), [
    ...['GET 200 0-104', '  network 0-2', '  service 2-101', '  network 101-103', '  download 103-104'],
    ...['GET network_error 104-105', '  network 104-105', 'GET cancelled 105-311', '  network 105-107'],
    '  ttfb 107-311',
  ]);
  assert.deepEqual(onTrack(small, 'lane 1').map(inShort), [
    // Its line came last, and its lane was taken in the instant of its end: the end makes room by a nanosecond.
    ...['GET 429 0-49.999999', '  network 0-2', '  ttfb 2-49.999999'],
    ...['POST timeout 50-200', '  network 50-52', '  ttfb 52-200'],
    ...['GET 200 210.5-310', '  network 210.5-212.5', '  ttfb 212.5-309.5', '  download 309.5-310'],
  ]);
});

test('tracks have an order of their own and are not merged by name', () => {
  const [root, ...others] = small.tracks;
  assert.ok(root);
  assert.deepEqual([root.name, root.parent, root.ordering], ['paceline', null, 3]);
  assert.ok(small.tracks.every(({ merge }) => merge === 2));
  const [run] = others.filter(({ parent }) => parent === root.uuid);
  assert.ok(run?.ordering === 3 && run.description?.includes('seed 7'));
  const inRun = others.filter(({ parent }) => parent === run.uuid).toSorted((a, b) => a.rank - b.rank);
  assert.deepEqual(
    inRun.map(({ name }) => name),
    [
      ...['in flight', 'at server', 'limit', 'capacity', 'waiting for a permit'],
      ...['event loop main busy %', 'event loop process 2 busy %'],
      ...['lane 0', 'lane 1', 'lane 2', 'server http://h (reported)'],
    ],
  );
  assert.equal(new Set(inRun.map(({ rank }) => rank)).size, inRun.length);
});

test("a server's worker is a track of the server's group, with an arrow from the queue to it", () => {
  const worker = onTrack(small, 'worker 1');
  assert.deepEqual(worker.map(inShort), ['GET 200 2-101', 'GET 200 101-201']);
  const sources = small.slices.filter(({ flowsOut }) => flowsOut.length > 0);
  assert.deepEqual(sources.map(({ name, fromNs }) => [name, fromNs]).toSorted(), [
    ['queue', 2n * MS],
    ['service', 2n * MS],
  ]);
  for (const { flowsOut, inside } of sources) {
    const [ends, ...more] = worker.filter(({ flowsIn }) => flowsIn[0] === flowsOut[0]);
    assert.equal(more.length, 0);
    assert.equal(ends?.facts.request, inside?.facts.request);
  }
});

test('counters are what can be counted from the slices, and share an axis', () => {
  const counter = (name: string) => [...small.counters].find(([track]) => track.name === name);
  const values = (name: string) => counter(name)?.[1].map(({ atNs, value }) => [Number(atNs) / 1e6, value]);
  assert.deepEqual(values('in flight'), [
    ...[
      [0, 3],
      [200, 2],
      [203.25, 1],
      [210.5, 2],
      [310, 1],
      [311, 0],
    ],
  ]);
  assert.deepEqual(values('limit'), [
    [0, 3],
    [311, 3],
  ]);
  assert.deepEqual(values('capacity'), [
    [0, 2],
    [311, 2],
  ]);
  assert.deepEqual(values('waiting for a permit'), [
    [0, 4],
    [50, 3],
    [104, 2],
    [105, 1],
    [200, 2],
    [210.5, 1],
    [311, 0],
  ]);
  const shared = ['in flight', 'at server', 'limit', 'capacity'].map(
    name => counter(name)?.[0].counter?.shareKey,
  );
  assert.equal(new Set(shared).size, 1);
  assert.ok(shared[0] && counter('waiting for a permit')?.[0].counter?.shareKey !== shared[0]);
});

test('the limit is that of the run that was at work; none where there was none for a while', () => {
  const settled = [...scene({ requests: 8, limit: 2, serviceMs: 100, rttMs: 0, spread: 0 })];
  const resumedAt = (atMs: number, concurrency: number | null): string =>
    sealed(resumedLine({ started: SMALL_RUN.started, atMs, strategy: 'semaphore', concurrency, seed: 1 }));
  const limitOf = (...resumed: string[]): [number, number][] | undefined => {
    const lines = [
      sealed(headerLine({ ...SMALL_RUN, concurrency: 2 })),
      ...settled.slice(0, 4).map(one => sealed(requestLine(one, 'none'))),
      ...resumed,
      ...settled.slice(4).map(one => sealed(requestLine(one, 'none'))),
    ];
    const { counters } = readPftrace(feed(openPerfetto, [readBack(lines)]).bytes);
    const [, values] = [...counters].find(([track]) => track.name === 'limit') ?? [];
    return values?.map(({ atNs, value }) => [Number(atNs) / 1e6, value]);
  };
  const endMs = Math.round(Math.max(...settled.map(one => one.endedMs)) * 1000) / 1000;
  assert.deepEqual(limitOf(resumedAt(200, 2)), [
    [0, 2],
    [endMs, 2],
  ]);
  assert.deepEqual(limitOf(resumedAt(200, 5), resumedAt(250, 7)), [
    [0, 2],
    [200, 5],
    [250, 7],
    [endMs, 7],
  ]);
  assert.equal(limitOf(resumedAt(200, null)), undefined);
  assert.equal(limitOf(resumedAt(200, null), resumedAt(250, 7)), undefined);
});

test('how busy each event loop was is a counter in percent, between the counters of requests and the lanes', () => {
  const loops = [...small.counters].filter(([{ name }]) => name.startsWith('event loop'));
  assert.deepEqual(
    loops.map(([{ name, counter }, values]) => [
      name,
      counter?.unitName,
      values.map(({ atNs, value }) => `${Number(atNs) / 1e6}: ${value}`).join(),
    ]),
    [
      ['event loop main busy %', '%', '0: 50,100: 2,300: 1.6,311: 1.6'],
      ['event loop process 2 busy %', '%', '50: 100,100: 0,150: 33.3,311: 33.3'],
    ],
  );
  const rankOf = (name: string): number =>
    small.tracks.find(track => track.name === name)?.rank ?? Number.NaN;
  const [main, process] = loops.map(([{ rank }]) => rank);
  assert.ok(rankOf('waiting for a permit') < Number(main) && Number(main) < Number(process));
  assert.ok(Number(process) < rankOf('lane 0'));
});

test('what ends badly is marked inside its attempt, and attempts of one request belong together', () => {
  assert.deepEqual(
    small.marks.map(({ name, inside }) => [name, inside?.name]),
    [
      ...[
        ['told to slow down (429)', 'GET 429'],
        ['network_error', 'GET network_error'],
      ],
      ...[
        ['timeout', 'POST timeout'],
        ['cancelled', 'GET cancelled'],
      ],
    ],
  );
  const attempts = small.slices.filter(({ category }) => category === 'attempt');
  const ofRequest = Map.groupBy(attempts, ({ facts }) => facts.request);
  assert.equal(ofRequest.get(1)?.length, 2);
  for (const [, [first, second]] of ofRequest)
    if (second) assert.equal(first?.correlation, second.correlation);
  assert.equal(new Set(attempts.map(({ correlation }) => correlation)).size, ofRequest.size);
});

test('several runs are groups of one file, each from its own zero', () => {
  const trace = readPftrace(feed(openPerfetto, [smallRun(), smallRun()]).bytes);
  assert.equal(trace.slices.length, 2 * small.slices.length);
  assert.equal(trace.tracks.filter(({ parent }) => parent === trace.tracks[0]?.uuid).length, 2);
  const correlations = trace.slices
    .filter(({ category }) => category === 'attempt')
    .map(one => one.correlation);
  assert.equal(new Set(correlations).size, 12);
  const flows = trace.slices.flatMap(({ flowsOut }) => flowsOut);
  assert.equal(new Set(flows).size, flows.length);
});

test('beyond the cap the first requests are written whole, and it is said', () => {
  const { bytes, warnings } = feed(perfettoUpTo(5), [smallRun()]);
  const attempts = readPftrace(bytes).slices.filter(({ category }) => category === 'attempt');
  // The fifth request has two attempts, and would make six.
  assert.equal(attempts.length, 4);
  assert.deepEqual(warnings, [
    'Only the first 4 of 7 attempts are in the Perfetto trace, whose readers bear no more: ' +
      'write .html for all of them.',
  ]);
  assert.deepEqual(feed(perfettoUpTo(7), [smallRun()]).warnings, []);
});

test('what overlaps on its lane or worker gets a track beside it', () => {
  const one = (index: number) =>
    aSettled({ index, tries: [aTry({ startedMs: index, endedMs: index + 10 })] });
  const trace = readPftrace(
    feed(openPerfetto, [recorded(SMALL_RUN, [one(0), one(1), one(2), one(10)])]).bytes,
  );
  assert.deepEqual(
    trace.slices.filter(({ depth }) => depth === 0).map(({ track, facts }) => [track.name, facts.request]),
    [
      ['lane 0', 0],
      ['lane 0 (overlap)', 1],
      ['lane 0 (overlap)', 2],
      ['lane 0', 10],
    ],
  );
  const many = Array.from({ length: 40 }, (_, index) => aSettled({ index, tries: [aTry({ endedMs: 9 })] }));
  const { bytes, warnings } = feed(openPerfetto, [recorded(SMALL_RUN, many)]);
  assert.equal(readPftrace(bytes).slices.filter(({ depth }) => depth === 0).length, 32);
  assert.match(warnings.join(), /^8 attempts of the record overlap/);
});

test('servers: each has its group, one capacity is drawn and several are not, and tracks are not without end', () => {
  const served = (index: number, url: string, worker: string, doubtMs = 0) =>
    aSettled({
      index,
      request: aRequest({ url }),
      tries: [
        aTry({
          ...{
            startedMs: index * 10,
            endedMs: index * 10 + 9,
            phasesMs: { network: 1, queue: 2, service: 3 },
          },
          server: { worker, workers: 4, arrivedMs: index * 10 + 1, doubtMs },
        }),
      ],
    });
  const traceOf = (settled: Parameters<typeof recorded>[1]) =>
    readPftrace(feed(openPerfetto, [recorded(SMALL_RUN, settled)]).bytes);
  const two = traceOf([served(0, 'http://a/', '1', 0.5), served(1, 'http://b/', '1')]);
  const groups = two.tracks.filter(({ name }) => name.startsWith('server ')).map(({ name }) => name);
  assert.deepEqual(groups, ['server http://a (reported)', 'server http://b (reported)']);
  assert.ok(!two.tracks.some(({ name }) => name === 'capacity'));
  const doubts = two.slices
    .filter(({ category }) => category === 'attempt')
    .map(one => one.facts.serverDoubtMs);
  assert.deepEqual(doubts, [0.5, undefined]);
  const many = traceOf(Array.from({ length: 1100 }, (_, index) => served(index, 'http://a/', `w${index}`)));
  assert.equal(many.tracks.filter(({ name }) => name.startsWith('worker ')).length, 1000);
  assert.equal(many.slices.filter(({ category }) => category === 'attempt').length, 1100);
});

test('more names than are numbered are written out; ids of every kind of number are told', () => {
  const settled = Array.from({ length: 1200 }, (_, index) =>
    aSettled({
      index,
      request: aRequest({ method: `M${index}`, id: index % 2 === 0 ? -index - 0.5 : -index }),
      tries: [aTry({ startedMs: index, endedMs: index + 1 })],
    }),
  );
  const { bytes } = feed(openPerfetto, [recorded(SMALL_RUN, settled)]);
  const attempts = readPftrace(bytes).slices.filter(({ category }) => category === 'attempt');
  assert.deepEqual(
    attempts.map(({ name, facts }) => [name, facts.id]),
    settled.map(({ request }, index) => [`M${index} 200`, request.id]),
  );
});

test('a long run writes as it is fed, its counter folded and never too low', () => {
  const run = recorded(
    { ...SMALL_RUN, concurrency: 50 },
    scene({ requests: 5000, limit: 50, serverWorkers: 50, serviceMs: 10 }),
  );
  const { bytes, pieces } = feed(openPerfetto, [run]);
  assert.ok(pieces > bytes.length / 200_000, `${pieces} pieces`);
  const trace = readPftrace(bytes);
  const [, inFlight = []] = [...trace.counters].find(([track]) => track.name === 'in flight') ?? [];
  assert.ok(inFlight.length < 17_000);
  assert.equal(Math.max(...inFlight.map(({ value }) => value)), 50);
  assert.equal(inFlight.at(-1)?.value, 0);
});

test('lanes of simulated runs never need a second track, whatever order their lines come in', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const trace = readPftrace(feed(openPerfetto, [simulatedRun(seed)]).bytes);
    for (const { name, depth, track, category, fromNs, toNs } of trace.slices) {
      assert.doesNotMatch(track.name, /^lane.*overlap/, `seed ${seed}`);
      // One without length may lie in its neighbour: nothing of it is seen there.
      if (toNs === fromNs) continue;
      assert.equal(depth, category === 'phase' ? 1 : 0, `seed ${seed}: ${name}`);
    }
  }
});
