// Reads an HTTP archive back and holds it to version 1.2: required fields, times and their sums, references.
import assert from 'node:assert/strict';

interface Timings {
  readonly blocked: number;
  readonly dns: number;
  readonly connect: number;
  readonly ssl: number;
  readonly send: number;
  readonly wait: number;
  readonly receive: number;
}

export interface HarEntry {
  readonly pageref: string;
  readonly startedDateTime: string;
  readonly time: number;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly queryString: readonly { readonly name: string; readonly value: string }[];
  };
  readonly response: {
    readonly status: number;
    readonly content: { readonly size: number };
    readonly bodySize: number;
    readonly redirectURL: string;
    readonly _error?: string;
  };
  readonly timings: Timings;
  readonly _paceline: Readonly<Record<string, unknown>>;
}

export interface ReadHar {
  readonly entries: readonly HarEntry[];
  readonly pages: readonly { readonly id: string; readonly title: string; readonly comment?: string }[];
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$/;
const OPTIONAL = ['blocked', 'dns', 'connect', 'ssl'] as const;
const REQUIRED = ['send', 'wait', 'receive'] as const;

export function readHar(text: string): ReadHar {
  const { log } = JSON.parse(text);
  assert.equal(log.version, '1.2');
  has(log.creator, { name: 'string', version: 'string' });
  const pages = new Set<string>();
  for (const page of log.pages) {
    has(page, { id: 'string', title: 'string', startedDateTime: 'string', pageTimings: 'object' });
    assert.match(page.startedDateTime, ISO);
    assert.ok(!pages.has(page.id));
    pages.add(page.id);
  }
  for (const entry of log.entries) {
    has(entry, { startedDateTime: 'string', time: 'number', cache: 'object' });
    assert.match(entry.startedDateTime, ISO);
    assert.ok(pages.has(entry.pageref), 'an entry belongs to a page');
    const sides = {
      httpVersion: 'string',
      cookies: 'array',
      headers: 'array',
      headersSize: 'number',
      bodySize: 'number',
    };
    has(entry.request, { ...sides, method: 'string', url: 'string', queryString: 'array' });
    has(entry.response, {
      ...{ ...sides, status: 'number', statusText: 'string', content: 'object', redirectURL: 'string' },
    });
    has(entry.response.content, { size: 'number', mimeType: 'string' });
    checkTimings(entry);
    for (const field of Object.keys(entry))
      assert.ok(KNOWN.has(field) || field.startsWith('_'), `${field} is of the format, or its own`);
  }
  return log;
}

const KNOWN = new Set([
  ...['pageref', 'startedDateTime', 'time', 'request', 'response', 'cache', 'timings'],
  ...['serverIPAddress', 'connection', 'comment'],
]);

/** `time` is the sum of all that applies; `ssl` is a part of `connect`. */
function checkTimings({ time, timings }: HarEntry): void {
  let sum = 0;
  for (const name of REQUIRED) {
    assert.ok(timings[name] >= 0, `${name} is measured`);
    sum += timings[name];
  }
  for (const name of OPTIONAL) {
    assert.ok(timings[name] >= 0 || timings[name] === -1, `${name} is measured or does not apply`);
    if (name !== 'ssl') sum += Math.max(0, timings[name]);
  }
  assert.ok(Math.abs(sum - time) < 1e-6 * Math.max(1, time), `${sum} is ${time}`);
}

function has(object: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, string>>): void {
  for (const [name, type] of Object.entries(fields)) {
    const value = object[name];
    assert.equal(Array.isArray(value) ? 'array' : typeof value, type, `${name} is ${type}`);
  }
}
