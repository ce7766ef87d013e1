import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('fixtures/survivors.ts', import.meta.url));

// In processes of their own: the young generation of this one may have grown already.
const bytesAfter = (mode: string): number =>
  Number(execFileSync(process.execPath, [PROGRAM, mode], { encoding: 'utf8' }));

test('a young generation that is large enough stays as it is', () => {
  const free = bytesAfter('free');
  const bounded = bytesAfter('bounded');
  assert.ok(bounded < 12e6, `${bounded} bytes when bounded`);
  assert.ok(free > 20e6, `${free} bytes when free: nothing was bounded`);
});
