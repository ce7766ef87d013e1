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

/** As many lanes as are allowed, each of which keeps its connection until turns let go of it. */
function runBound(workers: number, requests: number, serviceMs: () => number): BoundRun {
  const finder = openPaceFinder({ maxLimit: 100 });
  const later: { readonly atMs: number; call(): void }[] = [];
  const turns = new Turns((call, ms) => later.push({ atMs: nowMs + ms, call }));
  const lanes: Lane[] = [];
  const inLine: Lane[] = [];
  const reasons = new Set<string>();
  let [nowMs, sent, ended, inFlight, inFlightMax] = [0, 0, 0, 0, 0];
  const bindNext = (): void => {
    while (inLine.length > 0 && lanes.filter(({ isBound }) => isBound).length < workers) {
      const next = inLine.shift() as Lane;
      next.isBound = true;
      next.endMs = nowMs + serviceMs();
    }
  };
  const letGo = (lane: Lane): void => {
    lane.isConnected = false;
    lane.isBound = false;
    turns.gone(lane);
  };
  const openLane = (): Lane => {
    const none = { count: 0, turn: 0, startedAs: 0, sentMs: 0, endMs: Number.POSITIVE_INFINITY, token: null };
    const lane: Lane = {
      ...none,
      isIdle: true,
      isConnected: false,
      isBound: false,
      letGo: () => letGo(lane),
    };
    lanes.push(lane);
    return lane;
  };
  const send = (): void => {
    const lane = lanes.find(({ isIdle }) => isIdle) ?? openLane();
    lane.isIdle = false;
    lane.sentMs = nowMs;
    lane.startedAs = ++inFlight;
    inFlightMax = Math.max(inFlightMax, inFlight);
    lane.token = finder.started(nowMs, inFlight, '');
    if (!lane.isConnected) {
      lane.isConnected = true;
      lane.count = 0;
      inLine.push(lane);
    } else lane.endMs = nowMs + serviceMs();
    lane.turn = turns.began(lane, ++lane.count === 1);
    sent++;
  };
  const end = (lane: Lane): void => {
    const isFirst = lane.count === 1;
    if (isFirst) turns.answered(lane);
    lane.isIdle = true;
    lane.endMs = Number.POSITIVE_INFINITY;
    const passedOver = isFirst ? 0 : turns.passedOver(lane.turn);
    turns.ended(lane, lane.turn, isFirst);
    const { sentMs: startedMs, startedAs, token } = lane;
    const kind = 'served' as const;
    inFlight--;
    finder.ended({
      nowMs,
      startedMs,
      startedAs,
      inFlight,
      kind,
      isOk: true,
      key: '',
      connectMs: 0,
      passedOver,
      token,
    });
    reasons.add(finder.finding().reason);
    ended++;
  };
  while (ended < requests) {
    while (sent < requests && inFlight < finder.limit() && finder.nextStartMs(nowMs) <= nowMs) send();
    bindNext();
    const first = lanes.reduce((a, b) => (b.endMs < a.endMs ? b : a));
    const [next] = later;
    if (next && next.atMs <= first.endMs) {
      nowMs = next.atMs;
      later.shift()?.call();
      continue;
    }
    assert.ok(first.endMs < Number.POSITIVE_INFINITY, `stalled at ${nowMs} ms with ${inFlight} in flight`);
    nowMs = first.endMs;
    end(first);
  }
  return { endMs: nowMs, inFlightMax, reasons, capacity: finder.finding().capacity };
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
