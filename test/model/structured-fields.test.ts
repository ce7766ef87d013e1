import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { type BareItem, parseDictionary, parseList } from '../../src/model/structured-fields.ts';

const bareItems = (text: string): readonly BareItem[] | undefined => parseList(text)?.map(item => item.bare);

const values: [string, BareItem][] = [
  ['0', { type: 'integer', value: 0 }],
  ['-0', { type: 'integer', value: 0 }],
  ['-42', { type: 'integer', value: -42 }],
  ['999999999999999', { type: 'integer', value: 999_999_999_999_999 }],
  ['1.5', { type: 'decimal', value: 1.5 }],
  ['123456789012.125', { type: 'decimal', value: 123_456_789_012.125 }],
  ['"a \\"b\\" \\\\"', { type: 'string', value: 'a "b" \\' }],
  ['""', { type: 'string', value: '' }],
  ['*a/b:c', { type: 'token', value: '*a/b:c' }],
  [':cHsdsRa894==:', { type: 'bytes', value: 'cHsdsRa894==' }],
  ['?0', { type: 'boolean', value: false }],
  ['?1', { type: 'boolean', value: true }],
  ['@1659578233', { type: 'date', value: 1_659_578_233 }],
];
for (const [text, bare] of values) {
  test(`${text} is a ${bare.type}`, () => assert.deepEqual(bareItems(text), [bare]));
}

test('a List keeps its order, its parameters and the last of two with one name', () => {
  const list = parseList('  a;x;y=1;x=2 ,\t"b"; z=:aa==:  ') ?? [];
  assert.deepEqual(
    list.map(({ bare, parameters }) => [bare.value, Object.fromEntries(parameters)]),
    [
      ['a', { x: { type: 'integer', value: 2 }, y: { type: 'integer', value: 1 } }],
      ['b', { z: { type: 'bytes', value: 'aa==' } }],
    ],
  );
  assert.deepEqual(parseList(''), []);
});

test('a Dictionary by name; a name alone is true', () => {
  const dictionary = parseDictionary('limit=100, on, limit=7;w=1, off=?0;x') ?? new Map();
  assert.deepEqual(
    [...dictionary].map(([name, { bare, parameters }]) => [name, bare.value, parameters.size]),
    [
      ['limit', 7, 1],
      ['on', true, 0],
      ['off', false, 1],
    ],
  );
});

const broken = [
  ...['a,', ',a', 'a,,b', 'a b', 'a;', 'a;=1', 'a;X=1', 'a; ;b', 'a;x=', 'a ;x', '(a b)', '()', '%"a"'],
  ...[
    '"a',
    '"a\\',
    '"\\n"',
    '"\u0000"',
    '"é"',
    '"\u007f"',
    ':a',
    ':a b:',
    ':a-b:',
    '?2',
    '?',
    '-',
    '1.',
    '.5',
  ],
  ...['1.2345', '1234567890123.1', '1234567890123456', '@1.5', '@', '--1', '+1', 'é', '\ta', '²'],
];
for (const text of broken) {
  test(`${JSON.stringify(text)} counts for nothing`, () => assert.equal(parseList(text), undefined));
}
test('a Dictionary with a value where a name belongs counts for nothing', () => {
  for (const text of ['A=1', '1', '"a"=1', 'a=', 'a==1', 'a=(1)', 'a=1,'])
    assert.equal(parseDictionary(text), undefined);
});

test('what a field may hold is bounded', () => {
  assert.equal(parseList('a,'.repeat(63).concat('a'))?.length, 64);
  assert.equal(parseList('a,'.repeat(64).concat('a')), undefined);
  const parameters = (count: number): string => Array.from({ length: count }, (_, i) => `;p${i}`).join('');
  assert.equal(parseList(`a${parameters(32)}`)?.[0]?.parameters.size, 32);
  assert.equal(parseList(`a${parameters(33)}`), undefined);
  assert.equal(parseList(`"${'x'.repeat(4094)}"`)?.length, 1);
  assert.equal(parseList(`"${'x'.repeat(4095)}"`), undefined);
  assert.equal(parseList(';'.repeat(100_000)), undefined);
});

test('no text makes it throw, and none takes more than one pass', () => {
  const alphabet = [...'ab1;=,"\\:?@-.* \t()', 'é', '\u0000'];
  for (let seed = 0; seed < 30_000; seed++) {
    const random = seededRandom(seed);
    const length = Math.floor(random.next() * 24);
    const text = Array.from({ length }, () => alphabet[Math.floor(random.next() * alphabet.length)]).join('');
    const members = parseList(text)?.length ?? parseDictionary(text)?.size ?? 0;
    assert.ok(members <= length, `seed ${seed}: ${JSON.stringify(text)}`);
  }
});
