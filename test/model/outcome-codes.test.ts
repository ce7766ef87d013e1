// The codes of outcomes: one list, one page, and nobody who makes up a code of their own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_CODES } from '../../src/base/errors.ts';
import { OUTCOME_CODES } from '../../src/model/outcome-codes.ts';
import { ownFiles, readOwn } from '../support/source-files.ts';

test('docs/ERRORS.md has a row for every code of an outcome, with the outcome that comes with it', () => {
  const rows = readOwn('docs/ERRORS.md').matchAll(/^\| `(\w+)` \| `(\w+)` \|/gm);
  assert.deepEqual(
    [...rows].map(([, code, outcome]) => [code, outcome]),
    Object.entries(OUTCOME_CODES),
  );
});

test('whoever ends a request takes a code from the list', () => {
  /** Two ways to write it: an error as an object, and a call of `failure`. */
  const made = /\bcode: '([A-Z][A-Z_]+)'|\bfailure\(\s*'(\w+)',\s*'([A-Z_]+)'/g;
  const system = /^E[A-Z]+$/;
  let count = 0;
  for (const path of ownFiles().filter(path => /^src\/.*\.ts$/.test(path))) {
    for (const [, literal, outcome, called] of readOwn(path).matchAll(made)) {
      const code = literal ?? called ?? '';
      count++;
      if (system.test(code) || (ERROR_CODES as readonly string[]).includes(code)) continue;
      assert.ok(Object.hasOwn(OUTCOME_CODES, code), `${path}: ${code} is not in src/model/outcome-codes.ts`);
      if (outcome !== undefined)
        assert.equal(OUTCOME_CODES[code as keyof typeof OUTCOME_CODES], outcome, `${path}: ${code}`);
    }
  }
  assert.ok(count >= 20, `only ${count} were found: has the way to write them changed?`);
});
