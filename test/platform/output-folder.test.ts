// Bodies as files on a real disk, with what others may have put in the way: links, names that are taken, no room.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { OutputFolder, type SaveResult, type UnsavedBody } from '../../src/platform/output-folder.ts';

let root = '';

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'paceline-folder-')));
});

afterEach(() => rmSync(root, { recursive: true }));

function body(name: string, text = `body of ${name}`): UnsavedBody {
  const numbered = (tries: number): string => (tries === 0 ? name : `${name}-${tries + 1}`);
  return { bytes: Buffer.from(text), nameAt: numbered, shortNameAt: tries => `short${tries}` };
}

const fileOf = (result: SaveResult | undefined): string | undefined =>
  result && 'file' in result ? result.file : undefined;
const codeOf = (result: SaveResult | undefined): unknown =>
  result && 'cause' in result ? (result.cause as { code?: unknown }).code : undefined;

function tag(host: string): string {
  return createHash('sha256').update(host).digest('hex').slice(0, 8);
}

for (const hasLinks of [true, false]) {
  const how = hasLinks ? 'by a link' : 'by a claimed name, where there are no hard links';

  test(`I43: many bodies at once are each the bytes that came, and nothing else is left (${how})`, async () => {
    const folder = await OutputFolder.open(join(root, 'new', 'er'), { hasLinks });
    const large = Buffer.alloc(3_500_001, 'abc');
    const bodies = [
      ...Array.from({ length: 40 }, (_, i) => body(`f${i}`)),
      body('empty', ''),
      { ...body('large'), bytes: large },
    ];
    const results = await folder.save(bodies);
    await folder.close();
    assert.deepEqual(
      results.map(fileOf),
      bodies.map(({ nameAt }) => nameAt(0)),
    );
    assert.deepEqual(readdirSync(folder.path).toSorted(), results.map(fileOf).toSorted());
    for (const [at, result] of results.entries()) {
      const bytes = readFileSync(join(folder.path, fileOf(result) ?? ''));
      assert.ok(bytes.equals(bodies[at]?.bytes ?? large));
      assert.equal('sha256' in result && result.sha256, createHash('sha256').update(bytes).digest('hex'));
    }
  });

  test(`K03: a file, a folder, a link to a file and a dangling link keep their names (${how})`, async () => {
    const outside = join(root, 'outside');
    writeFileSync(outside, 'precious');
    const path = join(root, 'out');
    mkdirSync(path);
    writeFileSync(join(path, 'file'), 'mine');
    mkdirSync(join(path, 'folder'));
    symlinkSync(outside, join(path, 'link'));
    symlinkSync(join(root, 'nowhere'), join(path, 'dangling'));
    const names = ['file', 'folder', 'link', 'dangling'];
    const folder = await OutputFolder.open(path, { hasLinks });
    const first = await folder.save(names.map(name => body(name)));
    const second = await folder.save(names.map(name => body(name)));
    await folder.close();
    assert.deepEqual(
      first.map(fileOf),
      names.map(name => `${name}-2`),
    );
    assert.deepEqual(
      second.map(fileOf),
      names.map(name => `${name}-3`),
    );
    assert.equal(readFileSync(join(path, 'file'), 'utf8'), 'mine');
    assert.equal(readFileSync(outside, 'utf8'), 'precious');
    assert.deepEqual(readdirSync(root).toSorted(), ['out', 'outside']);
    assert.equal(readFileSync(join(path, 'link-2'), 'utf8'), 'body of link');
  });

  test(`one name for two bodies of a batch goes to one of them (${how})`, async () => {
    const folder = await OutputFolder.open(root, { hasLinks });
    const results = await folder.save([body('same', '1'), body('same', '2'), body('same', '3')]);
    await folder.close();
    assert.deepEqual(results.map(fileOf).toSorted(), ['same', 'same-2', 'same-3']);
    const texts = results.map(result => readFileSync(join(root, fileOf(result) ?? ''), 'utf8'));
    assert.deepEqual(texts, ['1', '2', '3']);
  });
}

test('S16: a link planted at a temporary name is not followed', async () => {
  const outside = join(root, 'outside');
  writeFileSync(outside, 'precious');
  const path = join(root, 'out');
  mkdirSync(path);
  const planted = Array.from(
    { length: 5 },
    (_, number) => `.paceline-${tag(hostname())}-${process.pid}-t0ken-${number}.tmp`,
  );
  const folder = await OutputFolder.open(path, { token: 't0ken', hasLinks: true });
  for (const name of planted) symlinkSync(outside, join(path, name));
  const results = await folder.save([body('a'), body('b')]);
  await folder.close();
  assert.deepEqual(results.map(fileOf), ['a', 'b']);
  assert.equal(readFileSync(outside, 'utf8'), 'precious');
  assert.deepEqual(readdirSync(path).toSorted(), [...planted, 'a', 'b'].toSorted());
});

