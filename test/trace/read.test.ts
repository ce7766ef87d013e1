// A record read back is what was written; one that is not ours, not whole or not true is refused by its line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { footerLine, headerLine, intentLine, requestLine, resumedLine } from '../../src/trace/line.ts';
import { type RecordEnd, type RecordItem, readRecord } from '../../src/trace/read.ts';
import { sealed } from '../../src/trace/seal.ts';
import { SummaryBuilder } from '../../src/trace/summary.ts';
import { scene } from '../support/record-lines.ts';

const run = {
  version: '0.1.0',
  started: '2026-11-23T00:00:00Z',
  strategy: 'async',
  concurrency: null,
  seed: 7,
};

function written(): string[] {
  const builder = new SummaryBuilder();
  const lines = [headerLine(run)];
  for (const settled of scene({ requests: 4 })) {
    builder.add(settled);
    lines.push(requestLine(settled, 'auto'));
  }
  const usage = { realMs: 1, userMs: 1, sysMs: 1, peakMemoryBytes: 1, processes: 1, threads: 1 };
  return [...lines, footerLine(builder.summary('complete', { usage }))];
}

function read(lines: Iterable<string>): { items: RecordItem[]; end: RecordEnd } {
  const items: RecordItem[] = [];
  const reading = readRecord(lines);
  for (;;) {
    const step = reading.next();
    if (step.done) return { items, end: step.value };
    items.push(step.value);
  }
}

/** What another program, or an enemy, may have written of an event loop. */
const WRONG_LOOPS: readonly unknown[] = [
  null,
  'main',
  { everyMs: 20, busy: [] },
  { of: '<b>', everyMs: 20, busy: [] },
  { of: 'thread', worker: -1, everyMs: 20, busy: [] },
  { of: 'main', fromMs: -1, everyMs: 20, busy: [] },
  { of: 'main', everyMs: 0, busy: [] },
  { of: 'main', everyMs: 1e13, busy: [] },
  { of: 'main', everyMs: 20 },
  { of: 'main', everyMs: 20, busy: [1.01] },
  { of: 'main', everyMs: 20, busy: [-0.001] },
  { of: 'main', everyMs: 20, busy: ['0.5'] },
  { of: 'main', everyMs: 20, busy: new Array(4097).fill(0) },
];

const damagedAt =
  (line: number, words = /./) =>
  (error: { code: string; message: string }) =>
    error.code === 'ERR_RECORD_DAMAGED' &&
    error.message.includes(`line ${line} `) &&
    words.test(error.message);

test('what was written is read', () => {
  const lines = written();
  const { items, end } = read([...lines, '']);
  assert.deepEqual(
    items.map(item => item.kind),
    ['header', 'request', 'request', 'request', 'request', 'footer'],
  );
  assert.deepEqual(end, { requests: 4, complete: true, tornLine: null });
  const [, second] = items;
  assert.deepEqual(second?.kind === 'request' && second.request, JSON.parse(lines[1] as string));
});

test('intents, the place where a run went on, and what it took back are read too', () => {
  const [header = '', first = '', second = ''] = written();
  const resumed = { started: run.started, atMs: 2.5, strategy: 'async', concurrency: null, seed: 8 };
  const lines = [
    header,
    intentLine({ index: 1, attempt: 1 }),
    first,
    ' '.repeat(70),
    resumedLine(resumed),
    second,
  ];
  const { items, end } = read([...lines.map(line => (line.startsWith(' ') ? line : sealed(line))), '']);
  assert.deepEqual(
    items.map(item => item.kind),
    ['header', 'intent', 'request', 'resumed', 'request'],
  );
  assert.deepEqual(items[1], { kind: 'intent', intent: { index: 1, attempt: 1 } });
  assert.deepEqual(items[3], { kind: 'resumed', resumed });
  assert.deepEqual(end, { requests: 2, complete: false, tornLine: null });
  for (const bad of ['{"intent":{"index":-1,"attempt":1}}', '{"intent":7}', '{"resumed":{"atMs":0}}'])
    assert.throws(() => read([sealed(header), sealed(bad), '']), damagedAt(2));
});

test('a torn last line is reported, at every place where a line can tear', () => {
  const lines = written();
  const last = lines[4] as string;
  for (let cut = 1; cut < last.length; cut += 7) {
    const { end } = read([...lines.slice(0, 4), last.slice(0, cut)]);
    assert.deepEqual(end, { requests: 3, complete: false, tornLine: 5 });
  }
});

test('a cut line in the middle is damage, told by its number', () => {
  const lines = written();
  assert.throws(() => read([...lines.slice(0, 2), '{"index":', ...lines.slice(2)]), damagedAt(3, /not JSON/));
  assert.throws(() => read([...lines.slice(0, 2), '{"index":', '']), damagedAt(3, /not JSON/));
});

