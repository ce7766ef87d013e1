// PCL1 there and back: what a page decodes is what the writer had, for records of every kind, in whole microseconds;
// and a block that was damaged is seen and costs no more than itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Random, seededRandom } from '../../src/base/random.ts';
import { OUTCOMES, type OutcomeKind } from '../../src/model/outcome.ts';
import type { RequestLine, TryLine } from '../../src/model/record.ts';
import { type Dataset, hashOf, LAST, PERMIT_SPAN, SPAN_NAMES } from '../../src/timeline/codec/dataset.ts';
import { isIntact, RunDecoder } from '../../src/timeline/codec/decode.ts';
import { type Block, encodeRun } from '../../src/timeline/codec/encode.ts';
import { Gathered } from '../../src/timeline/codec/gather.ts';
import { packColumns, unpackColumns } from '../../src/timeline/codec/planes.ts';
import { orderByTime } from '../../src/timeline/codec/row-order.ts';
import { Slices } from '../../src/timeline/slices.ts';
import { requestLine } from '../../src/trace/line.ts';
import { lineOf, modelLines } from '../support/queue-model.ts';
import { drawRecord } from '../support/random-record.ts';

const TEN_DAYS_MS = 10 * 24 * 3_600_000;

function gathered(lines: Iterable<RequestLine>): Dataset {
  const all = new Gathered();
  for (const line of lines) all.add(line);
  return all.end();
}

const blocksOf = (data: Dataset): Block[] => [...encodeRun(data, bytes => deflateRawSync(bytes))];

function decoded(data: Dataset, blocks: readonly Block[]): Dataset {
  const decoder = new RunDecoder(data);
  for (const { kind, bytes } of blocks) decoder.add(kind, inflateRawSync(bytes));
  return decoder.end();
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random.next() * from.length)] as T;
}

/** Lines whose spans are from nothing to ten days, with and without the server's times, which may not fit. */
function* wildLines(random: Random, requests: number): Generator<RequestLine> {
  const lanesFreeMs = Array.from({ length: 1 + Math.floor(random.next() * 6) }, () => 0);
  const longestMs = pick(random, [0.001, 3, 5000, TEN_DAYS_MS]);
  for (let index = 0; index < requests; index++) {
    const tries: TryLine[] = [];
    const createdMs = random.next() < 0.3 ? 0 : random.next() * longestMs;
    for (let left = Math.floor(random.next() * 4); left > 0; left--) {
      const lane = Math.floor(random.next() * lanesFreeMs.length);
      const startedMs = (lanesFreeMs[lane] as number) + random.next() * longestMs;
      const endedMs = startedMs + (random.next() < 0.1 ? 0 : random.next() * longestMs);
      lanesFreeMs[lane] = endedMs;
      tries.push(wildTry(random, { lane, startedMs, endedMs, left }));
    }
    yield {
      ...lineOf(index * pick(random, [1, 1, 7]), createdMs, tries),
      id: pick(random, [null, index, 'a']),
    };
  }
}

function wildTry(
  random: Random,
  one: { lane: number; startedMs: number; endedMs: number; left: number },
): TryLine {
  const { left, ...times } = one;
  const spanMs = times.endedMs - times.startedMs;
  const part = (): number => random.next() * spanMs * pick(random, [0.1, 0.3, 2]);
  const outcome: OutcomeKind = left === 1 ? pick(random, OUTCOMES) : 'network_error';
  return {
    ...times,
    outcome,
    status: random.next() < 0.5 ? null : pick(random, [200, 429, 500, 599]),
    phasesMs: {
      ...(random.next() < 0.7 && { permit: random.next() * pick(random, [1, 3_600_000]) }),
      ...(random.next() < 0.2 && { handover: random.next() * Math.min(1, times.startedMs) }),
      ...(random.next() < 0.8 && { network: part() }),
      ...(random.next() < 0.5 ? { queue: part(), service: part() } : { ttfb: part() }),
      ...(random.next() < 0.7 && { download: part() }),
    },
    ...(random.next() < 0.6 && {
      server: {
        worker: pick(random, ['1', 'é"\u0000']),
        workers: 3,
        arrivedMs: times.startedMs + part(),
        doubtMs: 1,
      },
    }),
    ...(outcome !== 'ok' && {
      error: { code: 'UNKNOWN', message: pick(random, ['', '</script>', '\ud800']) },
    }),
  };
}

for (let seed = 1; seed <= 40; seed++) {
  test(`records of a run, there and back, seed ${seed}`, () => {
    const { lines } = drawRecord(seededRandom(seed), 60);
    const settled = lines.flatMap(line => (line.settled ? [line.settled] : []));
    const data = gathered(settled.map(one => JSON.parse(requestLine(one, 'none')) as RequestLine));
    const back = decoded(data, blocksOf(data));
    assert.equal(hashOf(back), hashOf(data));
    assert.deepEqual(back.order, data.order);
  });

  test(`wild times, there and back, seed ${seed}`, () => {
    const random = seededRandom(1000 + seed);
    const data = gathered(wildLines(random, Math.floor(random.next() * 300)));
    const back = decoded(data, blocksOf(data));
    assert.equal(hashOf(back), hashOf(data));
    assert.deepEqual(Array.from(back.endUs), Array.from(data.endUs));
  });
}

test('more attempts than one block holds, on lanes that go on from block to block', () => {
  const data = gathered(modelLines({ requests: 150_000, lanes: 5, workers: 3, serviceMs: 2, retried: 0.02 }));
  const blocks = blocksOf(data);
  assert.equal(blocks.filter(({ kind }) => kind === 'attempts').length, 3);
  const back = decoded(data, blocks);
  assert.equal(back.lanes.length, 5);
  assert.equal(hashOf(back), hashOf(data));
});

