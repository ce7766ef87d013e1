// The HTML report as the command opens it: with the built page, and a clear word where that is missing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { openHtmlReport } from '../../src/cli/output/html-report.ts';
import { aRun, sceneLines } from '../support/html-report.ts';

test('it writes a whole page', () => {
  const pieces: string[] = [];
  const report = openHtmlReport()(piece => pieces.push(String(piece)), {
    ...{ theme: 'dark', width: 820, charset: 'unicode' },
    warn: sentence => assert.fail(sentence),
  });
  report.begin(aRun({}), 'run.ndjson');
  for (const line of sceneLines({ requests: 9, limit: 3 })) report.add(line);
  report.end(null, []);
  report.finish();
  const html = pieces.join('');
  assert.match(html, /^<!doctype html>/);
  assert.match(html, /<h1 id="caption">6 of 9 requests wait up to/);
  assert.match(html, /"theme":"dark"/);
  assert.match(html, /the run was cut off/);
  assert.doesNotMatch(html, /\{\{\w+\}\}/);
  assert.match(html, /<\/html>\n$/);
});

test('a page that was not built is told with what to do', () => {
  const elsewhere = pathToFileURL('/nowhere/paceline/dist/main.cjs').href;
  assert.throws(() => openHtmlReport(elsewhere), {
    code: 'ERR_ENV_PAGE',
    message: /The page of the HTML report is missing\. In a checkout, build it: npm run build/,
  });
});
