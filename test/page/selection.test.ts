// The panel of what is selected: its attempts in numbers, and what can be copied out of it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertQuiet, type OpenedPage, PageLab, settle } from '../support/browser.ts';
import { aRun, writeReport } from '../support/html-report.ts';
import { lineOf } from '../support/queue-model.ts';

const lab = new PageLab();
after(() => lab.close());

const TRY = { lane: 0, outcome: 'ok' as const, status: 200, startedMs: 1, endedMs: 9, phasesMs: { ttfb: 8 } };
const LINES = [
  { url: 'http://h/a?b=1&c=2' },
  { url: "http://h/it's", method: 'POST' },
  { url: 'http://h/x', method: 'HEAD' },
  { url: 'http://h/\u202eevil' },
  { url: '--output=/etc/passwd' },
].map((part, index) => ({ ...lineOf(index, 0, [{ ...TRY, lane: index }]), ...part }));

/** What a press of this button puts on the clipboard; null where there is no such button. */
async function copied(opened: OpenedPage, row: number, name: string): Promise<string | null> {
  await opened.ask(`paceline.app.select({ run: 0, row: ${row} })`);
  const button = opened.page.locator('#selection').getByRole('button', { name });
  if ((await button.count()) === 0) return null;
  await button.click();
  return opened.ask<string>('globalThis.copied');
}

test('an attempt is copied as JSON, and as a curl command where that is safe', async () => {
  const { html } = await writeReport([{ run: aRun({ concurrency: 9 }), lines: LINES }]);
  const opened = await lab.open(html);
  await settle(opened);
  await opened.ask(
    'navigator.clipboard.writeText = text => { globalThis.copied = text; return Promise.resolve(); }',
  );
  assert.equal(await copied(opened, 0, 'copy as curl'), "curl 'http://h/a?b=1&c=2'");
  assert.equal(await copied(opened, 1, 'copy as curl'), String.raw`curl -X POST 'http://h/it'\''s'`);
  assert.equal(await copied(opened, 2, 'copy as curl'), "curl --head 'http://h/x'");
  assert.equal(await copied(opened, 3, 'copy as curl'), null);
  assert.equal(await copied(opened, 4, 'copy as curl'), null);
  const { index, tries } = JSON.parse((await copied(opened, 1, 'copy as JSON')) ?? '');
  assert.equal(index, 1);
  assert.deepEqual(
    tries.map((one: { startedMs: number; endedMs: number; status: number }) => [
      one.startedMs,
      one.endedMs,
      one.status,
    ]),
    [[1, 9, 200]],
  );
  assert.match(await opened.page.locator('#live').innerText(), /Copied\./);
  assertQuiet(opened);
  await opened.close();
});
