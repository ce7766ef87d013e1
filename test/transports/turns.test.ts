// A server that binds a worker to each connection while it is kept: nobody waits until the others are done.
import assert from 'node:assert/strict';
import type net from 'node:net';
import { describe, test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { type Seat, Turns } from '../../src/transports/turns.ts';
import { openTestLane } from '../support/exchange.ts';
import { httpTransport, response, setUp } from './support.ts';

/** It looks at a connection only when a worker has no other, and answers in a later turn of the loop. */
function boundWorkers(workers: number) {
  const inLine: net.Socket[] = [];
  const bound = new Set<net.Socket>();
  const asked = new Map<net.Socket, number>();
  const serve = (socket: net.Socket): void => {
    const left = asked.get(socket) ?? 0;
    if (left === 0 || !bound.has(socket)) return;
    asked.set(socket, left - 1);
    setImmediate(() => setImmediate(() => socket.write(response('x'))));
  };
  const bindNext = (): void => {
    while (bound.size < workers && inLine.length > 0) {
      const next = inLine.shift() as net.Socket;
      bound.add(next);
      serve(next);
    }
  };
  return {
    onConnection(socket: net.Socket): void {
      inLine.push(socket);
      socket.once('close', () => {
        bound.delete(socket);
        const place = inLine.indexOf(socket);
        if (place >= 0) inLine.splice(place, 1);
        bindNext();
      });
      bindNext();
    },
    answer(socket: net.Socket): void {
      asked.set(socket, (asked.get(socket) ?? 0) + 1);
      serve(socket);
    },
  };
}

describe('a server of three workers, each bound to a connection', () => {
  test('with six lanes: those that come late get their turn while the others still send', async t => {
    const EXCHANGES = 100;
    const { onConnection, answer } = boundWorkers(3);
    const { server } = await setUp(t, answer, { onConnection });
    const transport = httpTransport(t);
    const ends: number[] = [];
    const passed: number[] = [];
    const send = async (lane: number): Promise<void> => {
      const exchanges = openTestLane(transport);
      for (let i = 0; i < EXCHANGES; i++) {
        const { end, notes } = await exchanges.run({ url: `${server.origin}/` });
        assert.equal(end, 'whole');
        ends.push(lane);
        if (notes?.passedOver) passed.push(notes.passedOver);
      }
    };
    await Promise.all([0, 1, 2, 3, 4, 5].map(send));
    assert.equal(Math.max(...passed), 3, 'those on kept connections tell whom they pass over');
    const firstEnds = [0, 1, 2, 3, 4, 5].map(lane => ends.indexOf(lane));
    assert.ok(Math.max(...firstEnds) < EXCHANGES, `first answers at ${firstEnds}`);
    // Later on nobody waits for more than a few turns.
    const late = ends.slice(EXCHANGES, 4 * EXCHANGES);
    for (const lane of [0, 1, 2, 3, 4, 5]) {
      const turns = late.flatMap((of, at) => (of === lane ? [at] : []));
      const longest = Math.max(...turns.map((at, i) => at - (turns[i - 1] ?? 0)));
      assert.ok(longest <= 20, `lane ${lane} waited for ${longest} others`);
    }
  });

  test('with as many lanes as workers: each keeps its connection', async t => {
    const { onConnection, answer } = boundWorkers(3);
    const { server } = await setUp(t, answer, { onConnection });
    const transport = httpTransport(t);
    await Promise.all(
      [0, 1, 2].map(async () => {
        const lane = openTestLane(transport);
        for (let i = 0; i < 50; i++) await lane.run({ url: `${server.origin}/` });
      }),
    );
    assert.equal(server.connectionCount, 3);
  });
});

describe('turns', () => {
  interface Lane extends Seat {
    isIdle: boolean;
    /** Exchanges on its connection, and the number of the last one. */
    count: number;
    number: number;
    letGos: number;
  }

  /** Lanes that always send, on a server that serves all at once and takes as long as `timeOf` says. */
  function run(lanes: number, ends: number, timeOf: () => number): number {
    const turns = new Turns();
    const all = Array.from({ length: lanes }, () => {
      const lane: Lane = { isIdle: true, count: 0, number: 0, letGos: 0, letGo: () => letGo(lane) };
      return lane;
    });
    const letGo = (lane: Lane): void => {
      lane.letGos++;
      lane.count = 0;
      turns.gone(lane);
    };
    const due = new Map<Lane, number>();
    const begin = (lane: Lane, now: number): void => {
      lane.isIdle = false;
      lane.number = turns.began(lane, ++lane.count === 1);
      due.set(lane, now + timeOf());
    };
    for (const lane of all) begin(lane, 0);
    for (let i = 0; i < ends; i++) {
      const [lane, now] = [...due].reduce((a, b) => (b[1] < a[1] ? b : a));
      turns.answered(lane);
      lane.isIdle = true;
      turns.ended(lane, lane.number, lane.count === 1);
      begin(lane, now);
    }
    return all.reduce((sum, { letGos }) => sum + letGos, 0);
  }

  test('where nobody is bound, times that differ are no reason to let connections go', () => {
    let letGos = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      letGos += run(4 + (seed % 20), 2000, () => -Math.log(1 - random.next()));
    }
    assert.ok(letGos < 40 * 2000 * 0.01, `${letGos} of 80000 let go`);
  });

  test('one request that takes forty times as long does not cost connections for ever', () => {
    const random = seededRandom(5);
    let count = 0;
    const letGos = run(8, 4000, () => (++count === 7 ? 40 : 0.8 + 0.4 * random.next()));
    assert.ok(letGos < 100, `${letGos} of 4000 let go`);
  });

  test('idle connections go before one that has just ended', () => {
    const turns = new Turns();
    const gone: string[] = [];
    const seat = (name: string, isIdle: boolean): Seat => ({ isIdle, letGo: () => gone.push(name) });
    const [idle, busy, late] = [seat('idle', true), seat('busy', false), seat('late', false)];
    for (const one of [idle, busy]) {
      turns.ended(one, turns.began(one, true), true);
      turns.answered(one);
    }
    turns.began(late, true);
    for (let i = 0; i < 60 && gone.length === 0; i++) turns.ended(busy, turns.began(busy, false), false);
    assert.deepEqual(gone, ['idle']);
  });
});

