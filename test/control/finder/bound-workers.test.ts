// The finder against a server that binds each worker to a connection for as long as it is kept, with the turns of our
// transport: requests on new connections are not looked at, and those that pass them over are no proof.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '../../../src/base/random.ts';
import { openPaceFinder } from '../../../src/control/finder/open-pace-finder.ts';
import { OvertakingProof } from '../../../src/control/finder/proof.ts';
import { type Seat, Turns } from '../../../src/transports/turns.ts';

interface Lane extends Seat {
  isIdle: boolean;
  isConnected: boolean;
  /** A worker has its connection. */
  isBound: boolean;
  /** Exchanges on its connection, and the number of the last one. */
  count: number;
  turn: number;
  startedAs: number;
  sentMs: number;
  endMs: number;
  token: unknown;
}

interface BoundRun {
  readonly endMs: number;
  readonly inFlightMax: number;
  readonly reasons: ReadonlySet<string>;
  readonly capacity: number | null;
}

/** The server, and lanes that keep their connections to it until turns let go of them. */
class BoundLanes {
  readonly all: Lane[] = [];
  readonly later: { readonly atMs: number; call(): void }[] = [];
  readonly turns = new Turns((call, ms) => {
    const one = { atMs: this.nowMs + ms, call };
    this.later.push(one);
    return { cancel: () => this.later.splice(this.later.indexOf(one), 1) };
  });
  readonly #inLine: Lane[] = [];
  readonly #workers: number;
  readonly #serviceMs: () => number;
  nowMs = 0;

  constructor(workers: number, serviceMs: () => number) {
    this.#workers = workers;
    this.#serviceMs = serviceMs;
  }

  bindNext(): void {
    while (this.#inLine.length > 0 && this.all.filter(({ isBound }) => isBound).length < this.#workers) {
      const next = this.#inLine.shift() as Lane;
      next.isBound = true;
      next.endMs = this.nowMs + this.#serviceMs();
    }
  }

  send(startedAs: number, token: unknown): void {
    const lane = this.all.find(({ isIdle }) => isIdle) ?? this.#open();
    Object.assign(lane, { isIdle: false, sentMs: this.nowMs, startedAs, token });
    if (lane.isConnected) lane.endMs = this.nowMs + this.#serviceMs();
    else {
      lane.isConnected = true;
      lane.count = 0;
      this.#inLine.push(lane);
    }
    lane.turn = this.turns.began(lane, ++lane.count === 1);
  }

  /** @returns how many it has passed over */
  end(lane: Lane): number {
    const isFirst = lane.count === 1;
    if (isFirst) this.turns.answered(lane);
    lane.isIdle = true;
    lane.endMs = Number.POSITIVE_INFINITY;
    const passedOver = isFirst ? 0 : this.turns.passedOver(lane.turn);
    this.turns.ended(lane, lane.turn, isFirst);
    return passedOver;
  }

  #open(): Lane {
    const none = { count: 0, turn: 0, startedAs: 0, sentMs: 0, endMs: Number.POSITIVE_INFINITY, token: null };
    const letGo = (): void => {
      lane.isConnected = false;
      lane.isBound = false;
      this.turns.gone(lane);
    };
    const lane: Lane = { ...none, isIdle: true, isConnected: false, isBound: false, letGo };
    this.all.push(lane);
    return lane;
  }
}

function runBound(workers: number, requests: number, serviceMs: () => number): BoundRun {
  const finder = openPaceFinder({ maxLimit: 100 });
  const lanes = new BoundLanes(workers, serviceMs);
  const reasons = new Set<string>();
  let [sent, ended, inFlight, inFlightMax] = [0, 0, 0, 0];
  while (ended < requests) {
    while (sent < requests && inFlight < finder.limit() && finder.nextStartMs(lanes.nowMs) <= lanes.nowMs) {
      sent++;
      inFlightMax = Math.max(inFlightMax, ++inFlight);
      lanes.send(inFlight, finder.started(lanes.nowMs, inFlight, ''));
    }
    lanes.bindNext();
    const first = lanes.all.reduce((a, b) => (b.endMs < a.endMs ? b : a));
    const [next] = lanes.later;
    if (next && next.atMs <= first.endMs) {
      lanes.nowMs = next.atMs;
      lanes.later.shift()?.call();
      continue;
    }
    assert.ok(
      first.endMs < Number.POSITIVE_INFINITY,
      `stalled at ${lanes.nowMs} ms with ${inFlight} in flight`,
    );
    lanes.nowMs = first.endMs;
    const passedOver = lanes.end(first);
    const { sentMs: startedMs, startedAs, token } = first;
    const times = { nowMs: lanes.nowMs, startedMs, connectMs: 0 };
    inFlight--;
    finder.ended({ ...times, startedAs, inFlight, kind: 'served', isOk: true, key: '', passedOver, token });
    reasons.add(finder.finding().reason);
    ended++;
  }
  return { endMs: lanes.nowMs, inFlightMax, reasons, capacity: finder.finding().capacity };
}

describe('a server whose workers are bound to kept connections', () => {
  for (const workers of [3, 5, 12]) {
    test(`of ${workers}: those that it does not look at are not taken for held`, () => {
      for (let seed = 1; seed <= 20; seed++) {
        const random = seededRandom(seed);
        const requests = 40 * workers;
        const run = runBound(workers, requests, () => 250 + 10 * random.next());
        const said = `seed ${seed}: ${JSON.stringify({ ...run, reasons: [...run.reasons] })}`;
        assert.ok(run.inFlightMax <= Math.max(8, 3 * workers + 1), said);
        assert.ok(!run.reasons.has('more in flight buys no more throughput'), said);
        assert.equal(run.capacity, workers, said);
        assert.ok(run.endMs <= 1.15 * (requests / workers) * 255 + 500, said);
      }
    });
  }
});

test('whoever passes two on new connections over proves two less', () => {
  const heldWith = (passedOver: number): number => {
    const proof = new OvertakingProof();
    const tokens = [1, 2, 3, 4, 5].map(level => proof.started(level, level));
    const last = tokens[4] as ReturnType<OvertakingProof['started']>;
    last.passedOver = passedOver;
    return proof.served(100, last, 95, '', 5).held;
  };
  assert.deepEqual([0, 2].map(heldWith), [5, 3]);
});
