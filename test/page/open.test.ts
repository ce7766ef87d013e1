// A report opened from a file: it asks for nothing, runs nothing but its own program, and holds what was written.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import type { RequestLine } from '../../src/model/record.ts';
import { requestLine } from '../../src/trace/line.ts';
import { assertQuiet, PageLab, settle } from '../support/browser.ts';
import { aRun, pageTemplate, sceneLines, writeReport } from '../support/html-report.ts';
import { MODEL_RUN, modelLines } from '../support/queue-model.ts';
import { drawRecord } from '../support/random-record.ts';

const lab = new PageLab();
after(() => lab.close());

const NINE = { run: aRun({ strategy: 'async', concurrency: null }), lines: [...sceneLines({ requests: 9 })] };

test('the template and a report of nine requests are small', async () => {
  const template = await pageTemplate();
  assert.ok(Buffer.byteLength(template) <= 150_000, `${Buffer.byteLength(template)} bytes`);
  const { html } = await writeReport([NINE]);
  assert.ok(Buffer.byteLength(html) <= 170_000, `${Buffer.byteLength(html)} bytes`);
});

test('N09: the page asks for nothing, and its policy lets in nothing but its own program', async () => {
  const { html } = await writeReport([NINE]);
  const opened = await lab.open(html);
  await settle(opened);
  assertQuiet(opened);
  const policy = await opened.ask<string>(
    "document.querySelector('meta[http-equiv=Content-Security-Policy]').content",
  );
  assert.match(policy, /^default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-/);
  assert.doesNotMatch(policy, /unsafe/);
  const handlers = await opened.ask<number>(
    "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => /^on/i.test(a.name))).length",
  );
  assert.equal(handlers, 0);
  assert.doesNotMatch(await pageTemplate(), /\beval\(|new Function\(|https?:\/\/(?!www\.w3\.org)/);
  await opened.close();
});

test('a program that is put into the file later does not run', async () => {
  const { html } = await writeReport([NINE]);
  const opened = await lab.open(html.replace('</main>', '</main><script>globalThis.strange = 1</script>'));
  assert.equal(await opened.ask('globalThis.strange'), undefined);
  assert.ok(opened.complaints.some(text => text.includes('Content Security Policy')));
  await opened.close();
});

test('what the page decodes is what was written', async () => {
  const { lines } = drawRecord(seededRandom(5), 40);
  const drawn = lines.flatMap(({ settled }) =>
    settled ? [JSON.parse(requestLine(settled, 'none')) as RequestLine] : [],
  );
  const runs = [
    NINE,
    { run: aRun({}), lines: drawn },
    {
      run: MODEL_RUN,
      lines: modelLines({ requests: 70_000, lanes: 20, workers: 15, serviceMs: 9, retried: 0.01 }),
    },
  ];
  const { html } = await writeReport(runs);
  const opened = await lab.open(html);
  const [hashes, written] = await opened.ask<[string[], string[]]>(
    '[paceline.hashes(), paceline.head.runs.map(run => run.hash)]',
  );
  assert.equal(new Set(written).size, 3);
  assert.deepEqual(hashes, written);
  await opened.close();
});

test('the CSV of the visible part holds the rows of the record', async () => {
  const lines = [...modelLines({ requests: 400, lanes: 8, workers: 6, serviceMs: 20, retried: 0.05 })];
  const { html } = await writeReport([{ run: MODEL_RUN, lines }]);
  const opened = await lab.open(html, { acceptDownloads: true });
  await opened.ask('paceline.app.view.show({ fromUs: 200000, toUs: 500000 })');
  const saved = opened.page.waitForEvent('download');
  await opened.page.getByRole('button', { name: 'CSV: save the visible attempts' }).click();
  const stream = await (await saved).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const [head, ...rows] = Buffer.concat(chunks).toString().trimEnd().split('\r\n');
  const names = (head ?? '').split(',');
  const told = rows.map(row => Object.fromEntries(row.split(',').map((value, i) => [names[i], value])));
  const expected = lines
    .flatMap(line => line.tries.map((one, i) => ({ index: line.index, attempt: i + 1, ...one })))
    .filter(one => one.endedMs >= 200 && one.startedMs <= 500);
  assert.equal(told.length, expected.length);
  for (const one of expected) {
    const row = told.find(
      other => other.index === String(one.index) && other.attempt === String(one.attempt),
    );
    assert.deepEqual(
      [row?.startedMs, row?.endedMs, row?.lane, row?.status, row?.outcome],
      [one.startedMs, one.endedMs, one.lane, one.status, one.outcome].map(String),
    );
    assert.ok(Math.abs(Number(row?.serviceMs) - (one.phasesMs.service ?? 0)) <= 0.0035, JSON.stringify(row));
  }
  await opened.close();
});
