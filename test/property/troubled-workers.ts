// Workers that come to harm: the pool and the worker's side of the conversation as they ship, on the virtual clock,
// with messages that take their time. What becomes of each worker follows from the seed and its number.
import type { Clock, Timer } from '../../src/base/clock.ts';
import type { Random } from '../../src/base/random.ts';
import type { Executor, OnAttemptEnd } from '../../src/engine/ports.ts';
import type { FromWorker, OpenMessage, ToWorker } from '../../src/executors/protocol.ts';
import type { ChannelEvents, WorkerChannel } from '../../src/executors/worker-channel.ts';
import { WorkerPool } from '../../src/executors/worker-pool.ts';
import { WorkerSide } from '../../src/executors/worker-side.ts';
import type { OutcomeError } from '../../src/model/outcome.ts';
import type { AttemptPlan } from '../../src/model/plan.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import { add, type Tally } from './tally.ts';

/**
 * What becomes of a worker. `falls silent`: it is stopped, and does and says nothing any more until it is ended.
 * `cannot be ended`: it goes on with its work, and what it says is heard only when it has been given up.
 */
export const TROUBLES = [
  'dies',
  'falls silent',
  'cannot be ended',
  'is never ready',
  'cannot be started',
] as const;
export type Trouble = (typeof TROUBLES)[number];

export interface WorkersDrawn {
  readonly count: number;
  /** A message takes so long, either way. */
  readonly messageMs: number;
  readonly startUpMs: number;
  /** Of the workers, those that come to harm: from 0 to 1. */
  readonly share: number;
  /** Of what kinds, evenly; none for no harm. */
  readonly troubles: readonly Trouble[];
  /** The harm is done so long after they are ready, at most. */
  readonly lifeMsMax: number;
  /** A worker that is silent for longer is ended. */
  readonly silenceMsMax: number;
}

export interface Ground {
  /** Of the pool and of the workers. */
  readonly clock: Clock;
  /** Of messages on their way. */
  readonly wire: Clock;
  readonly random: Random;
  readonly tally: Tally;
  readonly onBroken: (cause: OutcomeError) => void;
  openExecutor(worker: number, clock: Clock, onAttemptEnd: OnAttemptEnd): Executor<HttpRequest>;
}

export function openTroubledWorkers(
  drawn: WorkersDrawn & { readonly plan: AttemptPlan; readonly graceMs: number },
  ground: Ground,
  onAttemptEnd: OnAttemptEnd,
): Executor<HttpRequest> {
  const { count, plan, graceMs, silenceMsMax } = drawn;
  let spawned = 0;
  const workers: TroubledWorker[] = [];
  const pool = new WorkerPool({
    ...{ workers: count, areProcesses: false, plan, clock: ground.clock, clockOriginMs: 0 },
    ...{ graceMs, silenceMsMax, onBroken: ground.onBroken },
    openChannel: (open, events) => {
      const draws = ground.random.nth(spawned++);
      const isHarmed = draws.next() < drawn.share;
      const trouble = isHarmed ? drawn.troubles[Math.floor(draws.next() * drawn.troubles.length)] : undefined;
      if (trouble) add(ground.tally.faults, `a worker ${trouble}`);
      if (trouble === 'cannot be started') throw new Error('no memory is left');
      const life = { ...ground, drawn, graceMs, trouble, lifeMs: draws.next() * drawn.lifeMsMax };
      const worker = new TroubledWorker(open, events, life);
      workers.push(worker);
      return worker;
    },
  });
  pool.attach(onAttemptEnd);
  return {
    start: attempt => pool.start(attempt),
    flush: () => pool.flush(),
    cancel: (lane, cause) => pool.cancel(lane, cause),
    async close() {
      await pool.close();
      for (const worker of workers) worker.stops(); // one that was given up ends with its process
    },
  };
}

interface Life extends Ground {
  readonly drawn: WorkersDrawn;
  readonly graceMs: number;
  readonly trouble: Trouble | undefined;
  readonly lifeMs: number;
}

class TroubledWorker implements WorkerChannel {
  readonly #events: ChannelEvents;
  readonly #life: Life;
  readonly #clock: MortalClock;
  readonly #side: WorkerSide;
  #executor: Executor<HttpRequest> | undefined;
  /** It neither hears nor says anything any more. */
  #isStill = false;
  /** What it has said since it is not heard; undefined while it is. */
  #unheard: FromWorker[] | undefined;
  #isGone = false;

  constructor(open: OpenMessage, events: ChannelEvents, life: Life) {
    this.#events = events;
    this.#life = life;
    this.#clock = new MortalClock(life.clock);
    this.#side = new WorkerSide(
      message => this.#say(message),
      () => this.#goes('It has closed.'),
      {
        openExecutor: (_, { onAttemptEnd }) => {
          this.#executor = life.openExecutor(open.worker, this.#clock, onAttemptEnd);
          return this.#executor;
        },
        afterTurn: run => this.#clock.schedule(this.#clock.now(), run),
      },
    );
    if (life.trouble === 'is never ready') return;
    this.#after(life.drawn.startUpMs, () => {
      this.#side.receive(open);
      if (life.trouble) this.#after(life.lifeMs, () => this.#comesToHarm());
    });
  }

  post(message: ToWorker): void {
    const { wire, drawn } = this.#life;
    wire.schedule(wire.now() + drawn.messageMs, () => {
      if (!this.#isStill) this.#side.receive(message);
    });
  }

  terminate(): void {
    if (this.#life.trouble !== 'cannot be ended') {
      this.#goes('It was ended.');
      return;
    }
    const { wire, graceMs } = this.#life;
    wire.schedule(wire.now() + 2 * graceMs, () => {
      for (const message of this.#unheard ?? []) this.#events.onMessage(message);
      this.#unheard = undefined;
    });
  }

  keepAlive(): void {
    // A simulation ends when nothing is due any more.
  }

  #comesToHarm(): void {
    const { trouble } = this.#life;
    if (trouble === 'dies') this.#goes('It died.');
    else if (trouble === 'cannot be ended') this.#unheard = [];
    else this.stops();
  }

  #after(ms: number, run: () => void): void {
    this.#clock.schedule(this.#clock.now() + ms, run);
  }

  #say(message: FromWorker): void {
    if (this.#isStill) return;
    if (this.#unheard) {
      this.#unheard.push(message);
      return;
    }
    const { wire, drawn } = this.#life;
    wire.schedule(wire.now() + drawn.messageMs, () => this.#events.onMessage(message));
  }

  #goes(death: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.stops();
    const { wire, drawn } = this.#life;
    wire.schedule(wire.now() + drawn.messageMs, () => this.#events.onGone(death)); // after its last message
  }

  /** Its timers never fire, and its sockets are closed by the system. */
  stops(): void {
    if (this.#isStill) return;
    this.#isStill = true;
    this.#clock.die();
    void this.#executor?.close();
  }
}

/** The clock of a worker: its timers die with it. */
class MortalClock implements Clock {
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();
  #isDead = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  schedule(atMs: number, fire: () => void): Timer {
    if (this.#isDead) return { cancel: () => {} };
    const timer = this.#clock.schedule(atMs, () => {
      this.#timers.delete(timer);
      fire();
    });
    this.#timers.add(timer);
    return {
      cancel: () => {
        this.#timers.delete(timer);
        timer.cancel();
      },
    };
  }

  die(): void {
    this.#isDead = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }
}
