// Pictures of known runs as SVG, and what stands in them: a strict reader of the little XML that they may be made of.
import assert from 'node:assert/strict';
import type { Resumed, RunHeader, Summary } from '../../src/model/record.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import type { Settled } from '../../src/model/settled.ts';
import { RunFacts } from '../../src/reports/diagnosis/facts.ts';
import { diagnose } from '../../src/reports/diagnosis.ts';
import type { Theme } from '../../src/reports/report.ts';
import { openSvgReport } from '../../src/reports/svg/svg-report.ts';
import { requestLine } from '../../src/trace/line.ts';
import { SummaryBuilder } from '../../src/trace/summary.ts';

export interface TestRun {
  readonly header?: Partial<RunHeader>;
  readonly name?: string;
  readonly settled: Iterable<Settled<HttpRequest>>;
  /** Runs that went on with this one before its first request. */
  readonly resumed?: readonly Resumed[];
  /** null for a record that was cut off; left out for one that ended well. */
  readonly summary?: Summary | null;
}

const HEADER: RunHeader = {
  version: '0.1.0',
  started: '2026-11-27T00:00:00.000Z',
  strategy: 'async',
  concurrency: null,
  seed: 7,
};

/** Fed as the command feeds it: with lines that were written and read again. */
export function svgOf(
  runs: readonly TestRun[],
  { theme = 'light', width = 820 }: { theme?: Theme; width?: number } = {},
): string {
  let text = '';
  const write = (piece: string | Uint8Array): void => {
    text += piece;
  };
  const report = openSvgReport(write, { theme, width, charset: 'unicode', warn: () => undefined });
  for (const { header, name = 'run.ndjson', settled, summary, resumed = [] } of runs) {
    report.begin({ ...HEADER, ...header }, name);
    for (const one of resumed) report.resume?.(one);
    const counted = new SummaryBuilder();
    const facts = new RunFacts();
    for (const one of settled) {
      counted.add(one);
      const line = JSON.parse(requestLine(one, 'none'));
      facts.add(line, line.url);
      report.add(line);
    }
    const ended = summary === undefined ? counted.summary('complete') : summary;
    report.end(ended, ended === null ? [] : diagnose({ ...HEADER, ...header }, ended, facts));
  }
  void report.finish();
  return text;
}

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The classes of the elements around it. */
  readonly within: readonly string[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const TAG = /^<(\/?)([A-Za-z]+)((?: [a-zA-Z-]+="[^"<]*")*)(\/?)>/;

/** Every element in its order. Throws for what is not well formed, or beyond what a picture needs of XML. */
export function elementsOf(svg: string): Element[] {
  assert.doesNotMatch(svg, /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/);
  const elements: Element[] = [];
  const open: Element[] = [];
  for (let at = 0; at < svg.length; ) {
    if (svg[at] !== '<') {
      const end = svg.indexOf('<', at);
      const text = unescaped(svg.slice(at, end === -1 ? svg.length : end));
      const inner = open.at(-1);
      if (inner) inner.text += text;
      else assert.equal(text.trim(), '', 'no text outside of the picture');
      at = end === -1 ? svg.length : end;
      continue;
    }
    const tag = TAG.exec(svg.slice(at, at + 200_000));
    assert.ok(tag, `a tag at ${at}: ${svg.slice(at, at + 80)}`);
    const [whole, isEnd, name = '', attributes = '', isEmpty] = tag;
    at += whole.length;
    if (isEnd) {
      assert.equal(open.pop()?.name, name, 'elements are nested');
      continue;
    }
    const within = open.flatMap(({ attributes: outer }) => (outer.class === undefined ? [] : [outer.class]));
    const element = { name, attributes: attributesOf(attributes), within, text: '' };
    elements.push(element);
    if (!isEmpty) open.push(element);
  }
  assert.equal(open.length, 0, 'every element is closed');
  assert.equal(elements.filter(({ name }) => name === 'svg').length, 1);
  return elements;
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)].map(([, name, value]) => [
    name ?? '',
    unescaped(value ?? ''),
  ]);
  const attributes = Object.fromEntries(pairs);
  assert.equal(Object.keys(attributes).length, pairs.length, 'no attribute stands twice');
  return attributes;
}

function unescaped(text: string): string {
  return text.replace(/&([^;]*;)?/g, entity => {
    const meant = ENTITIES[entity.slice(1, -1)];
    assert.ok(meant, `a known entity: ${entity}`);
    return meant;
  });
}

/** The texts that can be read in the picture. */
export function textsOf(elements: readonly Element[]): string[] {
  return elements.filter(({ name }) => name === 'text').map(({ text }) => text);
}
