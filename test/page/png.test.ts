// A picture as PNG: drawn for real by a Chromium and by resvg, and refused in clear words where there is neither.
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { main } from '../../src/cli/main.ts';
import { type PngDrawer, pngDrawer } from '../../src/cli/output/png-drawer.ts';
import { pngReport } from '../../src/cli/output/png-report.ts';
import { drawWithChromium, findChromium, type Machine, THIS_MACHINE } from '../../src/platform/chromium.ts';
import { loadResvg } from '../../src/platform/resvg.ts';
import type { ReportBuilder } from '../../src/reports/report.ts';
import { openSvgReport } from '../../src/reports/svg/svg-report.ts';
import { PALETTES } from '../../src/timeline/looks.ts';
import { chromiumPath } from '../support/browser.ts';
import { aRun, sceneLines } from '../support/html-report.ts';
import { type Png, readPng } from '../support/png.ts';
import { elementsOf } from '../support/svg.ts';
import { testIo } from '../support/test-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-png-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const OPTIONS = { theme: 'auto', width: 820, charset: 'unicode', warn: () => undefined } as const;
const RUN = aRun({ strategy: 'async', concurrency: null });

function machine(part: Partial<Machine>): Machine {
  return { ...THIS_MACHINE, env: {}, ...part };
}

function named(program: string): Promise<PngDrawer> {
  return pngDrawer(machine({ env: { PACELINE_CHROMIUM: program } }));
}

async function draw(report: ReportBuilder): Promise<void> {
  report.begin(RUN, 'run.ndjson');
  for (const line of sceneLines({ requests: 9 })) report.add(line);
  report.end(null, []);
  await report.finish();
}

async function pngOf(drawer: PngDrawer, theme: 'auto' | 'dark' = 'auto'): Promise<Png> {
  const written: Uint8Array[] = [];
  await draw(pngReport(drawer)(piece => written.push(piece as Uint8Array), { ...OPTIONS, theme }));
  assert.equal(written.length, 1);
  return readPng(written[0] as Uint8Array);
}

/** In every bar of more than some pixels, wherever the SVG has it, the PNG has the colour of the phase. */
async function assertDrawn(png: Png, theme: 'light' | 'dark'): Promise<void> {
  let svg = '';
  await draw(openSvgReport(piece => (svg += String(piece)), { ...OPTIONS, theme }));
  const elements = elementsOf(svg);
  const { width, height } = elements[0]?.attributes ?? {};
  assert.deepEqual([png.width, png.height], [2 * Number(width), 2 * Number(height)]);
  assert.equal(png.at(3, 3), PALETTES[theme].surface);
  let probed = 0;
  for (const kind of ['queue', 'service'] as const) {
    const bars = elements.filter(
      ({ attributes, within }) => within.includes('bars') && attributes.class === kind,
    );
    for (const { attributes } of bars) {
      for (const [, x, y, wide] of (attributes.d ?? '').matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)/g)) {
        if (Number(wide) < 10) continue;
        const at = [2 * Number(x) + Number(wide), 2 * Number(y)] as const;
        assert.equal(png.at(...at), PALETTES[theme].kinds[kind], `${kind} at ${at}`);
        probed++;
      }
    }
  }
  assert.equal(probed, 6 + 2 * 9, 'queues, and each service on both sides');
}

test('a Chromium draws it twice as fine, in the colours of its theme, and leaves nothing behind', async () => {
  // A folder of its own: in the common one others come and go.
  const own = mkdtempSync(join(tmpdir(), 'paceline-own-'));
  const { TMPDIR } = process.env;
  process.env.TMPDIR = own;
  try {
    const drawer = await named(chromiumPath());
    await assertDrawn(await pngOf(drawer), 'light');
    await assertDrawn(await pngOf(drawer, 'dark'), 'dark');
    assert.deepEqual(
      readdirSync(own).filter(name => name.startsWith('paceline-')),
      [],
    );
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(own, { recursive: true, force: true });
  }
});

test('resvg draws the same, where it is installed', async () => {
  const drawer = await pngDrawer(machine({ isProgram: () => false }));
  await assertDrawn(await pngOf(drawer), 'light');
  await assertDrawn(await pngOf(drawer, 'dark'), 'dark');
});

test('what would be too long is drawn less finely, and then refused', async () => {
  const drawn: Parameters<PngDrawer>[0][] = [];
  const report = (runs: number): Promise<void> => {
    const png = pngReport(async drawing => {
      drawn.push(drawing);
      return new Uint8Array();
    })(() => undefined, OPTIONS);
    for (let run = 0; run < runs; run++) {
      png.begin(RUN, `${run}.ndjson`);
      for (const line of sceneLines({ requests: 60 })) png.add(line);
      png.end(null, []);
    }
    return png.finish() as Promise<void>;
  };
  await report(2);
  await report(25);
  assert.deepEqual(
    drawn.map(({ width, scale }) => [width, scale]),
    [
      [820, 2],
      [820, 1],
    ],
  );
  assert.ok((drawn[1]?.height ?? 0) > 16_384);
  await assert.rejects(report(50), {
    code: 'ERR_OPTION_INVALID',
    message: /Draw fewer records at once, or a \.svg\.$/,
  });
  assert.equal(drawn.length, 2);
});

