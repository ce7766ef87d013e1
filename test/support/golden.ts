// Compares text with a file of test/golden/, and writes it anew when asked to.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @param name of the file in test/golden/ */
export function assertGolden(name: string, text: string): void {
  const path = fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  let wanted = '';
  try {
    wanted = readFileSync(path, 'utf8');
  } catch {
    // Stays empty: the message below says what to do.
  }
  assert.equal(
    text,
    wanted,
    `test/golden/${name} differs. Look at the new text; if it is right: UPDATE_GOLDEN=1 npm test`,
  );
}