test('J05: every byte of a record, changed into any other, is seen and located', () => {
  const lines = [...written().slice(0, 3), written()[5] as string].map(sealed);
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const random = seededRandom(5);
  for (let at = 0; at < bytes.length; at++) {
    const line = 1 + bytes.subarray(0, at).filter(byte => byte === 10).length;
    for (const to of [0x20, 0x0a, 0x7b, 0x22, Math.floor(random.next() * 256)]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = to;
      if (damaged.equals(bytes)) continue;
      assert.throws(
        () => read(damaged.toString().split('\n')),
        (error: { code: string; message: string }) =>
          (error.code === 'ERR_RECORD_DAMAGED' &&
            new RegExp(`line (${line}|${line + 1}) `).test(error.message)) ||
          assert.fail(`byte ${at} as ${to}: ${error.message}`),
      );
    }
  }
});

test('a first line without a checksum speaks for all: none of the others has one', () => {
  const lines = written();
  assert.throws(() => read([lines[0] as string, sealed(lines[1] as string), '']), damagedAt(2, /checksum/));
  assert.throws(() => read([sealed(lines[0] as string), lines[1] as string, '']), damagedAt(2, /checksum/));
  const renamed = sealed(lines[0] as string).replace('"crc"', '"crb"'); // with no other line to give it away
  assert.throws(() => read([renamed, '']), damagedAt(1, /has 'crb', which no first line has/));
});

test('another version and other files are refused', () => {
  assert.throws(() => read(['{"paceline":2,"run":{}}']), { code: 'ERR_RECORD_VERSION' });
  assert.throws(() => read(['{"log":{}}']), damagedAt(1, /first line/));
  assert.throws(() => read([]), damagedAt(1));
  assert.throws(() => read(['not json at all']), damagedAt(1));
  assert.throws(() => read(['[1]']), damagedAt(1));
  assert.throws(() => read(['{"paceline":1}']), damagedAt(1, /run/));
});

test('a line after the summary is damage', () => {
  const lines = written();
  assert.throws(() => read([...lines, lines[1] as string]), damagedAt(7, /summary/));
});

const PACE = {
  origin: 'http://a',
  mode: 'rate',
  limit: 3,
  reason: 'because',
  says: '3',
  changes: [[0, 3, 'because']],
};
const WRONG_PACES: readonly unknown[] = [
  PACE,
  [PACE, null],
  [{ ...PACE, origin: 7 }],
  [{ ...PACE, limit: -1 }],
  [{ ...PACE, says: undefined }],
  [{ ...PACE, limit: null }],
  [{ ...PACE, capacity: '3' }],
  [{ ...PACE, changes: undefined }],
  [{ ...PACE, changes: [[0, 3]] }],
  [{ ...PACE, changes: [[0, 1e300, 'because']] }],
  [{ ...PACE, changes: new Array(5000).fill([0, 3, 'because']) }],
  new Array(1025).fill(PACE),
];

test('no field is believed', () => {
  const lines = written();
  const good = JSON.parse(lines[1] as string);
  const wrong: [string, unknown][] = [
    ['index', -1],
    ['index', 1.5],
    ['outcome', 'fine'],
    ['outcome', 'constructor'],
    ['url', null],
    ['id', {}],
    ['status', '200'],
    ['endedMs', null],
    ['createdMs', 1e13],
    ['endedMs', -1e13],
    ['bytes', 'many'],
    ['lane', -1],
    ['tries', {}],
    ['tries', [null]],
    ['tries', [{ ...good.tries[0], phasesMs: { queue: -1 } }]],
    ['tries', [{ ...good.tries[0], phasesMs: { queue: '1' } }]],
    ['tries', [{ ...good.tries[0], server: { arrivedMs: 'now', doubtMs: 0 } }]],
    ['tries', [{ ...good.tries[0], lane: 1e300 }]],
    ['error', 'text'],
    ['body', 7],
    ['bodyEncoding', 'hex'],
  ];
  for (const [field, value] of wrong) {
    const line = JSON.stringify({ ...good, [field]: value });
    assert.throws(() => read([lines[0] as string, line]), damagedAt(2, new RegExp(field)), line);
  }
  const infinite = (lines[1] as string).replace(/"endedMs":[\d.]+/, '"endedMs":1e999');
  assert.throws(() => read([lines[0] as string, infinite]), damagedAt(2, /endedMs/));
  const summary = JSON.parse(lines[5] as string).summary;
  for (const part of [
    { serviceMs: { p50: 1 } },
    { outcomes: { ok: 'x' } },
    { usage: {} },
    { makespanMs: -1 },
    ...WRONG_LOOPS.map(loop => ({ eventLoops: [{ of: 'main', everyMs: 20, busy: [0.5] }, loop] })),
    { eventLoops: { of: 'main', everyMs: 20, busy: [] } },
    ...WRONG_PACES.map(pace => ({ pace })),
    { eventLoops: new Array(1025).fill({ of: 'main', everyMs: 20, busy: [] }) },
  ])
    assert.throws(
      () => read([lines[0] as string, JSON.stringify({ summary: { ...summary, ...part } })]),
      damagedAt(2, new RegExp(Object.keys(part)[0] as string)),
    );
});
