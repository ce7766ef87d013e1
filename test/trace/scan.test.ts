// A record looked through to go on from it: cut anywhere, damaged anywhere, fed in pieces of any size.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, seededRandom } from '../../src/base/random.ts';
import type { RequestLine } from '../../src/model/record.ts';
import { footerLine, headerLine, intentLine, requestLine } from '../../src/trace/line.ts';
import { RecordScan, type ScannedRecord, type ScanOptions } from '../../src/trace/scan.ts';
import { sealed } from '../../src/trace/seal.ts';
import { settledOf } from '../../src/trace/settled-of.ts';
import { SummaryBuilder } from '../../src/trace/summary.ts';
import { A_RUN, type DrawnRecord, drawRecord } from '../support/random-record.ts';
import { aRequest, aSettled, aTry } from '../support/record-lines.ts';

const RECORDS = 110;
const encoder = new TextEncoder();

function scan(
  bytes: Uint8Array,
  options: Partial<ScanOptions> = {},
  pieceBytes = bytes.length,
): ScannedRecord | null {
  const scanning = new RecordScan({
    ...{ takesFailuresAgain: false, retryUnsafe: false, stays: { add: () => undefined } },
    ...options,
  });
  for (let at = 0; at < bytes.length; at += pieceBytes)
    scanning.feed(Uint8Array.from(bytes.subarray(at, at + pieceBytes)));
  return scanning.end();
}

const bytesOf = ({ lines }: DrawnRecord): Uint8Array =>
  encoder.encode(lines.map(({ text }) => `${text}\n`).join(''));

const recordOf = (...lines: string[]): Uint8Array =>
  encoder.encode([headerLine(A_RUN), ...lines].map(line => `${sealed(line)}\n`).join(''));

/** What must be known of a record that ends after so many bytes. */
function expected({ lines, inputs }: DrawnRecord, cut: number) {
  const done: number[] = [];
  const intents = new Set<number>();
  const maybeSent = new Set<number>();
  let at = 0;
  let bytes = 0;
  for (const { text, settled, intentOf } of lines) {
    const lineBytes = Buffer.byteLength(text);
    const isWhole = at + lineBytes <= cut && (text !== '' || at < cut);
    if (!isWhole) break;
    at += lineBytes + 1;
    bytes = text.trim() === '' && at > cut ? bytes : Math.min(at, cut);
    if (intentOf !== undefined) intents.add(intentOf);
    if (!settled) continue;
    const { index, outcome, tries } = settled;
    if (outcome !== 'cancelled') {
      done.push(index);
      intents.delete(index);
    } else if (inputs[index]?.method === 'POST' && tries.length > 0) maybeSent.add(index);
    else intents.delete(index);
  }
  return {
    ...{
      bytes,
      done: done.sort((a, b) => a - b),
      maybeSent: [...new Set([...maybeSent, ...intents])].sort(),
    },
  };
}

function factsOf(
  { bytes, done, maybeSent, lacksLineFeed }: ScannedRecord,
  { inputs }: DrawnRecord,
  all: Uint8Array,
) {
  assert.equal(lacksLineFeed, all[bytes - 1] !== 10);
  const indexes = Array.from(inputs.keys()).filter(index => done.has(index));
  return { bytes, done: indexes, maybeSent: [...maybeSent].sort() };
}

test(`J01: ${RECORDS} records, cut at every byte: what is whole counts, what is torn does not`, () => {
  const random = seededRandom(1);
  let cuts = 0;
  for (let round = 0; round < RECORDS; round++) {
    const record = drawRecord(random, 4);
    const bytes = bytesOf(record);
    const headerBytes = Buffer.byteLength(record.lines[0]?.text ?? '');
    for (let cut = 0; cut <= bytes.length; cut++, cuts++) {
      const scanned = scan(bytes.subarray(0, cut));
      const seen = cut < headerBytes ? '' : JSON.stringify(expected(record, cut));
      assert.equal(
        scanned ? JSON.stringify(factsOf(scanned, record, bytes)) : '',
        seen,
        `record ${round} cut at ${cut}`,
      );
    }
  }
  assert.ok(cuts > 50_000);
});

