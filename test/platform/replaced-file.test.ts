// A file that takes another's place: whole or not at all.
import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ReplacedFile } from '../../src/platform/replaced-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);

test('until it is committed the old file is there; then the new one, and nothing else', () => {
  writeFileSync(path('a'), 'old', { mode: 0o640 });
  chmodSync(path('a'), 0o640);
  const file = ReplacedFile.open(path('a'));
  file.write('new ');
  file.write(new Uint8Array(200_000).fill(65));
  file.write('é');
  assert.equal(readFileSync(path('a'), 'utf8'), 'old');
  file.commit();
  file.abandon();
  assert.equal(readFileSync(path('a'), 'utf8'), `new ${'A'.repeat(200_000)}é`);
  assert.equal(statSync(path('a')).mode & 0o777, 0o640);
  assert.deepEqual(readdirSync(folder), ['a']);
});

test('what is given up leaves nothing behind', () => {
  const file = ReplacedFile.open(path('b'));
  assert.equal(file.key, null);
  file.write('x'.repeat(100_000));
  file.abandon();
  file.abandon();
  assert.ok(!readdirSync(folder).some(name => name !== 'a'));
});

test('a new one can be read by its owner alone; a link stays a link', () => {
  const fresh = ReplacedFile.open(path('c'));
  fresh.write('1');
  fresh.commit();
  assert.equal(statSync(path('c')).mode & 0o777, 0o600);
  symlinkSync('c', path('link'));
  const file = ReplacedFile.open(path('link'));
  const { dev, ino } = statSync(path('c'));
  assert.equal(file.key, `${dev}:${ino}`);
  file.write('2');
  file.commit();
  assert.equal(readFileSync(path('c'), 'utf8'), '2');
  assert.deepEqual(readdirSync(folder).toSorted(), ['a', 'c', 'link']);
});

test('a folder, and a folder that is not there, are refused with what the system says', () => {
  assert.throws(() => ReplacedFile.open(folder), { code: 'EISDIR' });
  assert.throws(() => ReplacedFile.open(path('none/x')), { code: 'ENOENT' });
});

test('a device is written to as it is', () => {
  const file = ReplacedFile.open('/dev/null');
  file.write('x');
  file.commit();
  assert.ok(statSync('/dev/null').isCharacterDevice());
});

test('pieces of any size keep their order', () => {
  const path = join(folder, 'order.txt');
  const file = ReplacedFile.open(path);
  let expected = '';
  for (const [i, length] of [
    10, 70_000, 3, 65_535, 65_537, 1, 131_073, 0, 100_000, 40_000, 40_000,
  ].entries()) {
    const piece = String.fromCharCode(97 + i).repeat(length);
    file.write(i % 2 === 0 ? piece : Buffer.from(piece));
    expected += piece;
  }
  file.commit();
  assert.ok(readFileSync(path, 'utf8') === expected);
});
