// Hosts are remembered while something of them is under way, and no longer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { FREE_HOST, HostGate } from '../../src/control/host-gate.ts';
import { Running } from '../../src/engine/running.ts';
import { WaitingRoom } from '../../src/engine/waiting-room.ts';

test('a host whose request is in backoff is not forgotten: it would get a second gate', () => {
  const room = new WaitingRoom<string>(() => new HostGate(FREE_HOST, seededRandom(1)));
  const waiting = new Running<string>('x', 0, 0);
  room.arrive(waiting, 'kept');
  const first = room.next(0);
  assert.ok(first?.host);
  room.take(first);
  room.later(waiting, 100);
  for (let index = 1; index < 3000; index++) {
    room.arrive(new Running('x', index, 0), `host ${index}`);
    const next = room.next(0);
    if (next) room.take(next);
    room.sweep(0);
  }
  assert.equal(room.hostNamed('kept'), waiting.host);
});

test('hosts are forgotten when they are at rest, and only then', () => {
  const room = new WaitingRoom<string>(() => new HostGate(FREE_HOST, seededRandom(1)));
  for (let index = 0; index < 5000; index++) {
    room.arrive(new Running('x', index, 0), `host ${index}`);
    const next = room.next(0);
    assert.equal(next?.index, index);
    if (next) room.take(next);
    if (index % 100 === 0) next?.host?.gate.started(0); // has one in flight for ever
    room.sweep(0);
  }
  assert.ok(room.hostCount >= 50 && room.hostCount < 1100, `${room.hostCount}`);
});