test('J05: one byte flipped, at every place of many records: refused with its line, or torn and sent again', () => {
  const random = seededRandom(5);
  let flips = 0;
  for (let round = 0; round < 20; round++) {
    const record = drawRecord(random, 5);
    const whole = bytesOf(record);
    const bytes = random.next() < 0.5 ? whole : whole.slice(0, whole.length * random.next());
    const before = scan(bytes);
    for (let at = 0; at < bytes.length; at++) {
      if (isBlankAt(bytes, at)) continue; // nothing is written there
      const flipped = Uint8Array.from(bytes);
      flipped[at] = flipOf(random, bytes[at] as number);
      flips++;
      assertSeen(flipped, { at, before, where: `record ${round}, byte ${at} as ${flipped[at]}` });
    }
  }
  assert.ok(flips > 15_000);
});

interface Flip {
  readonly at: number;
  readonly before: ScannedRecord | null;
  readonly where: string;
}

function assertSeen(flipped: Uint8Array, { at, before, where }: Flip): void {
  let after: ScannedRecord | null;
  try {
    after = scan(flipped);
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    assert.ok(code.startsWith('ERR_RECORD_'), `${where}: ${error}`);
    const line = 1 + flipped.subarray(0, at).filter(byte => byte === 10).length;
    if (code === 'ERR_RECORD_DAMAGED')
      assert.match(message, new RegExp(`line (${line}|${line + 1}) `), where);
    return;
  }
  // Seen as torn: nothing from the damaged byte on counts any more.
  // (A torn line of one byte may have become a line feed: an empty line.)
  assert.ok((after?.bytes ?? 0) <= (flipped[at] === 10 ? at + 1 : at), where);
  assert.ok((after?.done.count ?? 0) <= (before?.done.count ?? 0), where);
}

/** Most often a byte that could be mistaken for another. */
function flipOf(random: Random, byte: number): number {
  const to = [0x20, 0x0a, 0x22, 0x7d, 0x30, byte ^ 1, byte ^ 0x80, Math.floor(random.next() * 256)];
  const drawn = to[Math.floor(random.next() * to.length)] as number;
  return drawn === byte ? byte ^ 2 : drawn;
}

function isBlankAt(bytes: Uint8Array, at: number): boolean {
  const from = bytes.lastIndexOf(10, at - 1) + 1;
  const lineFeed = bytes.indexOf(10, from);
  const line = bytes.subarray(at === 0 ? 0 : from, lineFeed === -1 ? bytes.length : lineFeed);
  const isBlank = line.every(byte => byte === 0x20);
  const next = bytes[at + 1];
  return isBlank || (bytes[at] === 10 && (next === 0x20 || next === 10 || next === undefined));
}

test('pieces of any size give the same, and the summary is that of the lines', () => {
  const random = seededRandom(9);
  for (let round = 0; round < 60; round++) {
    const record = drawRecord(random, 30);
    const bytes = bytesOf(record);
    const plain = new SummaryBuilder();
    for (const { settled, text } of record.lines)
      if (settled && settled.outcome !== 'cancelled') plain.add(settledOf(JSON.parse(text) as RequestLine));
    for (const pieceBytes of [1, 7, 1 + Math.floor(random.next() * bytes.length), bytes.length]) {
      const summary = new SummaryBuilder();
      const scanned = scan(bytes, { stays: summary }, pieceBytes);
      assert.deepEqual(summary.summary('complete'), plain.summary('complete'));
      assert.equal(scanned?.bytes, bytes.length);
    }
  }
});

function summaryOf(settled: Parameters<SummaryBuilder['add']>[0]) {
  const builder = new SummaryBuilder();
  builder.add(settled);
  return builder.summary('complete');
}

const post = aRequest({ method: 'POST' });
const cancelled = { outcome: 'cancelled' as const, error: { code: 'INTERRUPTED', message: '' } };
const failed = aTry({ outcome: 'timeout', status: null, error: { code: 'TIMEOUT_BODY', message: '' } });

