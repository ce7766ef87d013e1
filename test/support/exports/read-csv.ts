// Reads CSV back as RFC 4180 has it: lines end in CRLF, quotes are doubled inside quotes.
import assert from 'node:assert/strict';

/** A row is its cells by the names of the first line. */
export function readCsv(text: string): Record<string, string>[] {
  const rows: string[][] = [];
  let cells: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; ; at++) {
        assert.ok(at < text.length, 'quotes are closed');
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') cell += text[++at];
        else break;
      }
      at++;
    } else {
      const end = /,|\r\n/g;
      end.lastIndex = at;
      const to = end.exec(text)?.index ?? text.length;
      cell = text.slice(at, to);
      assert.doesNotMatch(cell, /["\r\n]/, 'what needs quotes has them');
      at = to;
    }
    cells.push(cell);
    if (text[at] === ',') {
      at++;
      if (text.startsWith('\r\n', at)) cells.push('');
      else continue;
    }
    assert.equal(text.slice(at, at + 2), '\r\n', 'a line ends in CRLF');
    at += 2;
    rows.push(cells);
    cells = [];
  }
  const [head = [], ...body] = rows;
  return body.map(row => {
    assert.equal(row.length, head.length);
    return Object.fromEntries(head.map((name, place) => [name, row[place] ?? '']));
  });
}
