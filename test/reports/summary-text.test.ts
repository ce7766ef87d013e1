// The closing words of a run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventLoop, Summary } from '../../src/model/record.ts';
import { summaryText } from '../../src/reports/summary-text.ts';
import { columnsOf } from '../../src/timeline/escape.ts';
import { SummaryBuilder } from '../../src/trace/summary.ts';
import { assertGolden } from '../support/golden.ts';
import { failedTry, scene } from '../support/record-lines.ts';

const USAGE = { realMs: 3150, userMs: 81, sysMs: 20, peakMemoryBytes: 52e6, processes: 1, threads: 1 };

function summaryOf(
  requests: Iterable<Parameters<SummaryBuilder['add']>[0]>,
  ended: Summary['ended'] = 'complete',
): Summary {
  const builder = new SummaryBuilder();
  for (const one of requests) builder.add(one);
  return builder.summary(ended, { usage: USAGE });
}

test('the summaries as a person has looked at them', () => {
  const some = (index: number) =>
    index === 3
      ? failedTry('timeout', { endedMs: 900 })
      : index === 5
        ? { outcome: 'http_error' as const, status: 503 }
        : undefined;
  const texts = [
    summaryOf(scene({ requests: 9 })),
    summaryOf(scene({ requests: 1200, limit: 40, serviceMs: 30, ending: some }), 'interrupted'),
    summaryOf(scene({ requests: 3, reports: false })),
    summaryOf([]),
  ].map(summary => summaryText(summary));
  for (const line of texts.flat()) assert.ok(columnsOf(line) <= 80, line);
  assertGolden('reports/summaries.txt', `${texts.map(lines => lines.join('\n')).join('\n\n')}\n`);
});

test('the first line alone says how it went', () => {
  const [first] = summaryText(summaryOf(scene({ requests: 9, spread: 0 })));
  assert.equal(first, '9 requests in 3 s: 9 ok');
});

test("what a diagnosis says of the server's queue is not said twice", () => {
  const summary = summaryOf(scene({ requests: 9 }));
  const told = { code: 'server_capacity', sentence: 'Six waited.', tryThis: '-c 3' } as const;
  const plain = summaryText(summary);
  assert.ok(plain.some(line => line.startsWith("6 of 9 waited in the server's queue")));
  const text = summaryText(summary, 80, [told]);
  assert.equal(text.at(-1), 'Six waited. Try -c 3.');
  assert.equal(text.length, plain.length);
  assert.ok(!text.some(line => line.includes("in the server's queue (")));
  assert.equal(summaryText(summary, 80, [{ ...told, code: 'retries' }]).length, plain.length + 1);
});

test('narrow terminals get narrow lines', () => {
  for (const line of summaryText(summaryOf(scene({ requests: 9 })), 64))
    assert.ok(columnsOf(line) <= 64, line);
});

test('how busy our event loops were stands beside what the run cost', () => {
  const summary = summaryOf(scene({ requests: 9 }));
  const textWith = (eventLoops: readonly EventLoop[]): string =>
    summaryText({ ...summary, eventLoops }, 200).join('\n');
  assert.match(textWith([]), /thread$/m);
  const main: EventLoop = { of: 'main', everyMs: 1000, busy: [0.2, 0.1, 0.1] };
  assert.match(textWith([main]), / · event loop 1[34] % busy$/m);
  const worker: EventLoop = { of: 'process', worker: 0, everyMs: 1000, busy: [1] };
  assert.match(textWith([main, worker]), / · event loops: main 1[34] %, process 100 % busy$/m);
});
