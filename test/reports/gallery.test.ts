// The pictures of the documents are those that the command draws today, to the byte.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { columnsOf } from '../../src/timeline/escape.ts';
import {
  CHARSETS,
  type DrawnScene,
  drawScene,
  GALLERY,
  TEXT_WIDTHS,
  THEMES,
} from '../../tools/gallery-scenes.ts';
import { assertGolden } from '../support/golden.ts';

const folder = fileURLToPath(new URL('../../docs/gallery/', import.meta.url));
const drawn = new Map<string, DrawnScene>();

for (const scene of GALLERY) {
  test(`${scene.name}: ${scene.says}`, async () => {
    const { pictures, texts } = await drawScene(scene);
    drawn.set(scene.name, { pictures, texts });
    for (const theme of THEMES) {
      const there = readFileSync(`${folder}${scene.name}.${theme}.svg`, 'utf8');
      assert.equal(pictures[theme], there, `Look at the new picture; if it is right: npm run gallery`);
      assert.match(pictures[theme], /A model, not measured/);
    }
    for (const charset of CHARSETS) {
      assertGolden(`gallery/${scene.name}.${charset}.txt`, texts[charset]);
      for (const [place, text] of texts[charset].split(`${'~'.repeat(20)}\n`).entries())
        for (const line of text.split('\n'))
          assert.ok(columnsOf(line) <= (TEXT_WIDTHS[place] as number), line);
    }
  });
}

test('what the same scene draws twice is the same to the byte', async () => {
  const [scene] = GALLERY;
  assert.ok(scene);
  assert.deepEqual(await drawScene(scene), drawn.get(scene.name));
});

test('the gallery holds these pictures and no others', () => {
  const names = GALLERY.flatMap(({ name }) => THEMES.map(theme => `${name}.${theme}.svg`));
  assert.deepEqual(readdirSync(folder).toSorted(), names.toSorted());
});

test('the documents show pictures that there are, and all of them', () => {
  const own = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
  const text = ['README.md', 'docs/PICTURES.md'].map(name => readFileSync(own(name), 'utf8')).join('\n');
  const shown = new Set([...text.matchAll(/gallery\/([\w.-]+\.svg)/g)].map(([, name = '']) => name));
  const there = readdirSync(folder);
  for (const name of shown) assert.ok(there.includes(name ?? ''), `${name}`);
  for (const { name } of GALLERY) assert.ok(shown.has(`${name}.light.svg`), name);
});

test('two runs on one axis take at most 12 kB', () => {
  for (const theme of THEMES) {
    const picture = drawn.get('semaphore')?.pictures[theme] ?? '';
    assert.ok(picture.length > 1000 && Buffer.byteLength(picture) <= 12_000, String(picture.length));
  }
});

/** What each must say: seconds as in the talk, and two round trips of 40 ms for the first on each connection. */
const FINDINGS: Readonly<Record<string, RegExp[]>> = {
  sequential: [/wall 3\.25 s/, /server queue: 0 of 3 waited/],
  threads: [/wall 1\.11 s/, /event loops: threads 2\.7 % busy/, /on 3 threads/],
  async: [/wall 1\.17 s/, /event loop 7\.7 % busy/, /on 1 thread/],
  'without-semaphore': [/6 of 9 waited, max 2 s/, />peak 9</, />3 workers</],
  'with-semaphore': [/server queue: 0 of 9 waited/, /here: 6 of 9 waited for a permit/, />limit 3</],
  'cpu-one-loop': [/our own code 2\.40 s on 1 thread/, />main</, />81 % busy</],
  'cpu-processes': [/our own code 2\.40 s on 3 processes/, />process 3</, />54 % busy</],
  semaphore: [/as fast/],
};

test('each picture says what it is there for', () => {
  for (const { name } of GALLERY)
    for (const finding of FINDINGS[name] ?? [/nothing expected/])
      assert.match(drawn.get(name)?.pictures.light ?? '', finding, name);
});
