// What is kept of how paces were found: enough for people, and bounded whatever a run does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Finding } from '../../src/control/finder/pace-finder.ts';
import { FoundPaces } from '../../src/control/found-paces.ts';
import { ScriptedFinder } from '../support/scripted-finder.ts';

class ReasoningFinder extends ScriptedFinder {
  reason = 'it begins';

  override finding(): Finding {
    return { ...super.finding(), reason: this.reason };
  }
}

function opened() {
  const scripted: ReasoningFinder[] = [];
  const paces = new FoundPaces(() => {
    const one = new ReasoningFinder(4);
    scripted.push(one);
    return one;
  });
  const end = (origin: ReturnType<FoundPaces['openFinder']>, nowMs: number): void =>
    origin.ended({
      ...{ nowMs, startedMs: nowMs, startedAs: 1, inFlight: 0, kind: 'served', isOk: true },
      ...{ key: '', connectMs: 0, token: origin.started(nowMs, 1, '') },
    });
  return { paces, scripted, end };
}

describe('changes of a limit', () => {
  test('the first limit and each that follows, with instant and reason', () => {
    const { paces, scripted, end } = opened();
    const finder = paces.openFinder('http://a');
    end(finder, 0);
    Object.assign(scripted[0] as ReasoningFinder, { allowed: 8.9, reason: 'nobody waits' });
    end(finder, 100);
    end(finder, 200);
    Object.assign(scripted[0] as ReasoningFinder, { allowed: 3, reason: 'three workers' });
    end(finder, 300);
    const [found] = paces.list();
    assert.deepEqual(found?.changes, [
      [0, 4, 'it begins'],
      [100, 8, 'nobody waits'],
      [300, 3, 'three workers'],
    ]);
    assert.equal(found?.finding.reason, 'three workers');
  });

  test('many that follow closely are one, and they are bounded for ever', () => {
    const { paces, scripted, end } = opened();
    const finder = paces.openFinder('http://a');
    const [script] = scripted;
    assert.ok(script);
    for (let n = 0; n < 20_000; n++) {
      script.allowed = 5 + (n % 7);
      if (n > 10_000) script.reason = n % 2 === 0 ? 'up' : 'down';
      end(finder, n * 40);
    }
    const changes = paces.list()[0]?.changes ?? [];
    assert.ok(changes.length > 20 && changes.length <= 256, `${changes.length}`);
    assert.ok(changes.every(([atMs], place) => place === 0 || atMs > (changes[place - 1]?.[0] ?? 0)));
    assert.ok((changes[changes.length - 1]?.[0] ?? 0) > 19_000 * 40);
  });
});

describe('many origins', () => {
  test('those with the most attempts are kept, the most used first', () => {
    const { paces, end } = opened();
    const busy = paces.openFinder('http://busy');
    for (let n = 0; n < 5; n++) end(busy, n);
    for (let n = 0; n < 1000; n++) end(paces.openFinder(`http://${n}`), n);
    const found = paces.list();
    assert.equal(found.length, 100);
    assert.equal(found[0]?.origin, 'http://busy');
  });

  test('an origin of which nothing ended is none', () => {
    const { paces } = opened();
    paces.openFinder('http://a').started(0, 1, '');
    assert.deepEqual(paces.list(), []);
  });
});
