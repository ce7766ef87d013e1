// axe finds nothing to complain of, in each of the looks a reader may have chosen and each width.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { BrowserContextOptions } from 'playwright-core';
import { assertQuiet, PageLab, settle } from '../support/browser.ts';
import { aRun, sceneLines, writeReport } from '../support/html-report.ts';
import { MODEL_RUN, modelLines } from '../support/queue-model.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const lab = new PageLab();
const reports: Record<string, string> = {};
before(async () => {
  const lines = [
    ...modelLines({ requests: 300, lanes: 6, workers: 4, serviceMs: 20, failing: 200, retried: 0.05 }),
  ];
  reports.one = (await writeReport([{ run: MODEL_RUN, lines }])).html;
  reports.several = (
    await writeReport([
      { run: aRun({ strategy: 'sequential', concurrency: 1 }), lines: sceneLines({ requests: 9, limit: 1 }) },
      {
        run: aRun({ strategy: 'async', concurrency: null }),
        lines: sceneLines({ requests: 9, reports: false }),
      },
    ])
  ).html;
});
after(() => lab.close());

const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  'forced colours': { forcedColors: 'active' },
  'reduced motion': { reducedMotion: 'reduce' },
  'more contrast': { contrast: 'more' },
  '200 % zoom': { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 },
  '320 px': { viewport: { width: 320, height: 640 } },
};

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

for (const [look, options] of Object.entries(LOOKS)) {
  for (const name of ['one', 'several']) {
    test(`no violations: ${look}, ${name}`, async () => {
      const opened = await lab.open(reports[name] ?? '', { bypassCSP: true, ...options });
      await opened.page.focus('#cursor');
      for (const key of ['e', 't']) await opened.page.keyboard.press(key);
      await opened.page.getByText('the same in numbers').first().press('Enter');
      await opened.ask("paceline.controls.filter.set('latency>p50 nothing:1')");
      await opened.ask("document.querySelector('.menu').open = true");
      await opened.ask(
        'paceline.app.arrange({ ...paceline.app.arranged, hidden: new Set(), isOwnScale: true })',
      );
      await settle(opened);
      await opened.page.evaluate(AXE);
      const { violations } = await opened.ask<{ violations: Violation[] }>('axe.run(document)');
      const told = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(n => `${n.html} ${n.failureSummary}`).join('\n')}`,
      );
      assert.deepEqual(told, []);
      assert.ok(
        await opened.ask<boolean>('document.documentElement.scrollWidth <= innerWidth'),
        'it scrolls sideways',
      );
      assertQuiet(opened);
      await opened.close();
    });
  }
}

test('whatever can be clicked is large enough, and the focus can be seen', async () => {
  const opened = await lab.open(reports.one ?? '');
  await opened.ask("document.querySelector('.menu').open = true");
  const small = await opened.ask<string[]>(
    `[...document.querySelectorAll('button, input, select, summary')]
      .map(e => e.closest('label.choice') ?? e)
      .filter(e => e.offsetParent && (e.offsetWidth < 24 || e.offsetHeight < 24))
      .map(e => e.outerHTML)`,
  );
  assert.deepEqual(small, []);
  await opened.page.keyboard.press('Tab');
  await opened.page.keyboard.press('Tab');
  const outline = await opened.ask<string>('getComputedStyle(document.activeElement).outlineStyle');
  assert.equal(outline, 'solid');
  await opened.close();
});
