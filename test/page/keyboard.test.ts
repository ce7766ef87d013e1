// With the keyboard alone, and by ear: reach a request, read its phases, go to the error, filter, open the table, zoom
// and come back. What is heard is read from the accessibility tree.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertQuiet, type OpenedPage, PageLab, settle } from '../support/browser.ts';
import { writeReport } from '../support/html-report.ts';
import { MODEL_RUN, modelLines } from '../support/queue-model.ts';

const lab = new PageLab();
let html = '';
before(async () => {
  const lines = modelLines({ requests: 500, lanes: 8, workers: 6, serviceMs: 20, failing: 321 });
  ({ html } = await writeReport([{ run: MODEL_RUN, lines }]));
});
after(() => lab.close());

async function press(opened: OpenedPage, ...keys: string[]): Promise<void> {
  for (const key of keys) await opened.page.keyboard.press(key);
  await settle(opened);
}

/** Tabs until the focus is on what this selects. */
async function tabTo(opened: OpenedPage, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await opened.page.keyboard.press('Tab');
    if (await opened.ask<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)}) === true`))
      return;
  }
  assert.fail(`Tab never reaches ${selector}`);
}

const heard = (opened: OpenedPage): Promise<string> => opened.page.locator('#lane-reader').ariaSnapshot();
const windowOf = (opened: OpenedPage): Promise<{ fromUs: number; toUs: number }> =>
  opened.ask('({ ...paceline.app.view.window })');

test('the rows are walked with arrow keys, and each attempt is spoken with its phases', async () => {
  const opened = await lab.open(html);
  await tabTo(opened, '#lane-reader');
  await press(opened, 'ArrowDown', 'ArrowRight', 'ArrowRight');
  const words = await heard(opened);
  const third = await opened.ask<number>(
    'paceline.app.runs[0].loaded.pieces.data.request[paceline.app.runs[0].loaded.pieces.data.laneFirst[1] + 2]',
  );
  assert.match(
    words,
    new RegExp(`permit 2, request ${third + 1}, started .*connect \\+ send .*served .*status 200`),
  );
  await press(opened, 'Enter');
  assert.match(await opened.page.locator('#selection h3').innerText(), new RegExp(`request ${third + 1}$`));
  assert.equal(
    await opened.page
      .locator('#selection table')
      .ariaSnapshot()
      .then(text => /served/.test(text)),
    true,
  );
  assertQuiet(opened);
  await opened.close();
});

test('e goes to the one error, counts it, and brings it into sight', async () => {
  const opened = await lab.open(html);
  await tabTo(opened, '#cursor');
  await press(opened, 'e');
  assert.match(await opened.page.locator('#selection h3').innerText(), /request 322$/);
  assert.match(await opened.page.getByRole('status').innerText(), /error 1 of 1|failed/);
  const { fromUs, toUs } = await windowOf(opened);
  const endUs = await opened.ask<number>(
    'paceline.app.runs[0].loaded.pieces.data.endUs[paceline.app.selected.row]',
  );
  assert.ok(fromUs < endUs && endUs < toUs);
  await press(opened, 'E');
  assert.match(await opened.page.locator('#selection h3').innerText(), /request 322$/);
  await opened.close();
});

test('zoom, move, whole run and the window before', async () => {
  const opened = await lab.open(html);
  await tabTo(opened, '#cursor');
  const whole = await windowOf(opened);
  await press(opened, 'd', 'd', 'd');
  const cursorUs = await opened.ask<number>('paceline.app.cursorUs');
  assert.ok(cursorUs > 0);
  await press(opened, 'w', 'w', 'w');
  const near = await windowOf(opened);
  assert.ok(Math.abs((near.toUs - near.fromUs) / (whole.toUs - whole.fromUs) - 0.343) < 1e-3);
  assert.ok(near.fromUs < cursorUs && cursorUs < near.toUs, 'the cursor stays in sight');
  await press(opened, 'Backspace');
  const before = await windowOf(opened);
  assert.ok(before.toUs - before.fromUs > near.toUs - near.fromUs);
  await press(opened, '0');
  assert.deepEqual(await windowOf(opened), whole);
  assert.match((await opened.page.locator('#cursor').getAttribute('aria-valuetext')) ?? '', /of 8 rows busy/);
  await opened.close();
});

test('a filter is typed, counted, and restates the legend; a wrong word is explained', async () => {
  const opened = await lab.open(html);
  await tabTo(opened, '#cursor');
  await press(opened, '/');
  await opened.page.keyboard.type('latency>p90 served');
  await press(opened, 'Enter');
  assert.match(await opened.page.locator('#chips').innerText(), /0 of 500 attempts match/);
  await opened.page.keyboard.press('Control+a');
  await opened.page.keyboard.type('latency>p90 nothing:3');
  await press(opened, 'Enter');
  const chips = await opened.page.locator('#chips').innerText();
  assert.match(chips, /50 of 500 attempts match \(10 %\)/);
  assert.match(chips, /There is no 'nothing'\. Names: status/);
  assert.match(await opened.page.locator('#legend').innerText(), /what matches[\s\S]*attempts\s+50/);
  await press(opened, 'Escape', 'n');
  const latency = await opened.ask<boolean>('paceline.app.runs[0].mask[paceline.app.selected.row] === 1');
  assert.ok(latency);
  await opened.close();
});

test('the table opens on t, is sorted with its heads, and gives the focus back', async () => {
  const opened = await lab.open(html);
  await tabTo(opened, '#cursor');
  await press(opened, 't');
  assert.equal(await opened.page.locator('table.attempts').getAttribute('aria-rowcount'), '501');
  assert.ok((await opened.page.locator('table.attempts tbody tr').count()) < 60);
  await opened.page.getByRole('button', { name: 'queue' }).press('Enter');
  await opened.page.getByRole('button', { name: 'queue' }).press('Enter');
  const most = await opened.ask<number>('Math.max(...paceline.app.runs[0].loaded.pieces.data.columns.queue)');
  const first = await opened.page.locator('table.attempts tbody tr').first().innerText();
  assert.ok(first.includes(`${(most / 1000).toPrecision(3)} ms`), `${first} / ${most}`);
  await opened.page.focus('#cursor');
  await press(opened, 't');
  assert.ok(await opened.page.locator('#table').isHidden());
  assert.equal(await opened.ask('document.activeElement.id'), 'cursor');
  await opened.close();
});

test('? shows the keys, Escape closes them; a letter typed into the filter is no command', async () => {
  const opened = await lab.open(html);
  await tabTo(opened, '#cursor');
  await press(opened, '?');
  assert.match(await opened.page.getByRole('dialog').innerText(), /next, previous error/);
  await press(opened, 'Escape');
  assert.ok(await opened.page.getByRole('dialog').isHidden());
  await opened.page.focus('#filter');
  await opened.page.keyboard.type('e0t');
  assert.equal(await opened.ask('paceline.app.selected'), null);
  assert.ok(await opened.page.locator('#table').isHidden());
  await opened.close();
});

test('a link opens what it was copied from', async () => {
  const opened = await lab.open(html);
  await tabTo(opened, '#cursor');
  await press(opened, 'e');
  const hash = await opened.ask<string>('location.hash');
  const there = await lab.open(html, {}, hash);
  await settle(there);
  assert.match(await there.page.locator('#selection h3').innerText(), /request 322$/);
  const [a, b] = [await windowOf(opened), await windowOf(there)];
  assert.ok(Math.abs(a.fromUs - b.fromUs) <= 1 && Math.abs(a.toUs - b.toUs) <= 1);
  await opened.close();
  await there.close();
});

test('a bare wheel scrolls the page; with ctrl it zooms at the pointer', async () => {
  const opened = await lab.open(html);
  const box = await opened.page.locator('.strip.curve canvas').boundingBox();
  assert.ok(box);
  await opened.page.mouse.move(box.x + box.width * 0.75, box.y + 40);
  const whole = await windowOf(opened);
  await opened.page.mouse.wheel(0, 120);
  await settle(opened);
  assert.deepEqual(await windowOf(opened), whole);
  await opened.page.mouse.wheel(0, -120);
  await opened.page.keyboard.down('Control');
  const usBefore = await opened.ask<number>(`paceline.app.view.window.fromUs`);
  await opened.page.mouse.wheel(0, -400);
  await opened.page.keyboard.up('Control');
  await settle(opened);
  const near = await windowOf(opened);
  assert.ok(near.toUs - near.fromUs < whole.toUs - whole.fromUs);
  assert.ok(near.fromUs > usBefore && near.toUs < whole.toUs, 'it zooms to the pointer, not to an edge');
  await opened.close();
});

test('the curve is there in numbers too, and they are those of the window', async () => {
  const opened = await lab.open(html);
  await opened.page.getByText('the same in numbers').press('Enter');
  await settle(opened);
  const rows = opened.page.locator('.numbers tbody tr');
  assert.equal(await rows.count(), 20);
  const first = await rows.nth(5).innerText();
  await opened.page.focus('#cursor');
  await press(opened, 'd', 'd', 'd', 'w', 'w', 'w', 'w', 'w', 'w');
  assert.notEqual(await rows.nth(5).innerText(), first);
  const sums = await opened.ask<number[]>(
    `[...document.querySelectorAll('.numbers tbody tr')].map(row =>
      [...row.querySelectorAll('td')].reduce((sum, cell) => sum + (Number(cell.textContent) || 0), 0))`,
  );
  for (const sum of sums) assert.ok(sum > 6 && sum < 10, `${sum} of 8 permits, and what waits for one`);
  await opened.close();
});
