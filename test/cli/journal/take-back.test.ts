// Lines of a record are overwritten with spaces, and whatever happens meanwhile costs none of the others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../src/base/random.ts';
import { takeBackLines } from '../../../src/cli/journal/take-back.ts';
import { headerLine, requestLine } from '../../../src/trace/line.ts';
import { RecordScan, type ScannedRecord } from '../../../src/trace/scan.ts';
import { sealed } from '../../../src/trace/seal.ts';
import { CrashingDisk, PowerLost } from '../../support/crashing-disk.ts';
import { A_RUN } from '../../support/random-record.ts';
import { aRequest, aSettled, aTry } from '../../support/record-lines.ts';

const failed = aTry({ outcome: 'timeout', status: null, error: { code: 'TIMEOUT_BODY', message: 'slow' } });

/** Every third failed; URLs of any length, so that lines begin everywhere in a sector. */
function aRecord(count: number, urlChars: (index: number) => number): Buffer {
  const lines = Array.from({ length: count }, (_, index) =>
    requestLine(
      aSettled({
        ...{ index, request: aRequest({ url: `http://h/${'x'.repeat(urlChars(index))}` }) },
        tries: [index % 3 === 0 ? failed : aTry()],
      }),
      'auto',
    ),
  );
  return Buffer.from([headerLine(A_RUN), ...lines].map(line => `${sealed(line)}\n`).join(''));
}

function scan(bytes: Uint8Array): ScannedRecord {
  const summary = { add: () => undefined };
  const scanning = new RecordScan({ takesFailuresAgain: true, retryUnsafe: false, stays: summary });
  scanning.feed(bytes);
  const scanned = scanning.end();
  assert.ok(scanned);
  return scanned;
}

test('the lines are spaces afterwards, their line feeds stay, all others are as they were', async () => {
  const random = seededRandom(21);
  for (const longest of [10, 3000, 600_000]) {
    const bytes = aRecord(40, () => random.next() * longest);
    const { takenBack, done } = scan(bytes);
    assert.equal(takenBack.length, 14);
    const disk = new CrashingDisk(bytes, random);
    await takeBackLines(disk.file, takenBack);
    const expected = bytes.toString().replace(/^.*"timeout".*$/gm, line => ' '.repeat(line.length));
    assert.ok(disk.seen.toString() === expected);
    const after = scan(disk.seen);
    assert.deepEqual([after.takenBack.length, after.done.count], [0, done.count]);
  }
});

test('nothing to take back: nothing is written', async () => {
  const disk = new CrashingDisk(
    aRecord(2, () => 1),
    seededRandom(1),
  );
  await takeBackLines(disk.file, new Float64Array());
  assert.equal(disk.calls, 0);
});

test('the power goes at any call, any sector written or not: no other line is lost, and none is damage', async () => {
  const random = seededRandom(22);
  let crashes = 0;
  for (let round = 0; round < 150; round++) {
    const bytes = aRecord(30, () => random.next() * 700);
    const { takenBack, done } = scan(bytes);
    for (let calls = 0; ; calls++) {
      const disk = new CrashingDisk(bytes, random, calls);
      try {
        await takeBackLines(disk.file, takenBack);
        break;
      } catch (error) {
        assert.ok(error instanceof PowerLost);
      }
      crashes++;
      const found = disk.afterPowerLoss();
      const after = scan(found);
      assert.equal(after.done.count, done.count, `round ${round}, call ${calls}`);
      // And the next run finishes what this one has begun.
      const next = new CrashingDisk(found, random);
      await takeBackLines(next.file, after.takenBack);
      assert.equal(scan(next.seen).done.count, done.count);
      assert.equal(next.seen.includes('"timeout"'), false);
    }
  }
  assert.ok(crashes >= 600);
});
