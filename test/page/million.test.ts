// A million requests in one file, one of which failed: it is small enough, the failure is seen with the whole run in
// sight, and `e` goes to it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertQuiet, PageLab, settle } from '../support/browser.ts';
import { writeReport } from '../support/html-report.ts';
import { MODEL_RUN, modelLines } from '../support/queue-model.ts';

const lab = new PageLab();
after(() => lab.close());

const FAILING = 731_203;

/** Counts pixels of the colour that failures have in the light palette, `#c4002b`. */
const RED = `canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let red = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] === 0xc4 && data[i + 1] === 0 && data[i + 2] === 0x2b) red++;
  return red;
}`;

test('one failure among a million', async () => {
  const model = { requests: 1_000_000, lanes: 64, workers: 48, serviceMs: 40, failing: FAILING };
  const { html, warnings } = await writeReport([{ run: MODEL_RUN, lines: modelLines(model) }]);
  assert.deepEqual(warnings, []);
  assert.ok(html.length <= 12_500_000, `${html.length} bytes`);
  const opened = await lab.open(html, { colorScheme: 'light' });
  await settle(opened);
  assertQuiet(opened);
  assert.match(await opened.page.locator('h1').innerText(), /Of 1\u202f000\u202f000 requests, 1 failed\./);
  const legend = await opened.page.locator('#legend').innerText();
  assert.match(legend, /of them failed\s+1\n/);
  assert.match(legend, /requests that ended\s+1\u202f000\u202f000\n/);
  for (const canvas of ['.minimap', '.strip.client canvas', '.strip.throughput canvas']) {
    const red = await opened.ask<number>(`(${RED})(document.querySelector('${canvas}'))`);
    assert.ok(red >= 2, `${canvas}: ${red} red pixels`);
  }
  assert.deepEqual(
    await opened.ask('paceline.hashes()'),
    await opened.ask('paceline.head.runs.map(run => run.hash)'),
  );
  await opened.page.focus('#cursor');
  await opened.page.keyboard.press('e');
  await settle(opened);
  assert.match(await opened.page.locator('#selection h3').innerText(), /^request 731\u202f204$/);
  assert.match(await opened.page.locator('#selection').innerText(), /status 500/);
  await opened.close();
});
