// The overtaking proof on scripted requests: what it says, and what it must not say.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Departures } from '../../../src/control/finder/departures.ts';
import { OvertakingProof } from '../../../src/control/finder/proof.ts';
import { ProofMemory } from '../../../src/control/finder/proof-memory.ts';
import { ShortestTimes } from '../../../src/control/finder/shortest.ts';

describe('departures', () => {
  test('counts from a number on, up to an instant', () => {
    const departures = new Departures();
    for (const atMs of [10, 20, 20, 30]) departures.add(atMs);
    assert.equal(departures.countFrom(0, 20), 3);
    assert.equal(departures.countFrom(1, 20), 2);
    assert.equal(departures.countFrom(0, 9), 0);
    assert.equal(departures.countFrom(4, 99), 0);
  });

  test('of those that are no longer kept it knows that they are older', () => {
    const departures = new Departures();
    for (let i = 0; i < 20_000; i++) departures.add(i);
    assert.equal(departures.countFrom(0, 19_000), 19_001);
    assert.equal(departures.countFrom(100, 50), 20_000 - 8192 - 100);
    assert.equal(departures.countFrom(19_990, 19_995), 6);
  });
});

describe('the shortest time', () => {
  test('each kind has its own, and a share of it is sure', () => {
    const times = new ShortestTimes();
    times.note('slow', 1000);
    assert.equal(Math.round(times.note('fast', 10) * 10), 92);
    assert.equal(Math.round(times.note('slow', 2000)), 920);
    assert.equal(times.anyMs, 10);
  });

  test('what is older than two renewals is forgotten where the pace has fallen', () => {
    const times = new ShortestTimes();
    times.note('', 10);
    times.renew(1);
    times.note('', 50);
    assert.equal(times.anyMs, 10);
    times.renew(5);
    times.note('', 60);
    assert.equal(times.anyMs, 50);
  });

  test('and grows no further than the pace has fallen', () => {
    const grown = [1, 2, 0.5].map(growth => {
      const times = new ShortestTimes();
      times.note('', 10);
      times.renew(1);
      times.note('', 50);
      times.renew(growth);
      times.note('', 60);
      return times.anyMs;
    });
    assert.deepEqual(grown, [11.5, 23, 11.5], 'by chance one may be a little longer than another');
  });

  test('a kind that is not seen for long is not forgotten', () => {
    const times = new ShortestTimes();
    times.note('rare', 10);
    for (let i = 0; i < 3; i++) times.renew(1);
    assert.equal(Math.round(times.note('rare', 100) * 10), Math.round(10 * 0.92 * 11.5));
  });

  test('where it falls from round to round, less is sure', () => {
    const times = new ShortestTimes();
    times.note('', 100);
    times.endRound();
    times.note('', 80);
    assert.ok(Math.abs(times.note('', 90) - 0.92 * 0.8 * 80) < 1e-9);
  });

  test('a million kinds take no memory: all but the first are one', () => {
    const times = new ShortestTimes();
    for (let i = 0; i < 300; i++) times.note(`kind ${i}`, 100);
    times.note('kind 1000', 10);
    assert.equal(Math.round(times.note('kind 2000', 500) * 10), 92);
  });
});

describe('a proof', () => {
  /** Four are sent, a second apart; each takes 10 s on one of two workers. */
  const twoWorkers = (): number[] => {
    const proof = new OvertakingProof();
    const tokens = [1, 2, 3, 4].map(level => proof.started(level * 1000, level));
    const endsMs = [11_000, 12_000, 21_000, 22_000];
    return tokens.map((token, i) => {
      const endMs = endsMs[i] as number;
      return proof.served(endMs, token, endMs - token.sentMs, '', 4).held;
    });
  };

  test('is what was in flight less those that made room', () => {
    // The third waits for the first, the fourth for the first and the second.
    assert.deepEqual(twoWorkers(), [1, 2, 2, 2]);
  });

  test('those who leave while a worker is at it surely made no room', () => {
    const proof = new OvertakingProof();
    const [a, b, c] = [1, 2, 3].map(level => proof.started(level * 1000, level)) as [never, never, never];
    proof.served(11_000, a, 10_000, '', 4);
    proof.served(12_000, b, 10_000, '', 4);
    // It ends so soon after the others that it cannot have waited for them.
    assert.equal(proof.served(13_000, c, 10_000, '', 4).held, 3);
  });

  test('of one instant, those that end first count as sent first', () => {
    const proof = new OvertakingProof();
    const tokens = [1, 2, 3].map(level => proof.started(0, level));
    const ranks = [...tokens]
      .reverse()
      .map((token, i) => proof.served(100 + i * 1000, token, 100, '', 4).level);
    assert.deepEqual(ranks, [1, 2, 3]);
  });

  test('a server of two is told from one of four', () => {
    for (const [workers, isSaturated] of [
      [2, true],
      [4, false],
    ] as const) {
      const proof = new OvertakingProof();
      const tokens: ReturnType<OvertakingProof['started']>[] = [];
      for (let i = 0; i < 4; i++) tokens.push(proof.started(i, i + 1));
      for (let i = 0; i < 12; i++) {
        const endMs = 1000 * Math.floor(i / workers + 1) + (i % workers);
        const token = tokens[i] as ReturnType<OvertakingProof['started']>;
        proof.served(endMs, token, endMs - token.sentMs, '', 4);
        tokens.push(proof.started(endMs, 4));
      }
      assert.equal(proof.isSaturated(4), isSaturated, `${workers} workers`);
      assert.equal(proof.capacity(), workers);
    }
  });

  test('what was sent before it was told to forget proves nothing', () => {
    const proof = new OvertakingProof();
    const token = proof.started(0, 9);
    proof.forget(5);
    proof.served(100, token, 100, '', 4);
    assert.equal(proof.count, 0);
    assert.equal(proof.capacity(), 1);
  });
});

