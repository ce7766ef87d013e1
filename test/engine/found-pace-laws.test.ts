// Finders that allow whatever chance says: under hundreds of seeds the engine keeps to each word of theirs, tells them
// everything once, and comes to its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, seededRandom } from '../../src/base/random.ts';
import type { FinderEnd, Finding, PaceFinder } from '../../src/control/finder/pace-finder.ts';
import { type Answer, type Request, runHosts } from '../support/host-run.ts';

const SEEDS = 300;

/** Allows by chance, and checks what it is told against what it allowed. */
class ErraticFinder implements PaceFinder {
  readonly #random: Random;
  #allowed: number;
  #nextMs = 0;
  #inFlight = 0;
  #lastMs = 0;
  readonly open = new Set<number>();
  starts = 0;
  ends = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#allowed = 1 + random.next() * 5;
  }

  limit(): number {
    return this.#allowed;
  }

  nextStartMs(nowMs: number): number {
    return this.#nextMs === Number.POSITIVE_INFINITY && this.#inFlight === 0 ? nowMs : this.#nextMs;
  }

  started(nowMs: number, inFlight: number): unknown {
    assert.ok(nowMs >= this.#lastMs, 'time never goes back');
    assert.ok(nowMs >= this.#nextMs || this.#nextMs === Number.POSITIVE_INFINITY, `${nowMs} ${this.#nextMs}`);
    assert.equal(inFlight, ++this.#inFlight);
    assert.ok(inFlight <= Math.max(1, Math.floor(this.#allowed)), `${inFlight} of ${this.#allowed}`);
    this.#lastMs = nowMs;
    this.open.add(this.starts);
    return this.starts++;
  }

  ended({ nowMs, inFlight, token, startedAs }: FinderEnd): void {
    assert.ok(this.open.delete(token as number), 'each end belongs to one start');
    assert.equal(inFlight, --this.#inFlight);
    assert.ok(nowMs >= this.#lastMs && startedAs >= 1);
    this.#lastMs = nowMs;
    this.ends++;
    const choice = this.#random.next();
    if (choice < 0.4) this.#allowed = this.#random.next() * 12;
    if (choice > 0.7) this.#nextMs = nowMs + this.#random.next() * 300;
    if (choice > 0.95) this.#nextMs = Number.POSITIVE_INFINITY;
  }

  finding(): Finding {
    const unknown = { capacity: null, ratePerSecond: null, serviceMs: null, proofs: 0, isFilled: false };
    return { mode: 'starting', limit: this.#allowed, ...unknown, reason: 'chance' };
  }
}

function answerBy(random: Random): Answer {
  const afterMs = Math.floor(random.next() * 200);
  const choice = random.next();
  if (choice < 0.1)
    return { afterMs, outcome: 'http_error', status: 429, retryAfterMs: Math.floor(choice * 9000) };
  if (choice < 0.2) return { afterMs, outcome: 'http_error', status: choice < 0.15 ? 503 : 429 };
  if (choice < 0.25) return { afterMs, outcome: 'network_error', status: null };
  return { afterMs };
}

test('what a finder allows is kept under every mix of answers, hosts and retries', () => {
  let starts = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = seededRandom(seed);
    const requests: Request[] = Array.from(
      { length: 60 },
      (_, n) => `${'abc'[Math.floor(random.next() * 3)]}${n}`,
    );
    const finders: ErraticFinder[] = [];
    const limit = seed % 3 === 0 ? 4 : 1000;
    const run = runHosts(requests, ({ index, number }) => answerBy(random.nth(index).nth(number)), {
      limit,
      hosts: {
        nameOf: request => request[0] ?? '',
        policy: {
          ...{ limit: seed % 5 === 0 ? 2 : Number.POSITIVE_INFINITY, rate: null, burst: 1 },
          pauses: { pauseMs: 100, waitMsMax: 60_000 },
        },
        random: random.split('hosts'),
        openFinder: () => {
          const finder = new ErraticFinder(random.split(`finder ${finders.length}`));
          finders.push(finder);
          return finder;
        },
      },
      nextStep: ({ tries, nowMs, sent }) =>
        tries[tries.length - 1]?.outcome === 'ok' || tries.length > 3
          ? { kind: 'final' }
          : { kind: 'again', dueMs: nowMs + 50 * tries.length, request: sent },
    });
    assert.equal(run.settled.length, 60, `seed ${seed}`);
    assert.ok(run.engine.statistics().inFlightMax <= limit);
    assert.equal(finders.length, 3);
    for (const finder of finders) {
      assert.equal(finder.open.size, 0);
      assert.equal(finder.starts, finder.ends);
      starts += finder.ends;
    }
    assert.equal(
      run.starts.length,
      finders.reduce((sum, finder) => sum + finder.ends, 0),
    );
  }
  assert.ok(starts > SEEDS * 60);
});
