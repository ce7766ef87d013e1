// The quick reader of ok lines beside JSON.parse: the same where it answers, and silent where it is not sure.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import type { RequestLine } from '../../src/model/record.ts';
import { requestLine } from '../../src/trace/line.ts';
import { OkLineReader } from '../../src/trace/ok-line.ts';
import { sealed } from '../../src/trace/seal.ts';
import { settledOf } from '../../src/trace/settled-of.ts';
import { SummaryBuilder } from '../../src/trace/summary.ts';
import { drawRecord } from '../support/random-record.ts';
import { aSettled, aTry } from '../support/record-lines.ts';

const encoder = new TextEncoder();

test('most lines that ended ok take the quick way, and it reads what JSON.parse reads', () => {
  const random = seededRandom(3);
  const reader = new OkLineReader();
  let quick = 0;
  let ok = 0;
  for (let round = 0; round < 300; round++) {
    for (const { settled, text } of drawRecord(random, 20).lines) {
      const bytes = encoder.encode(text);
      const line = reader.read(bytes, 0, bytes.length);
      if (settled?.outcome !== 'ok') {
        assert.equal(line, null, text);
        continue;
      }
      ok++;
      if (line === null) continue;
      quick++;
      const parsed = settledOf(JSON.parse(text) as RequestLine);
      assert.deepEqual(summaryOf(line), summaryOf(parsed), text);
      assert.equal(line.index, parsed.index);
      assert.ok(new TextDecoder().decode(bytes.subarray(0, line.headEnd)).endsWith('"'));
    }
  }
  assert.ok(quick > ok / 3 && quick < ok, `${quick} of ${ok}`); // half were sent twice: those do not
});

function summaryOf(settled: Parameters<SummaryBuilder['add']>[0]) {
  const builder = new SummaryBuilder();
  builder.add(settled);
  return builder.summary('complete');
}

test('the quick way gives up on what it does not know, wherever a line is cut or changed', () => {
  const random = seededRandom(4);
  const reader = new OkLineReader();
  const text = sealed(
    requestLine(aSettled({ tries: [aTry({ phasesMs: { permit: 1, queue: 2 } })] }), 'auto'),
  );
  const bytes = encoder.encode(text);
  assert.ok(reader.read(bytes, 0, bytes.length));
  for (let at = 0; at < bytes.length; at++) {
    assert.equal(reader.read(bytes.subarray(0, at), 0, at), null);
    for (let round = 0; round < 20; round++) {
      const changed = Uint8Array.from(bytes);
      changed[at] = random.next() * 256;
      reader.read(changed, 0, changed.length); // never throws, never runs away
    }
  }
});