test('a changed value changes the hash', () => {
  const data = gathered(modelLines({ requests: 20, lanes: 3, workers: 3, serviceMs: 2 }));
  const before = hashOf(data);
  (data.columns.service as Uint16Array)[7] = (data.columns.service[7] as number) + 1;
  assert.notEqual(hashOf(data), before);
});

test('spans end where the record says that the attempt ended, to the microsecond', () => {
  const random = seededRandom(77);
  for (const line of wildLines(random, 400)) {
    const data = gathered([line]);
    assert.equal(data.rows, line.tries.length);
    for (let row = 0; row < data.rows; row++) {
      const number = data.columns.number[row] as number;
      const one = line.tries[number - 1] as TryLine;
      assert.equal(data.endUs[row], Math.round(one.endedMs * 1000));
      assert.equal(
        (data.columns.flags[row] as number) & LAST ? number : -1,
        number === line.tries.length ? number : -1,
      );
    }
  }
});

test('the spans of an attempt are its slices', () => {
  const slices = new Slices();
  for (const line of modelLines({ requests: 50, lanes: 4, workers: 2, serviceMs: 30 })) {
    const data = gathered([line]);
    slices.fill(line.tries[0] as TryLine);
    const drawn = SPAN_NAMES.map(name => data.columns[name][0] as number).filter(us => us > 0);
    const sliced = Array.from({ length: slices.count }, (_, i) =>
      Math.round(((slices.tosMs[i] as number) - (slices.fromsMs[i] as number)) * 1000),
    );
    assert.equal(drawn.length, sliced.length);
    for (const [i, us] of drawn.entries()) assert.ok(Math.abs(us - (sliced[i] as number)) <= 1, `${us}`);
  }
});

test('no requests, and requests without an attempt', () => {
  const none = gathered([]);
  assert.equal(hashOf(decoded(none, blocksOf(none))), hashOf(none));
  const unsent = gathered([lineOf(4, 2, []), lineOf(1, 1, [])]);
  assert.deepEqual(Array.from(unsent.unsent.request), [1, 4]);
  assert.equal(hashOf(decoded(unsent, blocksOf(unsent))), hashOf(unsent));
});

test('an hour of waiting for a permit in a run of ten days', () => {
  const one: TryLine = {
    ...{ lane: 0, outcome: 'ok', status: 200, startedMs: TEN_DAYS_MS, endedMs: TEN_DAYS_MS + 1 },
    phasesMs: { permit: 7_200_000, network: 1 },
  };
  const data = gathered([lineOf(0, TEN_DAYS_MS - 7_200_000, [one])]);
  const back = decoded(data, blocksOf(data));
  assert.equal(back.beginUs[0], TEN_DAYS_MS * 1000);
  assert.equal(back.columns[SPAN_NAMES[PERMIT_SPAN] as 'permit'][0], 7_200_000_000);
  assert.equal(back.columns.early[0], 0);
});

test('any flipped bit is seen', () => {
  const data = gathered(modelLines({ requests: 200, lanes: 3, workers: 3, serviceMs: 2 }));
  const [block] = blocksOf(data) as [Block];
  assert.ok(isIntact(block));
  for (let bit = 0; bit < block.bytes.length * 8; bit += 37) {
    const bytes = block.bytes.slice();
    bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
    assert.ok(!isIntact({ ...block, bytes }), `bit ${bit}`);
  }
});

test('without a damaged block the rest is there, and the requests are not guessed', () => {
  const data = gathered(modelLines({ requests: 150_000, lanes: 5, workers: 3, serviceMs: 2 }));
  const blocks = blocksOf(data);
  const decoder = new RunDecoder(data);
  for (const [i, { kind, bytes }] of blocks.entries())
    if (i === 1) decoder.miss(kind);
    else decoder.add(kind, inflateRawSync(bytes));
  const back = decoder.end();
  assert.equal(back.rows, data.rows - 65_536);
  assert.equal(back.request, null);
  assert.equal(back.beginUs[0], data.beginUs[0]);
  assert.equal(back.endUs.at(-1), data.endUs.at(-1));
});

test('blocks of another shape are refused', () => {
  const packed = packColumns([{ values: [1, 2, 300] }]);
  for (let length = 0; length < packed.length; length++)
    assert.throws(() => unpackColumns(packed.slice(0, length)), RangeError);
  assert.throws(() => new RunDecoder({ doubtUs: 0, capacity: 0 }).add('attempts', packed), RangeError);
});

test('columns of every width, and below zero', () => {
  const columns = [
    [],
    [5, 5, 5],
    [-3, 0, 255],
    [0, 65_535],
    [2 ** 31, 2 ** 32 - 1],
    [0, 2 ** 40 + 1, -(2 ** 33)],
  ];
  const back = unpackColumns(packColumns(columns.map(values => ({ values }))));
  assert.deepEqual(
    back.map(values => Array.from(values)),
    columns,
  );
  const pair = unpackColumns(packColumns([{ values: [7, 9, 1] }, { values: [8, 8, 1], minus: 0 }]));
  assert.deepEqual(Array.from(pair[1] ?? []), [8, 8, 1]);
});

test('rows are ordered by time as a sort orders them, however they cluster', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = seededRandom(seed);
    const times = Float64Array.from({ length: Math.floor(random.next() * 2000) }, () =>
      random.next() < 0.9 ? Math.floor(random.next() * pick(random, [3, 1000])) : random.next() * 1e12,
    );
    const expected = Array.from(times.keys()).sort(
      (a, b) => (times[a] as number) - (times[b] as number) || a - b,
    );
    assert.deepEqual(Array.from(orderByTime(times)), expected);
  }
});