test('K11: files and a folder that is made are for their owner alone, whatever the umask', async () => {
  const before = process.umask(0);
  try {
    const folder = await OutputFolder.open(join(root, 'out'));
    await folder.save([body('a')]);
    await folder.close();
  } finally {
    process.umask(before);
  }
  assert.equal(statSync(join(root, 'out')).mode & 0o777, 0o700);
  assert.equal(statSync(join(root, 'out', 'a')).mode & 0o777, 0o600);
});

test('K09, S18: what processes that are gone have left is swept; what others may still need is not', async () => {
  const here = tag(hostname());
  // The largest number that a process can have on Linux, and one more: nobody has it.
  const gone = [`.paceline-${here}-4194305-abc-0.tmp`, `.paceline-${here}-${process.pid}-0ld-7.tmp`];
  const kept = [
    `.paceline-${here}-${process.ppid}-abc-0.tmp`, // alive
    `.paceline-${tag(`not ${hostname()}`)}-4194305-abc-0.tmp`, // of another host on the same disk
    `.paceline-${here}-4194305-abc-0.tmp.txt`,
    `.paceline-${here}-4194305-../-0.tmp`.replace('/', '_'),
    'paceline.tmp',
  ];
  for (const name of [...gone, ...kept]) writeFileSync(join(root, name), '');
  const link = `.paceline-${here}-4194305-abc-1.tmp`;
  symlinkSync('/', join(root, link)); // not ours: we make no links
  const folder = await OutputFolder.open(root, { token: 't0ken' });
  assert.deepEqual(readdirSync(root).toSorted(), [...kept, link].toSorted());
  // A second one in this process does not take the first one's files for leftovers, until that is closed.
  const ours = `.paceline-${here}-${process.pid}-t0ken-99.tmp`;
  writeFileSync(join(root, ours), '');
  for (const isKept of [true, false]) {
    await (await OutputFolder.open(root)).close();
    assert.equal(existsSync(join(root, ours)), isKept);
    await folder.close();
  }
});

test('K14: a folder that was removed, and another in its place, get nothing', async () => {
  const path = join(root, 'out');
  const folder = await OutputFolder.open(path);
  rmSync(path, { recursive: true });
  assert.deepEqual((await folder.save([body('a'), body('b')])).map(codeOf), ['ENOENT', 'ENOENT']);
  mkdirSync(join(root, 'elsewhere'));
  symlinkSync(join(root, 'elsewhere'), path);
  assert.deepEqual((await folder.save([body('a')])).map(codeOf), ['ESTALE']);
  assert.deepEqual(readdirSync(join(root, 'elsewhere')), []);
  await folder.close();
});

test('a folder behind a link is resolved once: turning the link moves nothing', async () => {
  for (const name of ['one', 'two']) mkdirSync(join(root, name));
  const link = join(root, 'link');
  symlinkSync(join(root, 'one'), link);
  const folder = await OutputFolder.open(link);
  rmSync(link);
  symlinkSync(join(root, 'two'), link);
  assert.deepEqual((await folder.save([body('a')])).map(fileOf), ['a']);
  await folder.close();
  assert.deepEqual([readdirSync(join(root, 'one')), readdirSync(join(root, 'two'))], [['a'], []]);
});

test('a disk that takes no long names gets the short one', async () => {
  const folder = await OutputFolder.open(root);
  writeFileSync(join(root, 'short0'), 'mine');
  assert.deepEqual((await folder.save([body('x'.repeat(300))])).map(fileOf), ['short1']);
  await folder.close();
  assert.deepEqual(readdirSync(root).toSorted(), ['short0', 'short1']);
});

test('K12: a name that cannot be given fails that body alone, and its temporary file goes', async () => {
  const folder = await OutputFolder.open(root);
  const results = await folder.save([body('a'), body('no/such/folder'), body('b')]);
  await folder.close();
  assert.deepEqual(results.map(fileOf), ['a', undefined, 'b']);
  assert.equal(codeOf(results[1]), 'ENOENT');
  assert.deepEqual(readdirSync(root).toSorted(), ['a', 'b']);
});

test('a file, or a path through one, cannot be opened as a folder; nor can what the system will not make', async () => {
  writeFileSync(join(root, 'file'), '');
  await assert.rejects(OutputFolder.open(join(root, 'file')), { code: 'EEXIST' });
  await assert.rejects(OutputFolder.open(join(root, 'file', 'x')), { code: 'ENOTDIR' });
  if (process.platform === 'linux') await assert.rejects(OutputFolder.open('/proc/x/y'), { code: 'ENOENT' });
});
