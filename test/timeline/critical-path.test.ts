// What set the wall time, on runs whose answer is known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestLine } from '../../src/model/record.ts';
import { Gathered } from '../../src/timeline/codec/gather.ts';
import { type CriticalPath, criticalPath } from '../../src/timeline/large/critical-path.ts';
import { NETWORK, QUEUE, SERVICE } from '../../src/timeline/slices.ts';
import { sceneLines } from '../support/html-report.ts';
import { lineOf, modelLines } from '../support/queue-model.ts';
import type { SceneOptions } from '../support/record-lines.ts';

function pathOf(
  lines: Iterable<RequestLine>,
): CriticalPath & { readonly requests: number[]; wallUs: number } {
  const all = new Gathered();
  for (const line of lines) all.add(line);
  const data = all.end();
  const path = criticalPath(data);
  const wallUs = Math.max(0, ...data.endUs);
  const sumUs = path.kindUs.reduce((sum, us) => sum + us, 0) + path.elsewhereUs;
  assert.ok(Math.abs(sumUs - wallUs) < 1, `the parts come to ${sumUs} of ${wallUs} µs`);
  assert.equal(new Set(path.rows).size, path.rows.length, 'an attempt stands in the chain twice');
  return { ...path, wallUs, requests: Array.from(path.rows, row => data.request?.[row] as number) };
}

const share = ({ kindUs, wallUs }: { kindUs: Float64Array; wallUs: number }, kind: number): number =>
  (kindUs[kind] as number) / wallUs;

for (const [name, options] of Object.entries<SceneOptions>({
  'all at once: through the queue of the server': { requests: 9 },
  'with a semaphore: from permit to permit': { requests: 9, limit: 3 },
}))
  test(name, () => {
    const path = pathOf(sceneLines(options));
    assert.equal(path.requests.length, 3);
    assert.ok(path.requests.every((request, i) => i === 0 || request > (path.requests[i - 1] as number)));
    assert.ok(share(path, SERVICE) > 0.98, 'the wall time is three times served');
    assert.equal(path.kindUs[QUEUE], 0, 'whoever waits in the chain, waits for another of the chain');
  });

test('one after another: every request, and nothing between them', () => {
  const path = pathOf(sceneLines({ requests: 7, limit: 1 }));
  assert.deepEqual(path.requests, [0, 1, 2, 3, 4, 5, 6]);
  assert.ok(path.elsewhereUs < 100);
});

test('enough workers: the slowest request alone', () => {
  const path = pathOf(sceneLines({ requests: 5, serverWorkers: 5 }));
  assert.equal(path.requests.length, 1);
  assert.ok((path.kindUs[NETWORK] as number) > 0);
});

test('a retry waits for the attempt before it; its backoff is nobody’s work', () => {
  const tries = [
    { startedMs: 0, endedMs: 100, status: 503, outcome: 'http_error' as const },
    { startedMs: 400, endedMs: 500, status: 200, outcome: 'ok' as const },
  ].map(one => ({ lane: 0, phasesMs: { network: 1, ttfb: 99 }, ...one }));
  const path = pathOf([lineOf(0, 0, tries)]);
  assert.equal(path.rows.length, 2);
  assert.equal(path.elsewhereUs, 300_000);
});

test('nothing was sent: no chain', () => {
  const { rows, elsewhereUs } = pathOf([lineOf(0, 0, [])]);
  assert.equal(rows.length, 0);
  assert.equal(elsewhereUs, 0);
});

test('in a long run the chain reaches from the last end back to the first begin', () => {
  const model = { requests: 4000, lanes: 16, workers: 10, serviceMs: 20, broken: 0 };
  const path = pathOf(modelLines(model));
  assert.ok(path.rows.length > 100);
  assert.ok(path.elsewhereUs < 0.1 * path.wallUs);
});
