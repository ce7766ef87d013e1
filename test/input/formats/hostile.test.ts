// Every format against bytes that nobody meant well with: it ends, it throws nothing, and it quotes no secrets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../src/base/random.ts';
import { FORMATS, type InputFormat } from '../../../src/input/formats/formats.ts';
import { readFormat } from '../../support/read-format.ts';

const NAMES = Object.keys(FORMATS) as InputFormat[];
const PIECES = [
  ...[
    'curl ',
    'http://a/',
    ' ',
    '\n',
    '\r\n',
    '\\',
    "'",
    '"',
    "$'",
    '$',
    '`',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '=',
  ],
  ...[
    'GET ',
    '@f',
    '#',
    '-d ',
    '-H x:1',
    'url = ',
    'next',
    '|',
    '>',
    '<',
    ';',
    '&',
    '\\x41',
    '\\u00e9',
    '\0',
    'é',
  ],
  ...[
    '"log":',
    '"entries":[',
    '{"request":',
    '"url":"http://a/"',
    '"method":"GET"',
    '--json ',
    '-G',
    '\ufeff',
    '"__proto__":{"polluted":1},',
    '"constructor":{"prototype":{"polluted":1}},',
  ],
];

test('S30: random text in any format ends in outcomes, however it is cut, and changes no prototype', async () => {
  const before = Reflect.ownKeys(Object.prototype);
  const random = seededRandom(2026).split('hostile inputs');
  for (let round = 0; round < 200; round++) {
    const length = 1 + Math.floor(random.next() * 40);
    let text =
      random.next() < 0.5
        ? ''
        : (['curl ', '{"log":{"entries":[', 'url = "', 'GET http://a/\n'][round % 4] ?? '');
    for (let i = 0; i < length; i++) text += PIECES[Math.floor(random.next() * PIECES.length)];
    for (const format of NAMES) {
      const whole = await readFormat({ text, format, files: { f: 'x' } });
      const cut = await readFormat({ text, format, files: { f: 'x' }, pieceBytes: 1 + (round % 5) });
      assert.deepEqual(cut, whole, JSON.stringify({ format, text }));
    }
  }
  assert.deepEqual(Reflect.ownKeys(Object.prototype), before);
});

test('S31: a line as long as may be is read in time linear in its length', async () => {
  const units = [
    ' ',
    '\t',
    '\\',
    "'",
    '"',
    '$',
    '`',
    '{',
    '[',
    ':',
    '=',
    '-',
    '@',
    '#',
    'a',
    '/',
    '>',
    ';',
    ': ',
    '\r',
  ];
  for (const format of NAMES) {
    for (const unit of units) {
      for (const start of ['', 'http://a/', 'curl http://a/ -H x:', 'header = x:', 'GET http://a/\nx: y']) {
        const text = `${start}${unit.repeat(100_000 / unit.length)}z\n`;
        const inputs = await readFormat({ text, format });
        assert.ok(inputs.length <= 100_001);
      }
    }
  }
});