test('four that prove little mean nothing where one of the round before proved much', () => {
  const proof = new OvertakingProof();
  const round = (nowMs: number, isQuick: boolean): void => {
    const tokens = Array.from({ length: 12 }, (_, i) => proof.started(nowMs + 10 * i, i + 1));
    const last = tokens.pop();
    if (isQuick && last) proof.served(last.sentMs + 90, last, 90, '', 12);
    for (const [i, token] of tokens.entries()) {
      const endMs = nowMs + 1000 + 100 * i;
      proof.served(endMs, token, endMs - token.sentMs, '', 12);
    }
    if (!isQuick && last) proof.served(nowMs + 2100, last, nowMs + 2100 - last.sentMs, '', 12);
  };
  round(0, true);
  assert.equal(proof.nearTop(0.75).best, 12);
  for (const isSaturated of [false, true]) {
    proof.endRound(12, 2100, 1);
    round(10_000, false);
    assert.ok(proof.nearTop(0.75).best < 4);
    assert.equal(proof.isSaturated(12), isSaturated);
  }
});

describe('a server of four; what is sent while others open a connection is there before them', () => {
  // As it was seen: in ms, what starts, and what ends (-).
  const SEEN =
    '80 0|82 1|82 2|82 3|391 -0|393 4|397 -2|398 5|398 6|399 7|400 -1|400 8|400 9|401 -3|402 10|402 11|' +
    '700 -4|700 12|704 -5|705 13|705 -8|706 14|706 15|706 16|706 17|708 -10';
  const best = (connectMs: number): number => {
    const proof = new OvertakingProof();
    const tokens: ReturnType<OvertakingProof['started']>[] = [];
    let inFlight = 0;
    let most = 0;
    for (const [atMs, event] of SEEN.split('|').map(one => one.split(' ') as [string, string])) {
      const nowMs = Number(atMs);
      if (!event.startsWith('-')) {
        tokens.push(proof.started(nowMs, ++inFlight));
        continue;
      }
      inFlight--;
      const token = tokens[Number(event.slice(1))] as (typeof tokens)[number];
      proof.connected(connectMs);
      most = Math.max(most, proof.served(nowMs, token, nowMs - token.sentMs - connectMs, '', 8).held);
    }
    return most;
  };

  test('its start proves seven where that is not known', () => assert.equal(best(0), 7));
  test('and no more than four where it is', () => assert.equal(best(10), 4));
});

describe('which proofs still hold', () => {
  const memoryOf = (proofs: readonly number[]): ProofMemory => {
    const memory = new ProofMemory();
    for (const proof of proofs) memory.add(proof);
    return memory;
  };

  test('nothing proves one', () => assert.equal(new ProofMemory().capacity(), 1));
  test('of few the highest', () => assert.equal(memoryOf([3, 5, 2]).capacity(), 5));
  test('of many the second highest: one may be an accident', () =>
    assert.equal(memoryOf([3, 3, 9, 3, 2, 3, 3, 3, 3]).capacity(), 3));
  test('at least one', () => assert.equal(memoryOf([-3, -2, 0]).capacity(), 1));

  test('those that have not come again for four times as long as they used to hold no longer', () => {
    const often = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 8 : 3));
    const memory = memoryOf(often);
    assert.equal(memory.capacity(), 8);
    for (let i = 0; i < 7; i++) memory.add(3);
    assert.equal(memory.capacity(), 8);
    for (let i = 0; i < 2; i++) memory.add(3);
    assert.equal(memory.capacity(), 3);
    assert.equal(memory.changes, 1);
  });

  test('rare ones are believed for longer', () => {
    const memory = memoryOf(Array.from({ length: 80 }, (_, i) => (i % 20 === 0 ? 8 : 3)));
    for (let i = 0; i < 38; i++) memory.add(3);
    assert.equal(memory.capacity(), 8);
  });

  test('in waves, for a wave and a half', () => {
    const memory = memoryOf(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 8 : 3)));
    memory.keep(200, 60);
    for (let i = 0; i < 50; i++) memory.add(3);
    assert.equal(memory.capacity(), 8);
    for (let i = 0; i < 12; i++) memory.add(3);
    assert.equal(memory.capacity(), 3);
  });
});
