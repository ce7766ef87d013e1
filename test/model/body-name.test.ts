// Names of files for bodies: hostile ids and URLs by table and by chance. Whatever comes in, a safe name comes out.
import assert from 'node:assert/strict';
import { dirname, resolve, win32 } from 'node:path';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { bodyName, NAME_BYTES_MAX, shortBodyName } from '../../src/model/body-name.ts';
import { HOSTILE_NAMES } from '../support/hostile-names.ts';

const FOLDER = '/some/folder';
const DEVICES = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|$)/i;

/** What every name must be, told in another way than the code tells it. */
function assertSafe(name: string, why: string): void {
  assert.notEqual(name, '', why);
  assert.equal(dirname(resolve(FOLDER, name)), FOLDER, why);
  assert.equal(win32.dirname(win32.resolve('C:\\folder', name)).toLowerCase(), 'c:\\folder', why);
  assert.ok(Buffer.byteLength(name) <= NAME_BYTES_MAX, `${why}: ${Buffer.byteLength(name)} bytes`);
  assert.equal(name.normalize('NFC'), name, why);
  assert.ok(name.isWellFormed(), why);
  assert.doesNotMatch(name, /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Z}\p{DI}/\\:*?"'`$&|;<>(){}[\]!%#=+@,^]/u, why);
  assert.doesNotMatch(name, /^[-.~ ]|[. ]$/, why);
  assert.doesNotMatch(name, DEVICES, why);
}

/** As the most forgiving disk compares names. */
function folded(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

test('names people expect', () => {
  const cases: [url: string, id: string | number | null, index: number, name: string][] = [
    ['http://h/a/report.pdf', null, 17, '000017-report.pdf'],
    ['http://h/a/report.pdf?sign=s3cret#part', null, 17, '000017-report.pdf'], // a query may be secret
    ['http://h/a/', null, 3, '000003-a'],
    ['http://h:8000/', null, 0, '000000-h_8000'],
    ['http://h', null, 0, '000000-h'],
    ['http://h/?x=/y', null, 0, '000000-h'],
    ['http://h/x.tar.gz', null, 1_234_567, '1234567-x.tar.gz'],
    ['http://h/r%C3%A9sum%C3%A9.pdf', null, 1, '000001-résumé.pdf'],
    ['http://h/re%CC%81sume%CC%81.pdf', null, 1, '000001-résumé.pdf'],
    ['http://h/report.pdf', 'first.pdf', 1, 'first.pdf'],
    ['http://h/report.pdf', 42, 1, '42'],
    ['http://h/', 'a-b_c', 1, 'a-b_c'],
    ['http://h/', 'Summer 2024.pdf', 4, 'Summer_2024~000004.pdf'],
    ['http://h/', 'Ann', 4, 'Ann~000004'],
    ['http://h/', 1e21, 4, '1e_21~000004'],
    ['http://h/', -5, 4, '5~000004'],
  ];
  for (const [url, id, index, name] of cases) {
    assert.equal(bodyName({ url, id }, index), name);
    assertSafe(name, name);
  }
});

test('a name that is taken is followed by others', () => {
  const names = (id: string | null): string[] =>
    [0, 1, 2, 3].map(tries => bodyName({ url: 'http://h/x.pdf', id }, 17, tries));
  assert.deepEqual(names(null), ['000017-x.pdf', '000017-x-2.pdf', '000017-x-3.pdf', '000017-x-4.pdf']);
  assert.deepEqual(names('a.pdf'), ['a.pdf', 'a~000017.pdf', 'a~000017-2.pdf', 'a~000017-3.pdf']);
  assert.deepEqual(names('A.pdf'), ['A~000017.pdf', 'A~000017-2.pdf', 'A~000017-3.pdf', 'A~000017-4.pdf']);
});

test('K01, K07: whatever an id or a URL holds, the name is one safe component', () => {
  for (const text of HOSTILE_NAMES) {
    for (const tries of [0, 1, 2, 999_999]) {
      for (const index of [0, 17, Number.MAX_SAFE_INTEGER]) {
        const why = JSON.stringify([text, index, tries]);
        assertSafe(bodyName({ url: 'http://h/', id: text }, index, tries), `id ${why}`);
        assertSafe(bodyName({ url: `http://h/a/${text}`, id: null }, index, tries), `path ${why}`);
        assertSafe(bodyName({ url: `http://${text}`, id: null }, index, tries), `host ${why}`);
        assertSafe(shortBodyName({ url: `http://h/${text}`, id: text }, index, tries), `short ${why}`);
      }
    }
  }
});

test('K05: no two requests share a name, compared without case and Unicode form', () => {
  const owners = new Map<string, string>();
  const ids = [...new Set(HOSTILE_NAMES)];
  const claim = (name: string, owner: string): void => {
    const key = folded(name);
    const before = owners.get(key);
    assert.ok(before === undefined || before === owner, `${name}: ${before} and ${owner}`);
    owners.set(key, owner);
  };
  let index = 0;
  // An id that looks like the name of a request without one.
  const forged = bodyName({ url: 'http://h/a', id: null }, 900_000);
  claim(forged, 'forged');
  claim(bodyName({ url: 'http://h/', id: forged }, 900_001), 'forger');
  for (const id of ids) {
    for (const own of [id, null]) {
      const request = { url: `http://h/${id}`, id: own };
      const owner = String(index);
      for (const tries of [0, 1, 2]) claim(bodyName(request, index, tries), owner);
      index++;
    }
  }
  // The same id twice is told apart by the disk at the first name, and by the index from the second on.
  for (const id of ids) {
    for (const tries of [1, 2]) claim(bodyName({ url: 'http://h/', id }, index, tries), String(index));
    index++;
  }
});

test('fuzz: pieces of hostile names in any order give safe names, each its own', () => {
  const seed = 20_260_731;
  const random = seededRandom(seed);
  const owners = new Map<string, string>();
  const pick = (): string => HOSTILE_NAMES[Math.floor(random.next() * HOSTILE_NAMES.length)] ?? '';
  for (let index = 0; index < 20_000; index++) {
    const text = Array.from({ length: 1 + Math.floor(random.next() * 4) }, pick).join('');
    const hasId = random.next() < 0.5;
    const request = hasId ? { url: 'http://h/', id: text } : { url: `http://h/${text}`, id: null };
    const name = bodyName(request, index);
    const why = `seed ${seed}, index ${index}, ${JSON.stringify(text)}`;
    assertSafe(name, why);
    const owner = hasId ? `id ${text}` : `index ${index}`;
    const before = owners.get(folded(name));
    assert.ok(before === undefined || before === owner, `${why}: ${name} is that of ${before} too`);
    owners.set(folded(name), owner);
  }
});
