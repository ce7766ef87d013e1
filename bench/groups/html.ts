// The HTML report: what it costs to write one from a record, how large it is, and in a headless Chromium how soon it
// shows its curve, is ready, and how long a frame takes while it is panned at several zooms.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ensureDebianPackages } from '../../tools/debian.ts';
import { type Contestant, runInTurn } from '../harness.ts';
import { type BenchResult, cpuMs, type Goal, medianOf, memoryBytes } from '../report.ts';
import { spreadOf } from '../statistics.ts';
import { type BenchOptions, PROBES } from '../workspace.ts';

interface Size {
  readonly requests: number;
  readonly bytesMax: number;
  readonly previewMsMax: number;
  readonly readyMsMax: number;
  readonly filterMsMax: number;
}

const SIZES: readonly Size[] = [
  { requests: 10_000, bytesMax: 270_000, previewMsMax: 150, readyMsMax: 250, filterMsMax: 30 },
  { requests: 100_000, bytesMax: 1_400_000, previewMsMax: 200, readyMsMax: 400, filterMsMax: 80 },
  { requests: 1_000_000, bytesMax: 12_500_000, previewMsMax: 500, readyMsMax: 1500, filterMsMax: 300 },
];
const MILLION = 1_000_000;
const ZOOMS = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001];
const FRAMES = 120;

export async function html({ rounds, directory }: BenchOptions): Promise<BenchResult> {
  ensureDebianPackages(['chromium'], 'the bench html');
  const probe = join(PROBES, 'html.ts');
  const record = (requests: number): string => join(directory, `${requests}.ndjson`);
  const page = (requests: number): string => join(directory, `${requests}.html`);
  for (const { requests } of SIZES)
    execFileSync(process.execPath, [probe, 'record', record(requests), String(requests)]);
  const contestant = ({ requests }: Size): Contestant => ({
    name: `${requests} requests`,
    command: [process.execPath, probe, 'report', record(requests), page(requests)],
    requestCount: requests,
  });
  const measured = await runInTurn(SIZES.map(contestant), rounds);
  const million = `${MILLION} requests`;
  const goals: Goal[] = [
    {
      what: 'a million written, CPU',
      value: medianOf(measured, million, cpuMs) / 1000,
      unit: 's',
      atMost: 30,
    },
    {
      what: 'the same, memory',
      value: medianOf(measured, million, memoryBytes) / 1e6,
      unit: 'MB',
      atMost: 600,
    },
  ];
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  for (const size of SIZES) goals.push(...(await goalsOf(browser, page(size.requests), size, rounds)));
  await browser.close();
  return { tables: [{ title: 'an HTML report, written', measured, reference: million }], goals };
}

async function goalsOf(browser: Browser, path: string, size: Size, rounds: number): Promise<Goal[]> {
  const { requests, bytesMax, previewMsMax, readyMsMax, filterMsMax } = size;
  const previews: number[] = [];
  const readies: number[] = [];
  const heaps: number[] = [];
  const filters: number[] = [];
  let frames: Goal[] = [];
  for (let round = 0; round <= rounds; round++) {
    const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
    await page.goto(`file://${path}`);
    await page.waitForSelector('html[data-ready]', { state: 'attached' });
    const at = (mark: string): Promise<number> =>
      page.evaluate(`performance.getEntriesByName('paceline:${mark}')[0].startTime`);
    if (round > 0) {
      previews.push(await at('preview'));
      readies.push(await at('ready'));
      heaps.push(await heapBytes(page));
      filters.push(await page.evaluate(FILTER));
    }
    if (round === rounds) frames = await pan(page, requests);
    await page.close();
  }
  return [
    { what: `${requests}: bytes`, value: statSync(path).size, unit: 'B', atMost: bytesMax },
    {
      what: `${requests}: curve painted`,
      value: spreadOf(previews).median,
      unit: 'ms',
      atMost: previewMsMax,
    },
    { what: `${requests}: ready`, value: spreadOf(readies).median, unit: 'ms', atMost: readyMsMax },
    { what: `${requests}: heap`, value: spreadOf(heaps).median / 1e6, unit: 'MB', atMost: 150 },
    {
      what: `${requests}: filter applied and drawn`,
      value: spreadOf(filters).median,
      unit: 'ms',
      atMost: filterMsMax,
    },
    ...frames,
  ];
}

/** From a new filter until everything is drawn with it; one before it, because code runs slowly for the first time. */
const FILTER = `(async () => {
  const applied = async text => {
    const start = performance.now();
    paceline.controls.filter.set(text);
    paceline.app.draw();
    return performance.now() - start;
  };
  await applied('latency<p50');
  return applied('phase.queue>50ms');
})()`;

async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  return usedSize + backingStorageSize;
}

/** Pans for 120 frames at each zoom; told are the slowest zoom's times. */
async function pan(page: Page, requests: number): Promise<Goal[]> {
  const measured: { frameMs: number[]; jsMs: number[] }[] = await page.evaluate(`(async () => {
    const { app } = paceline;
    const frame = () => new Promise(requestAnimationFrame);
    const all = [];
    for (const zoom of ${JSON.stringify(ZOOMS)}) {
      const width = app.view.extent.toUs * zoom;
      const from = (app.view.extent.toUs - width) * 0.4;
      app.view.show({ fromUs: from, toUs: from + width });
      for (let i = 0; i < 10; i++) await frame();
      const frameMs = [], jsMs = [];
      let last = await frame();
      for (let i = 0; i < ${FRAMES}; i++) {
        if (zoom === 1) app.redraw(); else app.view.pan(0.004);
        const now = await frame();
        frameMs.push(now - last);
        last = now;
        jsMs.push(app.frameMs);
      }
      all.push({ frameMs, jsMs });
    }
    return all;
  })()`);
  const p95 = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? 0;
  const most = (of: (one: { frameMs: number[]; jsMs: number[] }) => number[]): number =>
    Math.max(...measured.map(one => p95(of(one))));
  return [
    { what: `${requests}: frame p95`, value: most(one => one.frameMs), unit: 'ms', atMost: 17.5 },
    { what: `${requests}: program of a frame p95`, value: most(one => one.jsMs), unit: 'ms', atMost: 12 },
  ];
}
