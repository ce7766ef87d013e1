// Reads a record that several runs have written to, and holds it against what must be true of every such record.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { RequestLine, Resumed, RunHeader, Summary } from '../../src/model/record.ts';
import { readRecord } from '../../src/trace/read.ts';

export interface WholeRecord {
  readonly run: RunHeader;
  /** By index. */
  readonly lines: readonly RequestLine[];
  readonly resumed: readonly Resumed[];
  readonly intents: number;
  readonly summary: Summary | undefined;
}

/** @throws when it is damaged, or has not exactly one line for each of `count` requests */
export function wholeRecord(path: string, count: number): WholeRecord {
  const items = [...readRecord(readFileSync(path, 'utf8').split('\n'))];
  const lines = items.flatMap(item => (item.kind === 'request' ? [item.request] : []));
  lines.sort((a, b) => a.index - b.index);
  assert.deepEqual(
    lines.map(({ index }) => index),
    Array.from({ length: count }, (_, index) => index),
  );
  const [header] = items;
  assert.ok(header?.kind === 'header');
  const footer = items.at(-1);
  if (footer?.kind === 'footer') assert.equal(footer.summary.requests, count);
  return {
    run: header.run,
    lines,
    resumed: items.flatMap(item => (item.kind === 'resumed' ? [item.resumed] : [])),
    intents: items.filter(({ kind }) => kind === 'intent').length,
    summary: footer?.kind === 'footer' ? footer.summary : undefined,
  };
}

/** Whole lines of requests that are final, as they stand in the file now: what a user may have seen. */
export function acknowledged(path: string): string[] {
  const pieces = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return pieces.filter(line => line.startsWith('{"index"') && !line.includes('"outcome":"cancelled"'));
}
