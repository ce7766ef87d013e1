// What a record tells the reports that are made of it: its lines in their order, and what limited the run where that is
// sure.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { feed } from '../../src/cli/report/feed.ts';
import type { RunHeader } from '../../src/model/record.ts';
import type { Diagnosis } from '../../src/reports/diagnosis.ts';
import { footerLine, headerLine, requestLine, resumedLine } from '../../src/trace/line.ts';
import { SummaryBuilder } from '../../src/trace/summary.ts';
import { scene } from '../support/record-lines.ts';

const RUN: RunHeader = {
  ...{ version: '0.1.0', started: '2026-11-27T00:00:00Z', strategy: 'async', concurrency: null, seed: 7 },
};
const RESUMED = { started: RUN.started, atMs: 0, strategy: 'async', concurrency: null, seed: 7 };

/** Nine requests to three workers. */
function recordLines(): string[] {
  const summary = new SummaryBuilder();
  const lines = [headerLine(RUN)];
  for (const settled of scene({ requests: 9 })) {
    summary.add(settled);
    lines.push(requestLine(settled, 'none'));
  }
  return [...lines, footerLine(summary.summary('complete'))];
}

async function told(lines: readonly string[]): Promise<{ events: string[]; diagnoses: Diagnosis[] }> {
  const events: string[] = [];
  const diagnoses: Diagnosis[] = [];
  const builder = {
    begin: () => void events.push('begin'),
    resume: () => void events.push('resume'),
    add: () => void events.push('add'),
    end: (_summary: unknown, found: readonly Diagnosis[]) => {
      events.push('end');
      diagnoses.push(...found);
    },
    finish: () => undefined,
  };
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const open = async function* () {
    yield bytes;
  };
  await feed([{ path: 'run.ndjson', name: 'run', open }], [builder], () => undefined);
  return { events, diagnoses };
}

test('a whole record: every line in its order, and what limited it', async () => {
  const { events, diagnoses } = await told(recordLines());
  assert.deepEqual(events, ['begin', ...new Array(9).fill('add'), 'end']);
  assert.deepEqual(
    diagnoses.map(({ code }) => code),
    ['server_capacity'],
  );
});

test('a run that was gone on with, or cut off: nothing is claimed of two at once, or of half a one', async () => {
  const lines = recordLines();
  const resumed = await told([...lines.slice(0, 5), resumedLine(RESUMED), ...lines.slice(5)]);
  assert.equal(resumed.events[5], 'resume');
  assert.deepEqual(resumed.diagnoses, []);
  const { events, diagnoses } = await told(lines.slice(0, 6));
  assert.equal(events.at(-1), 'end');
  assert.deepEqual(diagnoses, []);
});
