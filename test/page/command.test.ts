// The page as the command writes it, from a simulated run and from a record, opened like any other.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { assertQuiet, PageLab, settle } from '../support/browser.ts';
import { ROOT } from '../support/source-files.ts';

const lab = new PageLab();
const folder = mkdtempSync(join(tmpdir(), 'paceline-command-'));
after(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

const paceline = (...args: readonly string[]): string =>
  execFileSync(process.execPath, [join(ROOT, 'bin/paceline.cjs'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

test('simulate --report page.html, and report record -o page.html', async () => {
  paceline('simulate', '-S', 'async,semaphore', '-c', '3', '-n', '9', '--seed', '7', '--report', 'both.html');
  const both = await lab.open(readFileSync(join(folder, 'both.html'), 'utf8'));
  await settle(both);
  assert.match(
    await both.page.locator('h1').innerText(),
    /^Both runs take about as long: 3\ss\. semaphore 3 takes about as long as async and keeps/,
  );
  assert.deepEqual(
    await both.ask('paceline.hashes()'),
    await both.ask('paceline.head.runs.map(run => run.hash)'),
  );
  assertQuiet(both);
  await both.close();
  paceline('simulate', '-S', 'semaphore', '-c', '20', '-n', '3000', '--seed', '7', '-o', 'run.ndjson');
  paceline('report', 'run.ndjson', '-o', 'run.html', '--theme', 'dark');
  const run = await lab.open(readFileSync(join(folder, 'run.html'), 'utf8'));
  await settle(run);
  assert.equal(await run.ask('document.documentElement.dataset.theme'), 'dark');
  assert.equal(await run.ask('paceline.app.runs[0].loaded.pieces.data.rows'), 3000);
  assert.match(
    await run.page.locator('.diagnosis').first().innerText(),
    /^The server's capacity: 2\s997 of 3\s000 requests waited in its queue.* Try -c 3:/,
  );
  assertQuiet(run);
  await run.close();
});
