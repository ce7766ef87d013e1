// Would anybody notice? Bugs that were really made by others are put into the engine as it stands in memory, one at a
// time, and the laws must break within a few seeds. A law that nothing can break says nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Deadlines } from '../../src/control/deadlines.ts';
import { HostGate } from '../../src/control/host-gate.ts';
import { Pace } from '../../src/control/pace.ts';
import { Semaphore } from '../../src/control/semaphore.ts';
import { AttemptRunner } from '../../src/engine/attempt-runner.ts';
import { InFlight } from '../../src/engine/in-flight.ts';
import { Lanes } from '../../src/engine/lanes.ts';
import { InputOrder } from '../../src/engine/order.ts';
import { Settling } from '../../src/engine/settling.ts';
import { WaitingRoom } from '../../src/engine/waiting-room.ts';
import { driveNow } from './drive.ts';
import { drawScenario, isSynchronous, type Scenario } from './scenario.ts';
import { describeScenario, lawIn, shrink } from './shrink.ts';

const SEEDS_MAX = 300;

type Method = (this: unknown, ...given: never[]) => unknown;

/** One method, and what stands in its place; it is given the real one. */
const bugs: [
  bug: string,
  owner: { readonly prototype: object },
  method: string,
  broken: (real: Method) => Method,
][] = [
  [
    'a permit is given whatever the limit',
    Semaphore,
    'resize',
    real =>
      function () {
        return real.call(this, 1_000_000 as never);
      },
  ],
  ['a permit is never given back', Semaphore, 'giveBack', () => () => undefined],
  [
    'a permit is given back twice',
    Semaphore,
    'giveBack',
    real =>
      function () {
        real.call(this);
        real.call(this);
      },
  ],
  ['lanes are not given back', Lanes, 'giveBack', () => () => undefined],
  ['two attempts share a lane', Lanes, 'take', () => () => 0],
  ['a rate is forgotten', Pace, 'dueMs', () => (nowMs: never) => nowMs],
  ['a start is not counted for the rate', Pace, 'start', () => () => 0],
  ['a host that asked for a pause is not left alone', HostGate, 'dueMs', () => (nowMs: never) => nowMs],
  ['deadlines never ring', Deadlines, 'set', () => () => undefined],
  ['a deadline is not taken back', Deadlines, 'clear', () => () => undefined],
  ['a cancel is not heard', AttemptRunner, 'cancel', () => () => undefined],
  [
    'the second cause wins',
    AttemptRunner,
    'onFailed',
    real =>
      function (failure, bytes) {
        return real.call(this, { ...(failure as object), outcome: 'ok' } as never, bytes);
      },
  ],
  [
    'an outcome is told twice',
    Settling,
    'settle',
    real =>
      function (one, ending) {
        real.call(this, one, ending);
        return real.call(this, one, ending);
      },
  ],
  ['an outcome is lost', Settling, 'settle', () => () => undefined],
  [
    'outcomes come as they end, whatever was asked',
    InputOrder,
    'add',
    real =>
      function (one) {
        return real.call(this, { ...(one as object), index: (this as InputOrder<unknown>).next } as never);
      },
  ],
  ['what is in backoff is forgotten', WaitingRoom, 'later', () => () => undefined],
  ['an attempt that does not end is waited for without end', InFlight, 'force', () => () => undefined],
  [
    'a deadline rings early',
    Deadlines,
    'set',
    real =>
      function (key, atMs) {
        return real.call(this, key, (atMs - 5) as never);
      },
  ],
];

/** An assertion of the engine's own counts as a law. */
function brokenBy(scenario: Scenario): string | undefined {
  try {
    return driveNow(scenario).invariants.broken;
  } catch (error) {
    return String(error);
  }
}

function firstBroken(): Scenario | undefined {
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const scenario = drawScenario(seed);
    if (isSynchronous(scenario) && brokenBy(scenario) !== undefined) return scenario;
  }
  return undefined;
}

test('Q05: none of the laws is broken by the engine as it is', () => assert.equal(firstBroken(), undefined));

for (const [bug, { prototype }, name, broken] of bugs) {
  test(`Q05, Q07: noticed, and made small: ${bug}`, async t => {
    const real = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
    Object.defineProperty(prototype, name, { ...real, value: broken(real.value as Method) });
    try {
      const noticed = firstBroken();
      assert.ok(noticed !== undefined, `${name} in ${SEEDS_MAX} seeds`);
      const smallest = await shrink(noticed, scenario => lawIn(brokenBy(scenario)));
      t.diagnostic(`${brokenBy(smallest)?.slice(0, 100)}: ${describeScenario(smallest)}`);
      assert.ok(smallest.requests.length + smallest.actions.length <= 20, describeScenario(smallest));
    } finally {
      Object.defineProperty(prototype, name, real);
    }
  });
}
