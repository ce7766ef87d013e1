// Whatever a finder is told: numbers that are none, clocks that jump, ends without starts and starts without ends.
// All is drawn from a seed, which is in the name of the test that fails.
import assert from 'node:assert/strict';
import { Session } from 'node:inspector/promises';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Random, seededRandom } from '../../../src/base/random.ts';
import { findingText } from '../../../src/control/finder/finding-text.ts';
import { openPaceFinder } from '../../../src/control/finder/open-pace-finder.ts';
import type { EndKind, PaceFinder } from '../../../src/control/finder/pace-finder.ts';

const DAY_MS = 86_400_000;
const WAIT_MS_MAX = 3_600_000 + 5002;
const KINDS: readonly EndKind[] = ['served', 'served', 'served', 'throttled', 'refused', 'timeout', 'void'];
const NO_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0, 1e308, 0.5];
const NO_TOKENS = [undefined, null, 7, 'token', {}, { number: 1 }, []];

class Hostile {
  readonly #random: Random;
  readonly #finder: PaceFinder;
  /** How often a number is none. */
  readonly #share: number;
  readonly #open: { startedMs: number; startedAs: number; token: unknown }[] = [];
  #nowMs = 0;

  constructor(random: Random, finder: PaceFinder, share: number) {
    this.#random = random;
    this.#finder = finder;
    this.#share = share;
  }

  /** What the clock shows, where it shows anything. */
  step(): number {
    this.#nowMs += 100 * this.#random.next() ** 4;
    if (this.#random.next() < 0.002) this.#nowMs += DAY_MS * (this.#random.next() - 0.5);
    if (this.#open.length > 200 || (this.#open.length > 0 && this.#random.next() < 0.5)) this.#end();
    else this.#start();
    return this.#nowMs;
  }

  #start(): void {
    const startedMs = this.#or(this.#nowMs);
    const startedAs = this.#or(this.#open.length + 1);
    const token = this.#finder.started(startedMs, startedAs, this.#key());
    if (this.#random.next() < 0.97) this.#open.push({ startedMs, startedAs, token });
  }

  #end(): void {
    const place = Math.floor(this.#random.next() * this.#open.length);
    const isTwice = this.#random.next() < this.#share;
    const ended = isTwice ? this.#open[place] : this.#open.splice(place, 1)[0];
    assert.ok(ended);
    const kind = this.#of(KINDS);
    this.#finder.ended({
      ...{ startedMs: ended.startedMs, startedAs: this.#or(ended.startedAs), kind, key: this.#key() },
      nowMs: this.#or(this.#nowMs),
      inFlight: this.#or(this.#open.length),
      isOk: this.#random.next() < 0.8,
      connectMs: this.#or(50 * this.#random.next()),
      token: this.#random.next() < this.#share ? this.#of(NO_TOKENS) : ended.token,
      ...(this.#random.next() < 0.3 && { retryAfterMs: this.#or(5000 * this.#random.next()) }),
      ...(this.#random.next() < 0.2 && {
        quota: { remaining: this.#or(20 * this.#random.next()), resetMs: this.#or(3000) },
      }),
    });
  }

  #key(): string {
    return `${Math.floor(2000 * this.#random.next() ** 3)}`;
  }

  #or(value: number): number {
    return this.#random.next() < this.#share ? this.#of(NO_NUMBERS) : value;
  }

  #of<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random.next() * list.length)] as T;
  }
}

function checkBounds(finder: PaceFinder, nowMs: number, maxLimit: number): void {
  const limit = finder.limit();
  assert.ok(Number.isInteger(limit) && limit >= 1 && limit <= maxLimit, `a limit of ${limit}`);
  const dueMs = finder.nextStartMs(nowMs);
  assert.ok(Number.isFinite(dueMs), `due at ${dueMs}`);
  assert.ok(dueMs - nowMs <= WAIT_MS_MAX, `due in ${dueMs - nowMs}`);
}

function checkFinding(finder: PaceFinder): void {
  const { capacity, ratePerSecond, serviceMs, proofs } = finder.finding();
  for (const [name, value] of Object.entries({ capacity, ratePerSecond, serviceMs, proofs }))
    assert.ok(value === null || (Number.isFinite(value) && value >= 0), `${name} ${value}`);
  assert.doesNotMatch(findingText(finder.finding()), /NaN|Infinity|undefined|null|-\d/);
}

describe('whatever it is told', () => {
  for (const share of [0, 0.01, 0.2])
    for (let seed = 1; seed <= 30; seed++)
      test(`${100 * share} % of it no number, seed ${seed}: limit, wait and finding stay within their bounds`, () => {
        const random = seededRandom(seed);
        const maxLimit = [1, 2, 5, 50, 1000][seed % 5] as number;
        const finder = openPaceFinder({ maxLimit });
        const hostile = new Hostile(random, finder, share);
        for (let i = 0; i < 3000; i++) {
          checkBounds(finder, hostile.step(), maxLimit);
          if (i % 100 === 99) checkFinding(finder);
        }
      });

  for (const maxLimit of [Number.NaN, 0, -3, 0.5, Number.NEGATIVE_INFINITY])
    test(`a ceiling of ${maxLimit} is one`, () => {
      assert.equal(openPaceFinder({ maxLimit }).limit(), 1);
    });

  for (const start of [Number.NaN, 0, -3, 1e9, Number.POSITIVE_INFINITY])
    test(`a start of ${start} is within the ceiling`, () => {
      checkBounds(openPaceFinder({ maxLimit: 50, start }), 0, 50);
    });
});

describe('however long it goes on', () => {
  const STEPS = 3000;
  const goOn = (hostile: Hostile, finder: PaceFinder, steps: number): void => {
    for (let i = 0; i < steps; i++) checkBounds(finder, hostile.step(), 1000);
  };

  test('each step costs no more than those before it: counted, not timed', async () => {
    const finder = openPaceFinder({ maxLimit: 1000 });
    const hostile = new Hostile(seededRandom(31), finder, 0.02);
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    // Taking the counts sets them to zero.
    const counted = async (): Promise<number> => {
      goOn(hostile, finder, STEPS);
      const { result } = await session.post('Profiler.takePreciseCoverage');
      const ours = result.filter(({ url }) => url.includes('/src/control/finder/'));
      const ranges = ours.flatMap(({ functions }) => functions.flatMap(one => one.ranges));
      return ranges.reduce((sum, { count }) => sum + count, 0) / STEPS;
    };
    const costs = [await counted(), await counted(), await counted(), await counted()];
    session.disconnect();
    const [first = 0, ...later] = costs;
    assert.ok(first > 20 && first < 15_000, `${first} blocks of code for a step`);
    assert.ok(Math.max(...later) <= 2 * first, costs.join(', '));
  });

  test('what it remembers has a bound', () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const heapBytes = (): number => {
      gc();
      return process.memoryUsage().heapUsed;
    };
    const finder = openPaceFinder({ maxLimit: 1000 });
    const hostile = new Hostile(seededRandom(32), finder, 0.02);
    goOn(hostile, finder, 2 * STEPS);
    const beforeBytes = heapBytes();
    goOn(hostile, finder, 10 * STEPS);
    const grownBytes = heapBytes() - beforeBytes;
    assert.ok(grownBytes < 300_000, `${grownBytes} bytes more after ${10 * STEPS} steps`);
    assert.ok(finder.limit() >= 1);
  });
});
