// The text of an HTML report: what of it is hostile stays text, what was left out is said, and the bytes are base64.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base64, jsonInHtml } from '../../src/reports/html-text.ts';
import { escapeMarkup } from '../../src/reports/markup.ts';
import type { ReportHead } from '../../src/timeline/large/report-head.ts';
import { A_SUMMARY, aRun, sceneLines, writeReport } from '../support/html-report.ts';
import { lineOf, MODEL_RUN, modelLines } from '../support/queue-model.ts';

test('N02: text and JSON cannot leave their place', () => {
  assert.equal(escapeMarkup(`<a href="x" id='y'>&`), '&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;');
  const value = { text: '</script><!-- \u2028 &amp;' };
  const json = jsonInHtml(value);
  assert.doesNotMatch(json, /[<>&\u2028]/);
  assert.deepEqual(JSON.parse(json), value);
});

test('base64, with and without the platform’s own', () => {
  for (const length of [0, 1, 2, 3, 4, 5, 100, 24_576, 24_577, 60_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
    const expected = Buffer.from(bytes).toString('base64');
    assert.equal(base64(bytes), expected);
    const bare = Object.defineProperty(bytes.slice(), 'toBase64', { value: undefined });
    assert.equal(base64(bare), expected);
  }
});

test('the same runs give the same bytes', async () => {
  const write = (): Promise<{ html: string }> =>
    writeReport([{ run: aRun({}), lines: sceneLines({ requests: 30, limit: 3 }) }]);
  assert.equal((await write()).html, (await write()).html);
});

test('a sixth run is left out, and said so', async () => {
  const runs = Array.from({ length: 7 }, (_, i) => ({
    run: aRun({ concurrency: i + 1 }),
    lines: [...sceneLines({ requests: 4, limit: i + 1 })],
  }));
  const { html, warnings } = await writeReport(runs);
  assert.deepEqual(warnings, [
    'Left out 2 runs: a page shows 5 on one axis. Write the others to a second file.',
  ]);
  assert.match(html, /data-run="4"/);
  assert.doesNotMatch(html, /data-run="5"/);
});

test('runs of one strategy are told apart by their files', async () => {
  const lines = [...sceneLines({ requests: 4 })];
  const { html } = await writeReport([
    { run: aRun({}), lines, name: 'monday.ndjson' },
    { run: aRun({}), lines, name: 'tuesday.ndjson' },
  ]);
  assert.match(html, /"name":"semaphore 3","title"/);
  assert.match(html, /"name":"semaphore 3 \(tuesday\.ndjson\)","title"/);
});

test('credentials do not reach the file', async () => {
  const one = {
    ...({ lane: 0, outcome: 'network_error', status: null, startedMs: 0, endedMs: 1, phasesMs: {} } as const),
    error: { code: 'ECONNREFUSED', message: 'no http://me:hunter2@h/?token=hunter2' } as const,
  };
  const { inflateRawSync } = await import('node:zlib');
  const line = { ...lineOf(0, 0, [one]), url: 'http://me:hunter2@h/?token=hunter2&page=7' };
  const { html } = await writeReport([{ run: aRun({}), lines: [line] }]);
  const blocks = [...html.matchAll(/data-kind="texts"[^>]*>([^<]+)</g)].map(([, text]) =>
    inflateRawSync(Buffer.from(text ?? '', 'base64')).toString(),
  );
  assert.match(blocks.join(''), /REDACTED[^"]*page=7/);
  assert.doesNotMatch(`${html}${blocks}`, /hunter2/);
});

test('too many different URLs: their digits stand as *, and that is said', async () => {
  const lines = Array.from({ length: 21_000 }, (_, index) => ({
    ...lineOf(index, 0, [
      { lane: 0, outcome: 'ok', status: 200, startedMs: index, endedMs: index + 1, phasesMs: {} },
    ]),
    url: `http://h/item/${index}/of/${index * 7}`,
  }));
  const { html, warnings } = await writeReport([{ run: aRun({}), lines }]);
  assert.deepEqual(warnings, ['Left out: so many different texts (url) that digits stand as *.']);
  assert.match(html, /so many different texts \(url\)/);
});

test('the head holds how busy our event loops were, in whole numbers; nothing where it was not measured', async () => {
  const lines = [...sceneLines({ requests: 4, limit: 3 })];
  const eventLoops = [
    { of: 'main', everyMs: 20, busy: [0.0625, 0.02, null] },
    { of: 'process', worker: 1, fromMs: 0.5, everyMs: 40, busy: [1] },
  ] as const;
  const { html } = await writeReport([
    { run: aRun({}), lines, summary: { ...A_SUMMARY, eventLoops } },
    { run: aRun({ concurrency: 2 }), lines },
  ]);
  const head = JSON.parse(/id="paceline-head">([^<]*)</.exec(html)?.[1] ?? '') as ReportHead;
  assert.deepEqual(
    head.runs.map(({ loops }) => loops),
    [
      [
        { label: 'main', says: '4.1 % busy', fromUs: 0, everyUs: 20_000, busy: [63, 20, null] },
        { label: 'process 2', says: '100 % busy', fromUs: 500, everyUs: 40_000, busy: [1000] },
      ],
      [],
    ],
  );
});

test('without scripts there is still a picture: small, and nothing of it outside its frame', async () => {
  const lines = modelLines({ requests: 3000, lanes: 40, workers: 30, serviceMs: 30, retried: 0.1 });
  const { html } = await writeReport([{ run: MODEL_RUN, lines }]);
  const picture = /<noscript>(.*?)<\/noscript>/s.exec(html)?.[1] ?? '';
  assert.ok(picture.length > 1000 && picture.length < 15_000, `${picture.length} characters`);
  const paths = [...picture.matchAll(/ d="M0 140((?:[HV]\d+)+)Z"/g)].map(([, path = '']) => path);
  assert.ok(paths.length >= 3, 'a path for each phase');
  for (const path of paths) {
    const heights = [...path.matchAll(/V(\d+)/g)].map(([, y]) => Number(y));
    assert.ok(heights.every(y => y >= 6 && y <= 140));
    const across = [...path.matchAll(/H(\d+)/g)].map(([, x]) => Number(x));
    assert.deepEqual(
      across,
      across.toSorted((a, b) => a - b),
    );
  }
});
