// What can be asked of those who wait: for which hosts, and how long still.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { FREE_HOST, HostGate } from '../../src/control/host-gate.ts';
import { Running } from '../../src/engine/running.ts';
import { WaitingRoom } from '../../src/engine/waiting-room.ts';
import { aTry } from '../support/record-lines.ts';

test('paused hosts are counted where somebody waits for them, and the first to go on is named', () => {
  const policy = { ...FREE_HOST, pauses: { pauseMs: 100, waitMsMax: 60_000 } };
  const room = new WaitingRoom<string>(name => new HostGate(policy, seededRandom(name.length)));
  const refuse = (host: string, retryAfterMs: number): void => {
    const { gate } = room.hostNamed(host);
    gate.started(0);
    gate.ended(0, aTry({ outcome: 'http_error', status: 429, retryAfterMs }));
  };
  const paused = (nowMs: number): unknown => {
    const seen = room.paused(nowMs);
    return seen && [seen.count, seen.first, Math.floor(seen.leftMs / 1000)];
  };
  assert.equal(paused(0), null);
  for (const [host, retryAfterMs] of [
    ['slow', 9000],
    ['quick', 4000],
    ['nobody waits for it', 1000],
    ['asks for too much', 70_000],
  ] as const)
    refuse(host, retryAfterMs);
  assert.equal(paused(0), null, 'nobody waits');
  for (const [index, host] of ['slow', 'quick', 'free', 'slow', 'asks for too much'].entries())
    room.arrive(new Running('x', index, 0), host);
  assert.deepEqual(paused(0), [2, 'quick', 4]); // put off by chance, by less than a second
  assert.deepEqual(paused(5000), [1, 'slow', 4]);
  assert.equal(paused(10_000), null);
  room.empty();
  assert.equal(paused(0), null);
});

test('those whose host has room again wait for nothing but a permit', () => {
  const room = new WaitingRoom<string>(() => new HostGate({ ...FREE_HOST, limit: 1 }, seededRandom(1)));
  const all = [0, 1, 2].map(index => new Running('x', index, 0));
  for (const one of all) room.arrive(one, 'a');
  assert.equal(room.unheld, 3);
  room.take(all[0] as Running<string>);
  const host = room.hostNamed('a');
  host.gate.started(0);
  assert.equal(room.next(0), undefined);
  assert.equal(room.unheld, 0);
  host.gate.ended(1, aTry());
  room.heardOf(host, 1);
  assert.equal(room.unheld, 2);
  assert.equal(room.next(1), all[1]);
});