test('the command: by its ending, and through --report', async () => {
  const record = join(folder, 'run.ndjson');
  const io = () => testIo();
  const words = ['simulate', '-S', 'async', '-n', '9', '-q', '--seed', '7'];
  assert.equal(await main([...words, '-o', record, '--report', join(folder, 'a.png')], io()), 0);
  assert.equal(await main(['report', record, '-q', '--width', '400', '-o', join(folder, 'b.png')], io()), 0);
  assert.equal(readPng(readFileSync(join(folder, 'a.png'))).width, 1640);
  assert.equal(readPng(readFileSync(join(folder, 'b.png'))).width, 800);
});

test('where there is neither, it says what to install and what needs nothing', async () => {
  const nobody = async () => null;
  await assert.rejects(pngDrawer(machine({ isProgram: () => false }), nobody), {
    code: 'ERR_ENV_PNG',
    message:
      'A PNG is drawn by resvg or by a Chromium, and neither was found here. Install one: ' +
      'npm install @resvg/resvg-js beside paceline, or Chromium or Chrome (PACELINE_CHROMIUM=FILE names one ' +
      'elsewhere). A picture that ends in .svg needs neither.',
  });
  assert.equal(await loadResvg(() => Promise.reject(new Error('it is not installed'))), null);
  assert.equal(await loadResvg(() => Promise.resolve({ default: {} })), null);
  await assert.rejects(named(join(folder, 'none')), {
    code: 'ERR_ENV_PNG',
    message:
      `PACELINE_CHROMIUM names ${join(folder, 'none')}, and that is no program. ` +
      'A picture that ends in .svg needs none.',
  });
});

test('it is found out before anything is sent, or written', async () => {
  const io = testIo();
  const before = process.env.PACELINE_CHROMIUM;
  process.env.PACELINE_CHROMIUM = join(folder, 'none');
  try {
    const words = ['simulate', '-q', '-S', 'async', '-o', join(folder, 'never.ndjson')];
    assert.equal(await main([...words, '--report', join(folder, 'never.png')], io), 3);
  } finally {
    if (before === undefined) delete process.env.PACELINE_CHROMIUM;
    else process.env.PACELINE_CHROMIUM = before;
  }
  assert.match(io.stderr.text(), /^paceline: PACELINE_CHROMIUM names \S+, and that is no program\./);
  assert.ok(!existsSync(join(folder, 'never.ndjson')) && !existsSync(join(folder, 'never.png')));
});

test('browsers are looked for in whole folders of PATH, and where systems put them', () => {
  const found = (platform: string, env: Record<string, string>, there: string): string | null =>
    findChromium({ platform, env, isProgram: path => path === there });
  const path = { PATH: ':.:bin:/usr/local/bin:/opt/x' };
  assert.equal(found('linux', path, '/opt/x/google-chrome'), '/opt/x/google-chrome');
  for (const stray of ['chromium', './chromium', 'bin/chromium', '/chromium'])
    assert.equal(found('linux', path, stray), null, stray);
  assert.equal(found('linux', {}, '/usr/bin/chromium'), null);
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  assert.equal(found('darwin', {}, mac), mac);
  const windows = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe';
  assert.equal(found('win32', { ProgramFiles: 'C:\\Program Files' }, windows), windows);
  assert.equal(found('win32', {}, windows), null);
});

function program(lines: string): string {
  const path = join(folder, `browser-${readdirSync(folder).length}`);
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
  return path;
}

const WRITE =
  'for word; do case "$word" in --screenshot=*) printf "$TEXT" > "$(echo "$word" | cut -d= -f2-)";; esac; done';

test('a browser that does not do its work is told by name, with its last words', async () => {
  const cases: [lines: string, says: RegExp][] = [
    ['exit 0', /did not draw the picture: it has written no picture; exit code 0\. /],
    ['echo first >&2; printf "no \\033[31mdisplay" >&2; exit 7', /exit code 7: no \\x1b\[31mdisplay\. /],
    ['kill -9 $$', /ended by SIGKILL\. /],
    [`TEXT=rubbish; ${WRITE}`, /what it has written is no PNG, not 1640 × \d+ pixels\. /],
  ];
  for (const [lines, says] of cases) {
    const drawer = await named(program(lines));
    await assert.rejects(pngOf(drawer), ({ code, message }: { code: string; message: string }) => {
      assert.equal(code, 'ERR_ENV_PROGRAM');
      assert.match(message, says);
      assert.match(message, /A picture that ends in \.svg needs no browser\.$/);
      return true;
    });
  }
});

test('a browser that does not end is ended, with what it has started', async () => {
  const pidFile = join(folder, 'pid');
  const hanging = program(`sleep 600 & echo $! > ${pidFile}; wait`);
  const drawing = { svg: '<svg/>', width: 1, height: 1, scale: 1 };
  await assert.rejects(drawWithChromium(hanging, drawing, 400), /it had not ended after 0 s$/);
  const pid = Number(readFileSync(pidFile, 'utf8'));
  assert.ok(pid > 0);
  while (isAlive(pid)) await new Promise(resolve => setImmediate(resolve));
});

/** One that has ended and whose parent has not looked yet is no longer alive. */
function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