test('what is taken again: cancelled, and on demand what failed; what may have been sent is known', () => {
  const unknown = aTry({ outcome: 'unknown', status: null, error: { code: 'WORKER_LOST', message: '' } });
  const rows: [string[], plain: string, again: string, unsafe: string][] = [
    // the lines of request 0; then `done`, `maybe` (sent) or `again`: plainly, with --retry-failed, and unsafe too
    [[], 'again', 'again', 'again'],
    [[line({})], 'done', 'done', 'done'],
    [[line({ tries: [], ...cancelled })], 'again', 'again', 'again'],
    [[line({ tries: [aTry({ outcome: 'cancelled', status: null })] })], 'again', 'again', 'again'],
    [[line({ tries: [failed] })], 'done', 'again', 'again'],
    [[line({ tries: [unknown] })], 'done', 'again', 'again'],
    [[line({ request: post, tries: [unknown] })], 'done', 'done', 'again'],
    [[intent()], 'maybe', 'maybe', 'maybe'],
    [[intent(), line({ request: post })], 'done', 'done', 'done'],
    [[intent(), line({ request: post, tries: [failed] })], 'done', 'again', 'again'],
    [[intent(), line({ request: post, tries: [], ...cancelled })], 'again', 'again', 'again'],
    [[intent(), line({ request: post, ...cancelled })], 'maybe', 'maybe', 'maybe'],
    [[intent(), intent(2)], 'maybe', 'maybe', 'maybe'],
  ];
  for (const [lines, ...states] of rows) {
    for (const [at, state] of states.entries()) {
      const scanned = scan(recordOf(...lines), { takesFailuresAgain: at > 0, retryUnsafe: at > 1 });
      assert.ok(scanned);
      const seen = scanned.done.has(0) ? 'done' : scanned.maybeSent.has(0) ? 'maybe' : 'again';
      assert.equal(seen, state, `${lines.join('\n')} (${at})`);
    }
  }
});

function line(part: Parameters<typeof aSettled>[0]): string {
  return requestLine(aSettled(part), 'auto');
}

function intent(attempt = 1): string {
  return intentLine({ index: 0, attempt });
}

test('lines are taken back where a new one will stand: with their intents, and the summary; no other', () => {
  const lines = [
    intent(),
    line({ request: post, tries: [failed] }),
    line({ index: 1 }),
    footerLine(summaryOf(aSettled())),
  ];
  const bytes = recordOf(...lines);
  const startOf = (at: number): number => recordOf(...lines.slice(0, at)).length;
  assert.deepEqual([...(scan(bytes)?.takenBack ?? [])], [startOf(3)]);
  const again = scan(bytes, { takesFailuresAgain: true });
  assert.deepEqual([...(again?.takenBack ?? [])], [startOf(0), startOf(1), startOf(3)]);
  // One that may have been sent keeps its intent, until its new line says so.
  const maybe = scan(recordOf(intent(), line({ request: post, ...cancelled })));
  assert.deepEqual([...(maybe?.takenBack ?? [])], [startOf(1)]);
});

test('what no run has written is refused', () => {
  const refused: [Uint8Array, string, RegExp][] = [
    [
      recordOf(line({}), line({})),
      'ERR_RECORD_DAMAGED',
      /line 3 is a second line of the request with index 0/,
    ],
    [recordOf(line({ index: 2 ** 41 })), 'ERR_RECORD_DAMAGED', /line 2 has an index above/],
    [encoder.encode('hello'), 'ERR_RECORD_DAMAGED', /line 1 is not the first line of a record/],
    [encoder.encode('{"log":{}}\n'), 'ERR_RECORD_DAMAGED', /line 1 is not the first line of a record/],
    [encoder.encode('\n\n'), 'ERR_RECORD_DAMAGED', /is not the first line/],
    [encoder.encode(`${headerLine(A_RUN)}\n`), 'ERR_RECORD_MISMATCH', /could not do that yet/],
    [
      encoder.encode(`${sealed(headerLine({ ...A_RUN, simulated: true }))}\n`),
      'ERR_RECORD_MISMATCH',
      /simulation/,
    ],
    [
      encoder.encode(`${sealed('{"paceline":2,"run":{}}')}\n`),
      'ERR_RECORD_VERSION',
      /has version 2, this paceline reads version 1/,
    ],
  ];
  for (const [bytes, code, message] of refused) {
    assert.throws(
      () => scan(bytes),
      (error: { code: string; message: string }) => {
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
        return true;
      },
    );
  }
});

test('the end of all lines is the start of the next run, also of those that are taken back', () => {
  const scanned = scan(
    recordOf(line({ endedMs: 5 }), line({ index: 1, tries: [], endedMs: 7.5, ...cancelled })),
  );
  assert.equal(scanned?.lastMs, 7.5);
});
