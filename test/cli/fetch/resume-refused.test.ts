// `fetch --resume` of what is not its own: another run's record, another tool's file, another input, another's lock.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { headerLine } from '../../../src/trace/line.ts';
import { sealed } from '../../../src/trace/seal.ts';
import { startPaceline } from '../../support/command.ts';
import { fetchHere, listFile, listText, sentBy } from '../../support/fetch-here.ts';
import { answer, serverAndFolder } from '../../support/fetch-server.ts';
import { A_RUN } from '../../support/random-record.ts';
import { wholeRecord } from '../../support/resume-record.ts';

const { server, folder } = await serverAndFolder();
const { file } = folder;
const listOf = (...paths: string[]): string => listFile(server, folder, ...paths);
const sent = (act: () => Promise<unknown>): Promise<string[]> => sentBy(server, act);

const PATHS = Array.from({ length: 12 }, (_, index) => `/p${index}`);

test('what cannot be gone on from is refused, and stays as it is', async () => {
  const list = listOf('/never/a', '/never/b');
  const good = file('good.ndjson');
  await fetchHere('-i', list, '-o', good, '-q');
  const bytes = readFileSync(good);
  const flipped = Buffer.from(bytes);
  flipped[bytes.indexOf('never/a')] = 0x4e;
  mkdirSync(file('folder'));
  const text = (name: string, content: string | Buffer): string => {
    writeFileSync(file(name), content);
    return file(name);
  };
  const version2 = `${sealed(headerLine(A_RUN).replace('"paceline":1', '"paceline":2'))}\n`;
  const cases: [argv: string[], code: number, says: RegExp][] = [
    [['--resume'], 2, /^paceline: --resume goes on from a record: name its file with -o\.\n$/],
    [['--resume', '-o', '-'], 2, /name its file with -o/],
    [['--retry-failed', '-o', good], 2, /give --resume too/],
    [['--resume', '--dry-run', '-o', good], 2, /--dry-run shows the whole input/],
    [['--resume', '-o', file('folder')], 3, /Cannot resume from .*folder: it is a directory/],
    [['--resume', '-o', '/dev/null'], 3, /it is no regular file/],
    [['--resume', '-o', list], 2, /this file is also read as input/],
    [['--resume', '-o', text('har.json', '{"log":{}}\n')], 3, /line 1 is not the first line of a record/],
    [['--resume', '-o', text('notes.txt', 'hello')], 3, /line 1 is not the first line of a record/],
    [['--resume', '-o', text('v2.ndjson', version2)], 3, /has version 2/],
    [['--resume', '-o', text('flipped.ndjson', flipped)], 3, /line 2 does not fit its checksum/],
    [['--resume', '-o', good, '-n', '2'], 3, /of another run: -n was 1, now it is 2/],
    [['--resume', '-o', good, '-X', 'PUT'], 3, /-X was none, now it is PUT/],
    [['--resume', '-o', good, '-H', 'X-A: s3cret'], 3, /the headers given with -H were others/],
    [['--resume', '-o', good, '-d', 's3cret'], 3, /the body given with -d was another/],
    [['--resume', '-o', good, '--input-format', 'urls'], 3, /--input-format was auto, now it is urls/],
    [
      ['--resume', '-o', good, `${server.origin}/never`],
      3,
      /inputs were list-\d+\.txt, now they are list-\d+\.txt, URLs/,
    ],
  ];
  const before = cases.map(([argv]) => contentOf(argv));
  const paths = await sent(async () => {
    for (const [argv, code, says] of cases) {
      const got = await fetchHere('-i', list, ...argv);
      assert.match(got.stderr, says, argv.join(' '));
      assert.deepEqual([got.code, got.stdout], [code, ''], argv.join(' '));
    }
  });
  assert.deepEqual(paths, []);
  assert.deepEqual(
    cases.map(([argv]) => contentOf(argv)),
    before,
  );
});

function contentOf(argv: string[]): string {
  const path = argv[argv.indexOf('-o') + 1] ?? '';
  return existsSync(path) && path !== file('folder') && path !== '/dev/null'
    ? readFileSync(path, 'latin1')
    : '';
}

test('J11: an input that is not the one of the record is refused, and nothing sent or written', async () => {
  const [list, record] = [listOf(...PATHS), file('j11.ndjson')];
  await fetchHere('-i', list, '-o', record, '-q');
  writeFileSync(record, readFileSync(record).subarray(0, 3000));
  const bytes = readFileSync(record);
  const variants: [name: string, paths: string[]][] = [
    ['reordered', [PATHS[1] ?? '', PATHS[0] ?? '', ...PATHS.slice(2)]],
    ['shortened', PATHS.slice(0, 2)],
    ['doubled', [PATHS[0] ?? '', ...PATHS]],
    ['others', PATHS.map(path => `${path}x`)],
  ];
  for (const [name, others] of variants) {
    writeFileSync(list, listText(server, others));
    const paths = await sent(async () => {
      const { code, stderr } = await fetchHere('-i', list, '-o', record, '--resume');
      assert.equal(code, 3, name);
      assert.match(
        stderr,
        /The input is not the one of the record: .* Give the old input, or another -o\.\n$/,
        name,
      );
    });
    assert.deepEqual(paths, [], name);
    assert.ok(readFileSync(record).equals(bytes), name);
  }
});

test('I51: a second writer ends with a code of its own and changes nothing', async () => {
  const record = file('locked.ndjson');
  const { child, ended } = startPaceline(['fetch', '-q', '-o', record, `${server.origin}/held`]);
  server.held.length = 0;
  await server.untilHeld(1);
  for (const more of [[], ['--resume']]) {
    const paths = await sent(async () => {
      const { code, stderr } = await fetchHere('-o', record, ...more, `${server.origin}/a`);
      assert.equal(code, 3);
      assert.match(
        stderr,
        new RegExp(`^paceline: -o .*locked\\.ndjson: process ${child.pid} writes to it\\.`),
      );
    });
    assert.deepEqual(paths, []);
  }
  for (const socket of server.held) answer(socket, 200, 'late');
  assert.equal((await ended).code, 0);
  wholeRecord(record, 1);
  assert.equal(existsSync(`${record}.lock`), false);
});
