// What a reader can arrange: strips, rows, scales and the order of runs; kept in the address, undone by going back. And
// what is seen, saved as a picture.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { PALETTES } from '../../src/timeline/looks.ts';
import { assertQuiet, type OpenedPage, PageLab, settle } from '../support/browser.ts';
import { aRun, sceneLines, writeReport } from '../support/html-report.ts';
import { readPng } from '../support/png.ts';
import { MODEL_RUN, modelLines } from '../support/queue-model.ts';

const lab = new PageLab();
let one = '';
let several = '';
before(async () => {
  const lines = [...modelLines({ requests: 400, lanes: 8, workers: 6, serviceMs: 20, retried: 0.05 })];
  const eventLoops = [{ of: 'main' as const, everyMs: 100, busy: [0.2, null, 0.9] }];
  const summary = {
    ...{ ended: 'complete' as const, makespanMs: 1, requests: 0, attempts: 0, outcomes: {}, statuses: {} },
    ...{ bytes: 0, inFlightMax: 0, eventLoops },
  };
  one = (await writeReport([{ run: MODEL_RUN, lines, summary }])).html;
  const scenes = [
    { run: aRun({ strategy: 'sequential', concurrency: 1 }), lines: sceneLines({ requests: 9, limit: 1 }) },
    { run: aRun({ strategy: 'async', concurrency: null }), lines: sceneLines({ requests: 9 }) },
  ];
  several = (await writeReport(scenes)).html;
});
after(() => lab.close());

/** Headings of what is seen, without counts. */
async function seen(opened: OpenedPage): Promise<string[]> {
  await settle(opened);
  return opened.ask<string[]>(
    `[...document.querySelectorAll('.strip-box h3')].filter(h => h.offsetParent)
      .map(h => h.textContent.replace(/ \\(.*/, ''))`,
  );
}

const menu = (opened: OpenedPage) => ({
  open: () => opened.page.locator('.menu summary').click(),
  turn: (name: string) => opened.page.getByLabel(name, { exact: true }).click(),
  choose: (name: string, value: string) => opened.page.getByLabel(name, { exact: true }).selectOption(value),
});

test('strips are switched on and off; the address keeps it, and the way back undoes it', async () => {
  const opened = await lab.open(one);
  const before = await seen(opened);
  assert.ok(before.includes('Our own event loops, how busy'));
  assert.ok(!before.includes('Cumulative flow: asked for, sent, answered, done'));
  await menu(opened).open();
  await menu(opened).turn('cumulative flow');
  await settle(opened); // each is a step of its own on the way back
  await menu(opened).turn('event loops');
  const after = await seen(opened);
  assert.ok(after.includes('Cumulative flow: asked for, sent, answered, done'));
  assert.ok(!after.includes('Our own event loops, how busy'));
  const hash = await opened.ask<string>('location.hash');
  assert.match(hash, /strips=flow\.loops/);
  const linked = await lab.open(one, {}, hash);
  assert.deepEqual(await seen(linked), after);
  await linked.close();
  await opened.page.goBack();
  await settle(opened);
  await opened.page.goBack();
  assert.deepEqual(await seen(opened), before);
  assertQuiet(opened);
  await opened.close();
});

test('what an address says that does not exist is not there', async () => {
  const opened = await lab.open(one, {}, '#strips=constructor.nothing&rows=x&order=toString&scale=2');
  const plain = await lab.open(one);
  assert.deepEqual(await seen(opened), await seen(plain));
  assertQuiet(opened);
  await opened.close();
  await plain.close();
});

test('lanes or requests: the same attempts in other rows, and the reader stays on its own', async () => {
  const opened = await lab.open(one);
  await opened.page.focus('#lane-reader');
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await opened.page.keyboard.press(key);
  const current = await opened.ask('paceline.app.reader.current');
  await menu(opened).open();
  await menu(opened).choose('Rows', 'requests');
  assert.ok((await seen(opened)).includes('Requests'));
  assert.ok(
    !(await seen(opened)).includes('Requests that wait for a permit of ours'),
    'waits stand in the rows',
  );
  assert.equal(await opened.ask('paceline.app.runs[0].client.lanes'), 400);
  assert.deepEqual(await opened.ask('paceline.app.reader.current'), current);
  await menu(opened).choose('Rows', 'lanes');
  assert.equal(await opened.ask('paceline.app.runs[0].client.lanes'), 8);
  assert.deepEqual(await opened.ask('paceline.app.reader.current'), current);
  assertQuiet(opened);
  await opened.close();
});

