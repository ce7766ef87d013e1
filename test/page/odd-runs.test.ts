// Runs that break naive pages: none, one, all failed, no length, ten days, hostile texts, damaged blocks, paper.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { RequestLine, TryLine } from '../../src/model/record.ts';
import { assertQuiet, type OpenedPage, PageLab, settle } from '../support/browser.ts';
import { aRun, type ReportedRun, sceneLines, writeReport } from '../support/html-report.ts';
import { lineOf, MODEL_RUN, modelLines } from '../support/queue-model.ts';

const lab = new PageLab();
after(() => lab.close());

async function openRun(lines: Iterable<RequestLine>, run: Partial<ReportedRun> = {}): Promise<OpenedPage> {
  const { html } = await writeReport([{ run: aRun({}), lines, ...run }]);
  const opened = await lab.open(html);
  await settle(opened);
  return opened;
}

function aTryLine(part: Partial<TryLine>): TryLine {
  return {
    lane: 0,
    outcome: 'ok',
    status: 200,
    startedMs: 0,
    endedMs: 10,
    phasesMs: { network: 1, ttfb: 8, download: 1 },
    ...part,
  };
}

const TEN_DAYS_MS = 864_000_000;

const ODD: Readonly<Record<string, { lines: () => RequestLine[]; says: RegExp }>> = {
  'no requests': { lines: () => [], says: /^No requests: there is nothing to draw\.$/ },
  'one request': {
    lines: () => [lineOf(0, 0, [aTryLine({})])],
    says: /its queue\. Wall 10\sms; on the wire p50 10\sms, max 10\sms\.$/,
  },
  'none was sent': {
    lines: () => [lineOf(0, 0, []), lineOf(1, 5, [])],
    says: /^Nothing was sent: 2 requests ended before that\.$/,
  },
  'all failed': {
    lines: () =>
      [0, 1, 2].map(index =>
        lineOf(index, 0, [aTryLine({ lane: index, outcome: 'network_error', status: null, phasesMs: {} })]),
      ),
    says: /^Of 3 requests, 3 failed\. Wall 10\sms/,
  },
  'attempts without any length': {
    lines: () => [0, 1].map(index => lineOf(index, 0, [aTryLine({ lane: index, endedMs: 0, phasesMs: {} })])),
    says: /^Wall 0\sms/,
  },
  'ten days': {
    lines: () => [
      lineOf(0, 0, [aTryLine({})]),
      lineOf(1, 0, [
        aTryLine({
          startedMs: TEN_DAYS_MS,
          endedMs: TEN_DAYS_MS + 20,
          phasesMs: { permit: TEN_DAYS_MS, ttfb: 20 },
        }),
      ]),
    ],
    says: /^1 of 2 requests waits up to 10\sdays for a permit of ours\. Wall 10\sdays/,
  },
  'server times that exceed the wait': {
    lines: () => [
      lineOf(0, 0, [
        aTryLine({
          phasesMs: { network: 1, queue: 50, service: 60 },
          server: { worker: '1', workers: 2, arrivedMs: 1, doubtMs: 0 },
        }),
      ]),
    ],
    says: /its queue\. Wall 10\sms/,
  },
};

for (const [name, { lines, says }] of Object.entries(ODD)) {
  test(`${name}: a sensible page`, async () => {
    const opened = await openRun(lines());
    assertQuiet(opened);
    assert.match(await opened.page.locator('h1').innerText(), says);
    await opened.page.focus('#cursor');
    for (const key of [
      'e',
      'n',
      '.',
      'ArrowDown',
      'w',
      'w',
      'd',
      'f',
      'f',
      '0',
      'm',
      't',
      't',
      'Enter',
      'Escape',
    ])
      await opened.page.keyboard.press(key);
    await settle(opened);
    assertQuiet(opened);
    await opened.close();
  });
}

const HOSTILE: readonly string[] = [
  '</script><script>globalThis.strange = 1</script>',
  '<img src=x onerror="globalThis.strange = 1">',
  '\u202egpj.exe \u0000 \ud800 \u2028',
  '{{data}} {{script}} $& $1',
  'x'.repeat(1_000_000),
];

