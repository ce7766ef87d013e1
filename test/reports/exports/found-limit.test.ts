// The limit that was found, in a trace.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OriginPace, RunHeader } from '../../../src/model/record.ts';
import { openPerfetto } from '../../../src/reports/exports/perfetto.ts';
import { footerLine, headerLine, requestLine, resumedLine } from '../../../src/trace/line.ts';
import { sealed } from '../../../src/trace/seal.ts';
import { SummaryBuilder } from '../../../src/trace/summary.ts';
import { readPftrace } from '../../support/exports/read-pftrace.ts';
import { SMALL_RUN } from '../../support/exports/runs.ts';
import { feed, readBack } from '../../support/fed-report.ts';
import { scene } from '../../support/record-lines.ts';

test('a limit that was found is drawn as it was found, and its ceiling never', () => {
  const settled = [...scene({ requests: 8, limit: 2, serviceMs: 100, rttMs: 0, spread: 0 })];
  const summaryOf = new SummaryBuilder();
  for (const one of settled) summaryOf.add(one);
  const changes = [
    [0, 4, 'nothing is known yet'],
    [150, 3, 'no request overtakes more than it proves'],
  ] as const;
  const found = { origin: 'http://a', mode: 'in flight', limit: 3, reason: '', says: '3 at a time', changes };
  const limitOf = (header: Partial<RunHeader>, resumed: string[], pace: readonly OriginPace[]) => {
    const lines = [
      sealed(headerLine({ ...SMALL_RUN, ...header })),
      ...resumed,
      ...settled.map(one => sealed(requestLine(one, 'none'))),
      sealed(footerLine(summaryOf.summary('complete', { pace }))),
    ];
    const { counters } = readPftrace(feed(openPerfetto, [readBack(lines)]).bytes);
    const [, values] = [...counters].find(([track]) => track.name === 'limit') ?? [];
    return values?.map(({ atNs, value }) => [Number(atNs) / 1e6, value]);
  };
  const endMs = Math.round(Math.max(...settled.map(one => one.endedMs)) * 1000) / 1000;
  const finds = { concurrency: 1000, findsPace: true } as const;
  const steps = [
    [0, 4],
    [150, 3],
    [endMs, 3],
  ];
  assert.deepEqual(limitOf(finds, [], [found]), steps);
  assert.equal(limitOf(finds, [], []), undefined);
  const { started } = SMALL_RUN;
  const resumed = sealed(
    resumedLine({ started, atMs: 140, strategy: 'semaphore', ...finds, workers: 1, seed: 1 }),
  );
  const later = { ...found, changes: [changes[1]] };
  assert.deepEqual(limitOf({ concurrency: 2 }, [resumed], [later]), [[0, 2], ...steps.slice(1)]);
  assert.deepEqual(limitOf(finds, [resumed], [later]), steps.slice(1));
});
