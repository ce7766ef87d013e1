// Every number that the page says, computed anew from the lines of the record.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { formatCount, formatDuration } from '../../src/base/units.ts';
import type { RequestLine } from '../../src/model/record.ts';
import { PageLab, settle } from '../support/browser.ts';
import { aRun, sceneLines, writeReport } from '../support/html-report.ts';
import { MODEL_RUN, modelLines } from '../support/queue-model.ts';

const lab = new PageLab();
after(() => lab.close());

const percentile = (spans: readonly number[], share: number): number => {
  const sorted = spans.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
};
const us = (ms: number): number => Math.round(ms * 1000) / 1000;

interface Expected {
  readonly wire: readonly number[];
  readonly created: readonly number[];
  readonly failed: number;
  readonly attempts: number;
  readonly queueMs: number;
  readonly serviceMs: number;
}

function expectedOf(lines: readonly RequestLine[]): Expected {
  const lasts = lines.map(({ tries }) => tries.at(-1)).filter(one => one !== undefined);
  const all = lines.flatMap(({ tries }) => tries);
  const sum = (name: 'queue' | 'service'): number =>
    all.reduce((ms, one) => ms + (one.phasesMs[name] ?? 0), 0);
  return {
    wire: lasts.map(one => us(one.endedMs) - us(one.startedMs)),
    created: lines.map(line => us(line.endedMs) - us(line.createdMs)),
    failed: lasts.filter(one => one.outcome !== 'ok').length,
    attempts: all.length,
    queueMs: sum('queue'),
    serviceMs: sum('service'),
  };
}

/** The text beside a row's head. */
async function rowsOf(
  opened: Awaited<ReturnType<PageLab['open']>>,
  selector: string,
): Promise<Map<string, string[]>> {
  const rows = await opened.ask<[string, string[]][]>(
    `[...document.querySelectorAll('${selector} tbody tr')].map(row => [
      row.querySelector('th').textContent.trim(), [...row.querySelectorAll('td')].map(cell => cell.textContent)])`,
  );
  return new Map(rows);
}

test('legend and heading of a run with retries and a failure', async () => {
  const lines = [
    ...modelLines({ requests: 2000, lanes: 16, workers: 10, serviceMs: 30, retried: 0.04, failing: 77 }),
  ];
  const expected = expectedOf(lines);
  const { html } = await writeReport([{ run: MODEL_RUN, lines }]);
  const opened = await lab.open(html);
  await settle(opened);
  const figures = await rowsOf(opened, 'table.figures');
  assert.deepEqual(figures.get('requests that ended'), [formatCount(2000)]);
  assert.deepEqual(figures.get('of them failed'), [String(expected.failed)]);
  assert.deepEqual(figures.get('attempts'), [formatCount(expected.attempts)]);
  for (const [name, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
    ['p99', 0.99],
    ['max', 1],
  ] as const)
    assert.deepEqual(
      figures.get(`on the wire ${name}`),
      [formatDuration(percentile(expected.wire, share))],
      name,
    );
  for (const [name, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
    ['max', 1],
  ] as const)
    assert.deepEqual(
      figures.get(`since created ${name}`),
      [formatDuration(percentile(expected.created, share))],
      name,
    );
  const phases = await rowsOf(opened, 'table.legend');
  assert.equal(phases.get("waits in the server's queue")?.[0], formatDuration(expected.queueMs));
  assert.equal(phases.get('served')?.[0], formatDuration(expected.serviceMs));
  const heading = (await opened.page.locator('h1').innerText()).replaceAll('\u00a0', ' ');
  const wallMs = Math.max(...lines.map(line => line.endedMs));
  assert.ok(
    heading.includes(
      `Wall ${formatDuration(wallMs)}; on the wire p50 ${formatDuration(percentile(expected.wire, 0.5))}`,
    ),
    heading,
  );
  assert.ok(heading.includes(`${formatCount(expected.attempts)} attempts.`), heading);
  await opened.close();
});

test('a window and a filter restate the legend', async () => {
  const lines = [...modelLines({ requests: 2000, lanes: 16, workers: 10, serviceMs: 30 })];
  const { html } = await writeReport([{ run: MODEL_RUN, lines }]);
  const opened = await lab.open(html, {}, '#t=1000000-2500000&q=lane%3A3');
  await settle(opened);
  const own = lines.filter(({ tries }) => tries[0]?.lane === 2);
  const inside = own.filter(line => line.endedMs >= 1000 && line.endedMs <= 2500);
  const figures = await rowsOf(opened, 'table.figures');
  assert.deepEqual(figures.get('requests that ended'), [formatCount(inside.length)]);
  assert.deepEqual(figures.get('on the wire p95'), [
    formatDuration(percentile(expectedOf(inside).wire, 0.95)),
  ]);
  await opened.close();
});

test('of several runs, the quickest is held against the slowest', async () => {
  const runs = [
    {
      run: aRun({ strategy: 'sequential', concurrency: 1 }),
      lines: [...sceneLines({ requests: 9, limit: 1 })],
    },
    { run: aRun({ strategy: 'async', concurrency: null }), lines: [...sceneLines({ requests: 9 })] },
  ];
  const walls = runs.map(({ lines }) => Math.max(...lines.map(line => line.endedMs)));
  const [slow = 0, quick = 1] = walls;
  const { html } = await writeReport(runs);
  const opened = await lab.open(html);
  await settle(opened);
  const times = (slow / quick).toPrecision(3);
  const heading = (await opened.page.locator('h1').innerText()).replaceAll('\u00a0', ' ');
  assert.equal(
    heading,
    `async is ${times}× faster than sequential: ${formatDuration(quick)} and ${formatDuration(slow)}.`,
  );
  assert.match(
    await opened.page.locator('section.run').nth(1).innerText(),
    new RegExp(`wall .* · ${times}× faster`),
  );
  assert.equal(await opened.page.locator('section.run').nth(1).locator('.strip.server canvas').count(), 1);
  await opened.close();
});