test('N01, S10, S11: hostile texts stay texts, and no URL becomes a link', async () => {
  const lines = HOSTILE.map((text, index) => ({
    ...lineOf(index, 0, [
      aTryLine({
        ...{ lane: index, outcome: 'protocol_error', status: null },
        server: { worker: text.slice(0, 200), workers: 3, arrivedMs: 1, doubtMs: 0 },
        error: { code: 'UNKNOWN', message: text },
      }),
    ]),
    ...{ id: text, method: text, url: `http://h/${text}` },
  }));
  const diagnoses = HOSTILE.map(text => ({ code: 'slow_host' as const, sentence: text, tryThis: text }));
  const opened = await openRun(lines, { name: HOSTILE[0] ?? '', diagnoses });
  assertQuiet(opened);
  assert.equal(await opened.page.locator('.diagnosis').count(), HOSTILE.length);
  for (let row = 0; row < HOSTILE.length; row++) {
    await opened.ask(`paceline.app.select({ run: 0, row: ${row} })`);
    await settle(opened);
  }
  await opened.page.focus('#cursor');
  await opened.page.keyboard.press('t');
  const text = await opened.page.locator('main').innerText();
  assert.doesNotMatch(text, /[\u202e\u0000\u2028]/);
  assert.equal(await opened.ask('globalThis.strange'), undefined);
  assert.equal(await opened.ask("document.querySelectorAll('img, iframe, object').length"), 0);
  const links = await opened.ask<string[]>("[...document.links].map(link => link.getAttribute('href'))");
  assert.deepEqual(links, ['#cursor']);
  assert.ok(
    await opened.ask<boolean>('document.documentElement.scrollWidth <= innerWidth'),
    'it is too wide',
  );
  assertQuiet(opened);
  await opened.close();
});

test('a damaged block is named, and the rest is drawn', async () => {
  const lines = modelLines({ requests: 140_000, lanes: 7, workers: 5, serviceMs: 3 });
  const { html } = await writeReport([{ run: MODEL_RUN, lines }]);
  const at =
    html.indexOf('>', html.indexOf('data-kind="attempts"', html.indexOf('data-kind="attempts"') + 1)) + 1000;
  const flipped = html[at] === 'A' ? 'B' : 'A';
  const opened = await lab.open(html.slice(0, at) + flipped + html.slice(at + 1));
  await settle(opened);
  assert.match(
    await opened.page.getByRole('alert').innerText(),
    /^Block 2 of 6 \(attempts\) could not be read: it does not fit its checksum\.$/,
  );
  assert.equal(await opened.ask('paceline.app.runs[0].loaded.pieces.data.rows'), 140_000 - 65_536);
  assertQuiet(opened);
  await opened.close();
});

test('a file that was cut off says so, and draws what is there', async () => {
  const lines = modelLines({ requests: 140_000, lanes: 7, workers: 5, serviceMs: 3 });
  const { html } = await writeReport([{ run: MODEL_RUN, lines }]);
  const second = html.indexOf('data-kind="attempts"', html.indexOf('data-kind="attempts"') + 1);
  const opened = await lab.open(html.slice(0, second + 5000));
  const alerts = await opened.page.getByRole('alert').allInnerTexts();
  assert.ok(
    alerts.some(text => /blocks are missing: the file was cut off/.test(text)),
    alerts.join('\n'),
  );
  assert.equal(await opened.ask('paceline.app.runs[0].loaded.pieces.data.rows'), 65_536);
  await opened.close();
});

test('on paper: at most two pages, with the finding and the legend', async () => {
  const { html } = await writeReport([
    { run: aRun({ strategy: 'async', concurrency: null }), lines: sceneLines({ requests: 9 }) },
  ]);
  const opened = await lab.open(html, { colorScheme: 'dark' });
  await settle(opened);
  const pdf = await opened.page.pdf({ format: 'A4', printBackground: true });
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
  assert.ok(pages.length >= 1 && pages.length <= 2, `${pages.length} pages`);
  await opened.page.emulateMedia({ media: 'print' });
  assert.ok(await opened.page.locator('h1').isVisible());
  assert.ok(await opened.page.locator('table.legend').first().isVisible());
  assert.ok(await opened.page.locator('#filter').isHidden());
  await opened.close();
});
