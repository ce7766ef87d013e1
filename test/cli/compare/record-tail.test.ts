// The record of another process, read while it grows.
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { RecordTail } from '../../../src/cli/compare/record-tail.ts';
import { footerLine, headerLine, requestLine } from '../../../src/trace/line.ts';
import { sealed } from '../../../src/trace/seal.ts';
import { SummaryBuilder } from '../../../src/trace/summary.ts';
import { scene } from '../../support/record-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-tail-'));
after(() => rmSync(folder, { recursive: true }));

const run = { version: '0', started: '2026-01-01T00:00:00Z', strategy: 'async', concurrency: null, seed: 1 };

function linesOf(requests: number): string {
  const summary = new SummaryBuilder();
  let text = `${sealed(headerLine(run))}\n`;
  for (const one of scene({ requests })) {
    summary.add(one);
    text += `${sealed(requestLine(one, 'none'))}\n`;
  }
  return `${text}${sealed(footerLine(summary.summary('complete')))}\n`;
}

/** Until so many requests were read, or it is clear that they never will. */
async function lookUntil(tail: RecordTail, requests: number): Promise<void> {
  for (let turn = 0; turn < 10_000 && tail.requests < requests; turn++) {
    tail.look();
    await new Promise(resolve => setImmediate(resolve));
  }
  assert.ok(tail.requests >= requests, `read ${tail.requests}`);
}

test('what stands there so far is known before the end, cut wherever it may be', async () => {
  const bytes = Buffer.from(linesOf(9));
  const path = join(folder, 'grows.ndjson');
  const tail = new RecordTail(path);
  tail.look(); // the file is not there yet
  const half = Math.floor(bytes.length * 0.7); // in the middle of a line, and behind four of them
  writeFileSync(path, bytes.subarray(0, half));
  await lookUntil(tail, 4);
  assert.equal(tail.run?.strategy, 'async');
  assert.equal(tail.picture.facts().requests, tail.requests);
  appendFileSync(path, bytes.subarray(half));
  const whole = await tail.finish();
  assert.equal(whole.picture.facts().requests, 9);
  assert.equal(whole.facts.attempts, 9);
  assert.equal(whole.summary.requests, 9);
  await tail.close();
});

test('a record without its last line is refused by its path', async () => {
  const path = join(folder, 'cut.ndjson');
  writeFileSync(path, linesOf(2).split('\n').slice(0, -2).join('\n').concat('\n'));
  const whole = { code: 'ERR_RECORD_DAMAGED', message: new RegExp(`${path}: .* not whole`) };
  await assert.rejects(new RecordTail(path).finish(), whole);
});

test('damage that was met while looking is told at the end', async () => {
  const path = join(folder, 'damaged.ndjson');
  writeFileSync(path, linesOf(3).replace('"lane":1', '"lane":7'));
  const tail = new RecordTail(path);
  tail.look();
  await assert.rejects(tail.finish(), { code: 'ERR_RECORD_DAMAGED' });
});

test('a file that never comes is told too', async () => {
  await assert.rejects(new RecordTail(join(folder, 'never.ndjson')).finish(), { code: 'ENOENT' });
});
