// Texts that somebody may try wherever a text is taken: what moves a cursor, ends a line, hides, turns the reading
// direction, looks like a formula, markup or a template, or breaks whoever counts characters. Classic ones, and every
// control and format character in three places.
import { HOSTILE_NAMES } from './hostile-names.ts';

const CLASSIC: readonly string[] = [
  ...['undefined', 'null', 'NaN', 'Infinity', 'true', '-1', '1e400', '0x0', '1.7976931348623157e309', '９'],
  ...[
    '=1+1',
    '+1',
    '-1+1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '=cmd|"/c calc"!A0',
    '"',
    '""',
    "'",
    '",\n"',
    ',',
    ';',
  ],
  ...['<script>alert(1)</script>', '</script>', '<!--', ']]>', '&lt;', '"><img src=x onerror=alert(1)>'],
  ...[
    'javascript:alert(1)',
    '$\u007b1+1}',
    '{{1+1}}',
    '%s%s%n',
    '%p',
    '$(id)',
    '`id`',
    '; ls',
    '../../../etc/passwd',
  ],
  ...["' OR 1=1 --", '\\', '\\\\', '\\n', '\\u0000', '\\x1b[31m', '\x1b[31mred\x1b[0m', '\x1b[2J\x1b[H'],
  ...['\x1b]0;title\x07', '\x1b]8;;http://evil/\x1b\\link\x1b]8;;\x1b\\', '\x1b]52;c;ZXZpbA==\x07', '\x1bc'],
  ...[
    '\x1b[6n',
    '\x1bP$q"p\x1b\\',
    '\x9b31m',
    '\x9d0;t\x9c',
    '\x1b[?1049h',
    '\x1b(0',
    '\x0e',
    '\x08\x08\x08',
  ],
  ...['\u202eevil', '\u2066a\u2069', '\u200f', '\ufeff{"a":1}', 'a\u2028b', 'a\u2029b', 'a\u0085b', '\u200d'],
  ...[
    '\ud800',
    '\udc00',
    'a\ud83d',
    '\udfffb',
    '\ufffe',
    '\uffff',
    '\u{10ffff}',
    '\u{e0041}\u{e007f}',
    '👩‍👩‍👧‍👦',
  ],
  ...['Z̮̞̠͙͔ͅḀ̗̞͈̻̗L͚G̙O', 'ﷺ'.repeat(50), '𒐫'.repeat(50), 'a'.repeat(3000), 'é'.repeat(1000), '漢字'.repeat(300)],
  ...[
    '{"a":',
    '[',
    '{"paceline":1}',
    '{"summary":{}}',
    '\n{"index":0}\n',
    '\r\n\r\n',
    'HTTP/1.1 200 OK',
    'data: x',
  ],
];

/** Where hidden characters live: C0, DEL and C1, soft hyphen, zero width, bidi, separators, tags. */
const RANGES: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfe00, 0xfe0f],
  [0xfff9, 0xfffb],
  [0xe0020, 0xe0030],
];

function* everyHidden(): Generator<string> {
  for (const [first, last] of RANGES) {
    for (let code = first; code <= last; code++) {
      const character = String.fromCodePoint(code);
      yield character;
      yield `a${character}b`;
      yield `end${character}`;
    }
  }
}

export const HOSTILE_TEXTS: readonly string[] = [
  ...new Set([...CLASSIC, ...HOSTILE_NAMES.filter(name => name !== ''), ...everyHidden()]),
];
