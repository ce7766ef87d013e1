// Where throughput decides: it is compared with less and with more in flight until enough is known.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Measuring } from '../../../src/control/finder/measuring.ts';
import { OvertakingProof } from '../../../src/control/finder/proof.ts';
import { Throughput } from '../../../src/control/finder/throughput.ts';

const ALONE_MS = 100;

/** What a server of so many workers answers with `level` in flight, on average. */
function windowAt(level: number, workers: number, ends: number) {
  return { level, ends, ms: (ends / level) * ALONE_MS * Math.max(1, level / workers), worth: 1 };
}

/** Latencies that differ like those of an exponential law. */
function noteLatencies(throughput: Throughput, count: number): void {
  throughput.noteLatencies(count, count * ALONE_MS, 2 * count * ALONE_MS * ALONE_MS);
}

/** @returns the limits of so many rounds, of which the server's throughput is told after each */
function limitsOf(throughput: Throughput, workers: number, start: number, rounds: number): number[] {
  const measuring = new Measuring(throughput, new OvertakingProof());
  const limits: number[] = [];
  let level = start;
  for (let round = 0; round < rounds; round++) {
    const limit = Math.floor(level);
    throughput.add(windowAt(limit, workers, limit));
    noteLatencies(throughput, limit);
    level = measuring.next({ limit, level, served: limit, isSettled: true });
    limits.push(Math.floor(level));
  }
  return limits;
}

describe('a server that is not first come, first served', () => {
  test('few ends that by chance took long are not believed for ever: more is tried, and found', () => {
    const throughput = new Throughput();
    for (const level of [4, 8]) throughput.add(windowAt(level, 100, 10));
    throughput.add(windowAt(19, 10, 20));
    const limits = limitsOf(throughput, 60, 11, 60);
    assert.ok(Math.max(...limits) >= 55, limits.join());
  });

  test('what is known well of more in flight is looked at rarely, and with not much more', () => {
    const throughput = new Throughput();
    for (const level of [4, 8, 16, 32]) throughput.add(windowAt(level, 8, 240));
    noteLatencies(throughput, 400);
    const above = limitsOf(throughput, 8, 9, 60).filter(limit => limit > 11);
    assert.ok(above.length > 0 && above.length <= 10, above.join());
    assert.ok(Math.max(...above) <= 18, above.join());
  });

  test('it has grown since: that is found', () => {
    const throughput = new Throughput();
    for (const level of [4, 8, 16, 32]) throughput.add(windowAt(level, 8, 240));
    noteLatencies(throughput, 400);
    const limits = limitsOf(throughput, 24, 9, 250);
    assert.ok((limits.at(-1) as number) >= 20, limits.join());
  });
});
