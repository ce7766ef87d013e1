// The picture's facts are the summary's numbers: a caption and a table must never disagree.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEPT_MAX, PictureModel } from '../../src/timeline/picture.ts';
import { SummaryBuilder } from '../../src/trace/summary.ts';
import { scene } from '../support/record-lines.ts';

test('facts and summary agree, for kept and for folded runs', () => {
  for (const requests of [1, 9, 500, KEPT_MAX + 500]) {
    const builder = new SummaryBuilder();
    const picture = new PictureModel();
    const ending = (index: number) =>
      index % 50 === 7 ? { outcome: 'http_error' as const, status: 500 } : undefined;
    for (const settled of scene({ requests, limit: 12, serverWorkers: 5, serviceMs: 20, ending })) {
      builder.add(settled);
      picture.add(settled);
    }
    const facts = picture.facts();
    const summary = builder.summary('complete');
    assert.equal(facts.requests, summary.requests);
    assert.equal(facts.attempts, summary.attempts);
    assert.equal(facts.waited, summary.serverWaited);
    assert.equal(facts.lanes, summary.inFlightMax);
    assert.equal(facts.capacity, summary.serverWorkers);
    assert.equal(facts.failed.error ?? 0, summary.outcomes.http_error ?? 0);
    assert.deepEqual(facts.onWireMs, summary.serviceMs);
    assert.ok(Math.abs(facts.wallMs - summary.makespanMs) < 0.001);
    assert.ok(Math.abs(facts.queueMsMax - (summary.serverQueueMs?.max ?? -1)) < 0.001);
    assert.equal(facts.atServerPeak, Math.min(12, requests));
    assert.equal(picture.kept() === null, requests > KEPT_MAX);
    assert.equal(picture.bins === null, requests <= KEPT_MAX);
  }
});

test('bodies are let go', () => {
  const picture = new PictureModel();
  for (const settled of scene({ requests: 3, ending: () => ({ body: new Uint8Array(5), value: 1 }) }))
    picture.add(settled);
  for (const { tries } of picture.kept() ?? [])
    for (const one of tries) assert.ok(!('body' in one || 'value' in one));
});
