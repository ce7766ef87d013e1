// The table, its JSON and the sentences, over runs whose answers are known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Usage } from '../../src/model/record.ts';
import { compareJson } from '../../src/reports/compare-json.ts';
import type { CompareRow } from '../../src/reports/compare-row.ts';
import { compareTable } from '../../src/reports/compare-table.ts';
import { findings } from '../../src/reports/findings.ts';
import { wrapWords } from '../../src/reports/wrap-words.ts';
import { SummaryBuilder } from '../../src/trace/summary.ts';
import { assertGolden } from '../support/golden.ts';
import { type SceneOptions, scene } from '../support/record-lines.ts';

function row(
  strategy: string,
  limit: number | null,
  part: { scene?: Partial<SceneOptions>; usage?: Partial<Usage>; cpuMs?: number } = {},
): CompareRow {
  const builder = new SummaryBuilder();
  for (const settled of scene({ requests: 9, spread: 0, ...(limit !== null && { limit }), ...part.scene }))
    builder.add(settled);
  const { makespanMs } = builder.summary('complete');
  const usage = {
    realMs: makespanMs + 60,
    userMs: 80,
    sysMs: 20,
    peakMemoryBytes: 50e6,
    processes: 1,
    threads: 1,
    ...part.usage,
  };
  const summary = builder.summary('complete', { usage });
  const server = { workers: 3, serviceMs: 1000 };
  return {
    strategy,
    requests: summary.requests,
    limit,
    summary,
    server,
    ...(part.cpuMs && { cpuMs: part.cpuMs }),
  };
}

const talk = (): CompareRow[] => [
  row('sequential', 1),
  row('async', null),
  row('semaphore', 3),
  row('threads', 3, { usage: { threads: 4, peakMemoryBytes: 95e6, realMs: 3150 } }),
  row('processes', 3, { usage: { processes: 4, threads: 4, peakMemoryBytes: 190e6, realMs: 3180 } }),
];

test("the talk's comparison, as a person has looked at it", () => {
  const lines = [...compareTable(talk()), '', ...findings(talk()).flatMap(sentence => wrapWords(sentence))];
  for (const line of lines) assert.ok(line.length <= 80, line);
  assertGolden('reports/compare-talk.txt', `${lines.join('\n')}\n`);
});

test('every number of the table is in the JSON', () => {
  const [sequential, async] = compareJson(talk()).rows;
  assert.equal(sequential?.realMs, 9097.8);
  assert.equal(async?.serverQueueMax, 6);
  assert.equal(async?.idealMs, 3000);
  assert.ok(Math.abs((async?.speedUp ?? 0) - 9097.8 / 3064.2) < 1e-9);
  assert.ok(Math.abs((async?.overIdeal ?? 0) - 0.0214) < 1e-9);
  assert.equal(sequential?.idealMs, 9000);
  assert.deepEqual(JSON.parse(JSON.stringify(compareJson(talk()))), compareJson(talk()));
});

test('columns that nobody measured are left out', () => {
  const bare = talk().map(({ strategy, requests, limit, summary: { usage, ...summary } }) => ({
    strategy,
    requests,
    limit,
    summary,
  }));
  const text = compareTable(bare).join('\n');
  assert.doesNotMatch(text, /\b(user|sys|peak|proc|failed|ideal)\b/);
  assert.match(text, /speed-/);
});

test('a million requests still fit', () => {
  const many = talk().map(one => ({ ...one, requests: 1_000_000, limit: 10_000 }));
  for (const line of compareTable(many)) assert.ok(line.length <= 92, line);
});

test('failures are told first, and their times are compared with nothing', () => {
  const broken = row('async', null, {
    scene: { ending: index => (index < 2 ? { outcome: 'timeout', status: null } : undefined) },
  });
  const rows = [row('sequential', 1), broken, row('semaphore', 3)];
  const sentences = findings(rows);
  assert.match(sentences[0] ?? '', /^Some requests failed \(async 2 of 9\)/);
  assert.ok(!sentences.slice(1).some(sentence => sentence.includes('async')));
  assert.equal(compareJson(rows).rows[1]?.speedUp, null);
  assert.match(compareTable(rows).join('\n'), /failed/);
});

test('with CPU work it says who burns it side by side, only when they do', () => {
  const cpuMs = 200;
  const slow = row('async', null, { cpuMs, usage: { realMs: 4900 } });
  const threads = row('threads', 3, { cpuMs, usage: { realMs: 3700 } });
  const said = findings([slow, threads]).join(' ');
  assert.match(
    said,
    /^Async does not help with the CPU-bound part: one event loop burns 200 ms × 9 = 1\.80 s/,
  );
  assert.match(said, /threads \(3\.70 s\) does it side by side\. Node's threads really run side by side/);
  const useless = row('threads', 3, { cpuMs, usage: { realMs: 4800 } });
  assert.doesNotMatch(findings([slow, useless]).join(' '), /CPU|side by side/);
  assert.equal(compareJson([slow]).rows[0]?.idealMs, null);
});

test('silence rather than a guess', () => {
  assert.deepEqual(findings([]), []);
  assert.deepEqual(findings([row('semaphore', 3)]), []);
  const silent = [
    row('async', null, { scene: { reports: false } }),
    row('semaphore', 3, { scene: { reports: false } }),
  ];
  assert.deepEqual(findings(silent), []);
  const fastThreads = [row('semaphore', 3), row('threads', 3, { usage: { realMs: 1000 } })];
  assert.doesNotMatch(findings(fastThreads).join(' '), /no faster/);
});