test('each run on its own scale: both fill the width, say so, and what is pointed at is theirs', async () => {
  const opened = await lab.open(several);
  const lastRight = (run: number): Promise<number> =>
    opened.ask(`(() => {
      const strip = paceline.app.runs[${run}].client, { data } = strip.model;
      return Math.max(...Array.from(data.endUs, (_, row) => {
        const lane = data.laneFirst.findIndex(first => first > row) - 1;
        return strip.placeOf(row, lane, paceline.app.own(${run}, paceline.app.view.window)).right;
      })) / strip.plot.width;
    })()`);
  await settle(opened);
  assert.ok((await lastRight(0)) > 0.95);
  assert.ok((await lastRight(1)) < 0.5);
  await menu(opened).open();
  await menu(opened).turn('each run on its own scale');
  await settle(opened);
  for (const run of [0, 1]) assert.ok((await lastRight(run)) > 0.95, `run ${run}`);
  assert.equal(await opened.page.locator('.badge:visible').count(), 2);
  await opened.ask('paceline.app.select({ run: 1, row: 8 })');
  await opened.ask('paceline.app.view.fit(paceline.app.spanOf({ run: 1, row: 8 }))');
  await settle(opened);
  assert.equal(await opened.ask('paceline.app.facts[1].attempts > 0'), true);
  const canvas = opened.page.locator('.run').nth(1).locator('.strip.client canvas');
  const box = await canvas.boundingBox();
  assert.ok(box);
  await canvas.hover({ position: { x: box.width * 0.55, y: box.height - 8 } });
  assert.match(await opened.page.locator('.tooltip').innerText(), /^request [789]/);
  assertQuiet(opened);
  await opened.close();
});

test('runs stand quickest first when that is asked for, and can be folded away', async () => {
  const opened = await lab.open(several);
  await menu(opened).open();
  await menu(opened).choose('Runs', 'wall');
  const names = await opened.ask<string[]>(
    "[...document.querySelectorAll('.run')].map(run => run.getAttribute('aria-label'))",
  );
  assert.deepEqual(names, ['async', 'sequential']);
  const count = (await seen(opened)).length;
  await opened.page.getByRole('button', { name: 'strips of sequential' }).click();
  assert.ok((await seen(opened)).length < count);
  assertQuiet(opened);
  await opened.close();
});

test('the chain that set the wall time is shown, and taken away again', async () => {
  const opened = await lab.open(several);
  const press = () => opened.page.getByRole('button', { name: /^critical path/ }).click();
  await press();
  await settle(opened);
  assert.match(await opened.page.locator('#chips').innerText(), /12 of 18 attempts match/);
  await press();
  assert.equal(await opened.page.locator('.chip').count(), 0);
  assertQuiet(opened);
  await opened.close();
});

test('what is seen is saved as a picture: words and every strip', async () => {
  const opened = await lab.open(several, { colorScheme: 'dark', acceptDownloads: true });
  await settle(opened);
  const [download] = await Promise.all([
    opened.page.waitForEvent('download'),
    opened.page.getByRole('button', { name: /^PNG/ }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'paceline.png');
  const { width, height, at } = readPng(readFileSync(await download.path()));
  assert.equal(at(2, 2), PALETTES.dark.surface);
  let served = 0;
  for (let y = 0; y < height; y++) if (at(width / 4, y) === PALETTES.dark.kinds.service) served++;
  assert.ok(served > 100, `${served} px of a column are served`);
  const chart = await opened.page.locator('#chart').boundingBox();
  assert.equal(width, Math.round(chart?.width ?? 0) + 32);
  assert.ok(height > 600, `${height} px high`);
  const strips = await opened.page.locator('#chart canvas:visible').count();
  const drawn = await opened.ask<number>(
    `(() => {
      let drawn = 0;
      const plain = CanvasRenderingContext2D.prototype.drawImage;
      CanvasRenderingContext2D.prototype.drawImage = function (...all) { drawn++; return plain.apply(this, all); };
      [...document.querySelectorAll('#tools button')].find(b => b.textContent === 'PNG').click();
      return drawn;
    })()`,
  );
  assert.equal(drawn, strips);
  assertQuiet(opened);
  await opened.close();
});
