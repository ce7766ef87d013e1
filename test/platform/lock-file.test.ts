// The lock beside a record: one holder, taken over from a process that is gone, never from one that lives.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type HeldLock, takeLock } from '../../src/platform/lock-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-lock-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'run.ndjson.lock');

function taken(): HeldLock {
  const lock = takeLock(path);
  assert.ok(lock !== 'foreign' && 'release' in lock);
  return lock;
}

test('it is held once, and again after it was let go of; nothing is left', () => {
  const first = taken();
  assert.deepEqual(takeLock(path), { heldBy: { pid: process.pid, host: null } });
  assert.deepEqual(readdirSync(folder), ['run.ndjson.lock']);
  first.release();
  first.release();
  assert.deepEqual(readdirSync(folder), []);
  const second = taken();
  first.release(); // not its own any more
  assert.ok(existsSync(path));
  second.release();
});

test('one whose process is gone is taken over, also when its number is somebody else by now', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const gone = [
    JSON.stringify({ pid: child.pid, started: 'boot 1', host: hostname() }),
    '', // killed while it was made
    ...(process.platform === 'linux'
      ? [JSON.stringify({ pid: process.pid, started: 'an earlier boot 7', host: hostname() })]
      : []),
  ];
  for (const content of gone) {
    writeFileSync(path, content);
    taken().release();
    assert.deepEqual(readdirSync(folder), [], content);
  }
});

test('what another machine holds, or is no lock at all, stays as it is', () => {
  for (const [content, says] of [
    ['{"pid":7,"started":"x","host":"elsewhere"}', { heldBy: { pid: 7, host: 'elsewhere' } }],
    ['my own notes', 'foreign'],
    ['{"pid":-1,"host":"h"}', 'foreign'],
    ['null', 'foreign'],
  ] as const) {
    writeFileSync(path, content);
    assert.deepEqual(takeLock(path), says);
    assert.equal(readFileSync(path, 'utf8'), content);
    assert.deepEqual(readdirSync(folder), ['run.ndjson.lock']);
  }
  rmSync(path);
});

test('a process that ends without a word to the lock lets go of it', async () => {
  const program = `
    const { takeLock } = await import(${JSON.stringify(new URL('../../src/platform/lock-file.ts', import.meta.url))});
    takeLock(${JSON.stringify(path)});
    process.exit(0);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.deepEqual(readdirSync(folder), []);
});
