// docs/FAULTS.md says where each fault and each rule is tried. This holds it to the titles of the tests: whoever
// renames a test, moves it or drops it has to say so there.
import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import { ownFiles, readOwn } from './support/source-files.ts';

/** The catalogue: 129 faults, and 36 rules of security. Numbers have gaps. */
const FAULTS: Readonly<Record<string, string>> = {
  A: '01 03 05 07 09 11 13 15 17',
  B: '01 03 05 07 09 11',
  C: '01 02 05 06 09 10 12 14 17 19',
  D: '01 02 05 07 09 11 14 16 18',
  E: '01 02 03 06 07 09 11 13 16 18 20 23 25 27 29',
  F: '01 04 06 08',
  G: '01 03 05 07 09 12 14',
  H: '01 02 05 07 09 11 13 16',
  R: '01 03 05 07 09 10 12',
  J: '01 02 05 07 09 11 13 15 18 21',
  K: '01 03 05 07 09 11 12 14',
  L: '01 03 05 07 09 11 13 16',
  W: '01 02 05 07 09 11 13 15',
  N: '01 02 05 07 09 12 14',
  O: '01 05 06 09 10 12 13 15',
  Q: '01 03 05 07 10',
};
const RULES = Array.from({ length: 36 }, (_, place) => `S${String(place + 1).padStart(2, '0')}`);
const NUMBERS = Object.entries(FAULTS)
  .flatMap(([group, numbers]) => numbers.split(' ').map(number => group + number))
  .concat(RULES);

/** Laws that hold always (I01 …) and what was measured of others (M15) are named likewise. */
const LAWS = /^[IM]\d\d$/;

interface Row {
  readonly number: string;
  readonly what: string;
  readonly where: string;
  /** Files it links to, from the root. */
  readonly files: readonly string[];
}

const rows: readonly Row[] = readOwn('docs/FAULTS.md')
  .split('\n')
  .flatMap(line => {
    const [, number = '', what = '', where = ''] = /^\| ([A-Z]\d\d) \| (.+?) \| (.+) \|$/.exec(line) ?? [];
    const links = [...where.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => posix.join('docs', link));
    return number === '' ? [] : [{ number, what, where, files: links }];
  });

/** Numbers that titles in this text begin with: `'A15, S09: …'`. */
function numbersIn(text: string): Set<string> {
  const heads = text.matchAll(/['"`]((?:[A-Z]\d\d, )*[A-Z]\d\d): \S/g);
  return new Set([...heads].flatMap(([, head = '']) => head.split(', ')));
}

test('every number of the catalogue has one row, in order, and there is no other', () => {
  assert.equal(NUMBERS.length, 129 + 36);
  assert.deepEqual(
    rows.map(({ number }) => number),
    NUMBERS,
  );
});

test('a row that names a file is true: a title there begins with its number', () => {
  const paths = new Set(ownFiles());
  const untrue = rows.flatMap(({ number, files }) =>
    files
      .filter(
        file => !/^test\/.+\.ts$/.test(file) || !paths.has(file) || !numbersIn(readOwn(file)).has(number),
      )
      .map(file => `${number} is in no title of ${file}`),
  );
  assert.equal(untrue.join('\n'), '');
  assert.ok(rows.filter(({ files }) => files.length > 0).length > 120);
});

test('a row that names no file says why', () => {
  for (const { number, where, files } of rows)
    assert.ok(files.length > 0 || /^not( yet)?: .{10}/.test(where), `${number}: ${where}`);
});

test('a number at the head of a title is one of the catalogue, or of a law', () => {
  const strays = ownFiles()
    .filter(path => /^test\/.+\.ts$/.test(path))
    .flatMap(path => [...numbersIn(readOwn(path))].map(number => ({ path, number })))
    .filter(({ number }) => !NUMBERS.includes(number) && !LAWS.test(number))
    .map(({ path, number }) => `${path}: ${number}`);
  assert.equal(strays.join('\n'), '');
});

test('S36: a page says who is trusted and who is not', () => {
  const page = readOwn('docs/SECURITY.md');
  for (const heading of ['## Trusted', '## Not trusted', '## When it breaks'])
    assert.ok(page.includes(heading), heading);
  for (const who of ['servers', 'DNS', 'input files', 'records', 'web pages', 'handler'])
    assert.ok(page.includes(who), who);
  assert.match(readOwn('docs/RELIABILITY.md'), /\]\(SECURITY\.md\)/);
});