describe('a standstill', () => {
  test('all kept connections lie idle, and nothing is sent: after a moment one goes for who was passed over', () => {
    const later: (() => void)[] = [];
    const turns = new Turns(call => {
      later.push(call);
      return null;
    });
    const gone: string[] = [];
    const seat = (name: string, isIdle: boolean): Seat => ({ isIdle, letGo: () => gone.push(name) });
    const [kept, late] = [seat('kept', true), seat('late', false)];
    const first = turns.began(kept, true);
    turns.answered(kept);
    turns.ended(kept, first, true);
    turns.began(late, true);
    const number = turns.began(kept, false);
    assert.equal(turns.passedOver(number), 1);
    turns.ended(kept, number, false);
    assert.deepEqual(gone, [], 'it may be wanted at once');
    later.shift()?.();
    assert.deepEqual(gone, ['kept']);
  });

  test('where one is sent on it in that moment, it stays', () => {
    const later: (() => void)[] = [];
    const turns = new Turns(call => {
      later.push(call);
      return null;
    });
    let letGos = 0;
    const [kept, late]: Seat[] = [true, false].map(isIdle => ({ isIdle, letGo: () => letGos++ }));
    assert.ok(kept && late);
    const first = turns.began(kept, true);
    turns.answered(kept);
    turns.ended(kept, first, true);
    turns.began(late, true);
    turns.ended(kept, turns.began(kept, false), false);
    turns.began(kept, false);
    later.shift()?.();
    assert.equal(letGos, 0);
  });
});
