// A recording of a terminal read back, by the rules of asciicast v3 alone, and played into the emulator.
import assert from 'node:assert/strict';
import { TerminalEmulator } from './terminal-emulator.ts';

export interface CastEvent {
  /** Since the event before it. */
  readonly intervalS: number;
  readonly code: 'o' | 'r' | 'x';
  readonly text: string;
}

export interface ReadCast {
  readonly header: {
    readonly version: number;
    readonly term: { readonly cols: number; readonly rows: number };
    readonly title?: string;
  };
  readonly events: readonly CastEvent[];
}

export function readCast(text: string): ReadCast {
  assert.ok(text.endsWith('\n'));
  const [first = '', ...rest] = text.trimEnd().split('\n');
  const header = JSON.parse(first) as ReadCast['header'];
  assert.equal(header.version, 3);
  assert.deepEqual(Object.keys(header).toSorted(), ['term', 'title', 'version']);
  assert.deepEqual(Object.keys(header.term).toSorted(), ['cols', 'rows']);
  assert.ok(Number.isInteger(header.term.cols) && Number.isInteger(header.term.rows));
  const events = rest.map((line): CastEvent => {
    const event = JSON.parse(line) as [number, CastEvent['code'], string];
    assert.equal(event.length, 3);
    const [intervalS, code, data] = event;
    assert.ok(intervalS >= 0 && intervalS < 60 && ['o', 'r', 'x'].includes(code), line);
    if (code === 'r') assert.match(data, /^\d+x\d+$/);
    if (code === 'x') assert.match(data, /^\d+$/);
    if (code === 'o') assert.doesNotMatch(data, /(^|[^\r])\n/, 'a terminal needs both');
    return { intervalS, code, text: data };
  });
  assert.deepEqual(
    events.flatMap(({ code }, at) => (code === 'x' ? [events.length - 1 - at] : [])),
    [0],
    'how it ended is said once, last',
  );
  return { header, events };
}

/** What stands there at the end, also above the screen. */
export function playedLines({ header, events }: ReadCast): string[] {
  const { cols, rows } = header.term;
  const terminal = new TerminalEmulator(cols, rows, { mayFillLines: true });
  for (const { code, text } of events) {
    if (code === 'o') terminal.write(text);
    const [columns = 0, lines = 0] = code === 'r' ? text.split('x').map(Number) : [];
    if (columns > 0) terminal.resize(columns, lines, { reflows: true });
  }
  return terminal.lines();
}
