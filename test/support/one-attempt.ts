// The runner of one attempt on the virtual clock, over a transport that a test writes.
import { Deadlines } from '../../src/control/deadlines.ts';
import { AttemptRunner } from '../../src/engine/attempt-runner.ts';
import type { Handler } from '../../src/engine/handler.ts';
import type { ExchangeEvents, TransportLane } from '../../src/engine/ports.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';
import { ATTEMPT_LIMITS, type AttemptPlan } from '../../src/model/plan.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { aRequest } from './record-lines.ts';

type Plan = Pick<AttemptPlan, 'limits' | 'keepHeaders' | 'keepLocation' | 'keepBody' | 'keepBodyBytesMax'>;

const KEEPS_NOTHING: Plan = {
  limits: ATTEMPT_LIMITS,
  ...{ keepHeaders: false, keepLocation: false, keepBody: false, keepBodyBytesMax: 0 },
};

export interface AttemptOptions {
  readonly plan?: Partial<Plan>;
  readonly handler?: Handler | undefined;
  readonly openLane: (events: ExchangeEvents, clock: VirtualClock) => TransportLane;
  readonly id?: string;
  readonly index?: number;
  readonly deadlineMs?: number;
}

/** Starts it; `ends` gets its end. */
export function startAttempt({ plan, handler, openLane, ...asked }: AttemptOptions) {
  const { id = null, index = 0, deadlineMs = Number.POSITIVE_INFINITY } = asked;
  const clock = new VirtualClock();
  const ends: AttemptEnd[] = [];
  const runner = new AttemptRunner(0, {
    clock,
    deadlines: new Deadlines(clock, () => runner.overdue()),
    plan: { ...KEEPS_NOTHING, ...plan },
    handler,
    onAttemptEnd: end => ends.push(end),
    worker: undefined,
    clockOriginMs: 0,
    wallClock: () => 0,
    transport: { openLane: events => openLane(events, clock), close: () => Promise.resolve() },
  });
  runner.start({ request: aRequest({ id }), index, number: 1, lane: 0, admittedMs: 0, deadlineMs });
  return { clock, ends, runner };
}
