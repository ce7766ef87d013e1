import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ownFile } from '../../src/platform/own-file.ts';

test('in a checkout an entry is the source file itself', () => {
  const url = ownFile('platform/own-file.ts');
  assert.match(url.href, /\/src\/platform\/own-file\.ts$/);
  assert.equal(existsSync(fileURLToPath(url)), true);
});

test('in the built package an entry lies beside the code that asks, whichever chunk that is', () => {
  const chunk = 'file:///some%20where/node_modules/paceline/dist/chunk-a1.js';
  assert.equal(
    ownFile('executors/thread-entry.ts', chunk).href,
    'file:///some%20where/node_modules/paceline/dist/thread-entry.cjs',
  );
});
