// Reads OTLP's JSON back and holds it to the protocol and to the conventions for HTTP clients: ids, instants as text,
// parents in the same trace, and what is an error.
import assert from 'node:assert/strict';

type AttributeValue = string | number | boolean;

export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: number;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly events: readonly { readonly atNs: bigint; readonly name: string }[];
  readonly isError: boolean;
}

const REQUIRED = ['http.request.method', 'server.address', 'server.port', 'url.full'];

/** By trace, in the order of the file. */
export function readOtlp(text: string): OtlpSpan[][] {
  const { resourceSpans } = JSON.parse(text);
  const traces: OtlpSpan[][] = resourceSpans.map((one: Json) => {
    assert.equal(attributesOf(one.resource.attributes)['service.name'], 'paceline');
    assert.equal(one.scopeSpans.length, 1);
    assert.equal(one.scopeSpans[0].scope.name, 'paceline');
    return one.scopeSpans[0].spans.map(spanOf);
  });
  const ids = new Set<string>();
  for (const spans of traces) {
    assert.ok(!ids.has(spans[0]?.traceId ?? ''), 'each run is a trace of its own');
    ids.add(spans[0]?.traceId ?? '');
    checkTrace(spans);
  }
  return traces;
}

// biome-ignore lint/suspicious/noExplicitAny: what was parsed is looked at field by field.
type Json = any;

function spanOf(span: Json): OtlpSpan {
  assert.match(span.traceId, /^(?!0{32})[0-9a-f]{32}$/);
  assert.match(span.spanId, /^(?!0{16})[0-9a-f]{16}$/);
  assert.ok(span.kind === 1 || span.kind === 3);
  assert.ok(span.status === undefined || span.status.code === 2, 'set only for errors');
  return {
    ...{ traceId: span.traceId, spanId: span.spanId, parentSpanId: span.parentSpanId },
    ...{ name: span.name, kind: span.kind, isError: span.status !== undefined },
    ...{ fromNs: nanos(span.startTimeUnixNano), toNs: nanos(span.endTimeUnixNano) },
    attributes: attributesOf(span.attributes),
    events: (span.events ?? []).map((event: Json) => ({ atNs: nanos(event.timeUnixNano), name: event.name })),
  };
}

function nanos(text: unknown): bigint {
  assert.ok(typeof text === 'string' && /^(0|[1-9]\d*)$/.test(text), `${text} is a decimal text`);
  const value = BigInt(text);
  assert.ok(value < 1n << 64n);
  return value;
}

function attributesOf(list: Json): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const { key, value } of list) {
    assert.ok(!(key in attributes), `${key} stands once`);
    const [[type, plain], ...others] = Object.entries(value) as [[string, AttributeValue]];
    assert.equal(others.length, 0);
    if (type === 'intValue') assert.match(String(plain), /^-?\d+$/);
    else assert.equal(`${typeof plain}Value`.replace('number', 'double').replace('boolean', 'bool'), type);
    attributes[key] = type === 'intValue' ? Number(plain) : plain;
  }
  return attributes;
}

function checkTrace(spans: readonly OtlpSpan[]): void {
  const byId = new Map(spans.map(span => [span.spanId, span]));
  assert.equal(byId.size, spans.length, 'no id twice');
  assert.equal(spans.filter(({ parentSpanId }) => parentSpanId === undefined).length, 1, 'one root');
  for (const span of spans) {
    assert.equal(span.traceId, spans[0]?.traceId);
    assert.ok(span.fromNs <= span.toNs, 'time goes on');
    const parent = byId.get(span.parentSpanId ?? '');
    assert.equal(parent === undefined, span.parentSpanId === undefined, 'a parent is in the file');
    const errorType = span.attributes['error.type'];
    assert.equal(span.isError, errorType !== undefined, 'an error has a type, and nothing else has');
    for (const { atNs } of span.events) assert.ok(atNs >= span.fromNs && atNs <= span.toNs);
    if (span.kind === 3) checkExchange(span, parent);
  }
}

function checkExchange({ attributes, isError, name }: OtlpSpan, parent: OtlpSpan | undefined): void {
  assert.equal(parent?.name, 'paceline request');
  for (const key of REQUIRED) assert.ok(key in attributes, key);
  assert.equal(name, attributes['http.request.method']);
  const status = attributes['http.response.status_code'];
  if (typeof status === 'number' && status >= 400 && attributes['paceline.outcome'] === 'http_error')
    assert.equal(attributes['error.type'], String(status));
  const outcome = attributes['paceline.outcome'];
  assert.equal(isError, outcome !== 'ok' && outcome !== 'cancelled' && outcome !== 'handler_error');
}
