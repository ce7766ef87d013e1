// The worker processes of the slow API, parent side: started before the first request, replaced when they
// die however they die, and never faster than a bounded rate, lest a broken machine be flooded with starts.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock, Timer } from '../base/clock.ts';
import { PacelineError } from '../base/errors.ts';
import { Gcra } from '../control/gcra.ts';
import { ownFile } from '../platform/own-file.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/** Replacements: this many at once, then one each second. */
const REPLACED_AT_ONCE = 10;
/** How long an idle worker may take to end by itself before it is killed. */
const ENDING_MS_MAX = 1000;

export interface PoolEvents {
  onUp(worker: number): void;
  onServed(worker: number, id: number, startedMs: number, endedMs: number): void;
  /** It died. Told after its last `onServed`; not told while closing. */
  onDown(worker: number): void;
}

interface Seat {
  child: ChildProcess | null;
  ready: boolean;
  restarts: number;
}

export class WorkerPool {
  readonly #seats: Seat[];
  readonly #clock: Clock;
  readonly #events: PoolEvents;
  readonly #replacements = new Gcra({ count: 1, windowMs: 1000 }, { burst: REPLACED_AT_ONCE });
  readonly #timers = new Set<Timer>();
  readonly #exits = new Set<Promise<void>>();
  readonly #started = Promise.withResolvers<void>();
  #startsLeft: number;
  #closing = false;

  constructor(setup: { readonly workers: number; readonly clock: Clock; readonly events: PoolEvents }) {
    this.#clock = setup.clock;
    this.#events = setup.events;
    this.#startsLeft = setup.workers;
    this.#seats = Array.from({ length: setup.workers }, () => ({ child: null, ready: false, restarts: 0 }));
  }

  /**
   * Starts all workers; resolves when every one is ready.
   * @throws ERR_ENV_WORKERS when one ends before it was
   */
  open(): Promise<void> {
    for (let worker = 0; worker < this.#seats.length; worker++) this.#start(worker);
    return this.#started.promise;
  }

  serve(worker: number, message: ToWorker): void {
    // A channel that breaks here ends in the exit of the worker, which is told of on its own.
    this.#seats[worker]?.child?.send(message, () => {});
  }

  /** The process id, or null while there is no process. */
  pid(worker: number): number | null {
    return this.#seats[worker]?.child?.pid ?? null;
  }

  restarts(worker: number): number {
    return this.#seats[worker]?.restarts ?? 0;
  }

  /** Ends all workers and resolves when they are gone. Those for which `isBusy` holds are killed at once. */
  async close(isBusy: (worker: number) => boolean): Promise<void> {
    this.#closing = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    for (const [worker, { child }] of this.#seats.entries()) {
      if (!child) continue;
      if (isBusy(worker) || !child.connected) child.kill('SIGKILL');
      else child.disconnect();
    }
    const force = this.#clock.schedule(this.#clock.now() + ENDING_MS_MAX, () => {
      for (const { child } of this.#seats) child?.kill('SIGKILL');
    });
    await Promise.all(this.#exits);
    force.cancel();
  }

  #start(worker: number): void {
    const seat = this.#seats[worker] as Seat;
    // What a worker prints is talk, so its standard output goes where ours says things to people.
    const child = fork(fileURLToPath(ownFile('slow-server/worker-entry.ts')), [], {
      execArgv: [],
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    seat.child = child;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#exits.add(promise);
    const onGone = (): void => {
      if (seat.child !== child) return;
      seat.child = null;
      this.#exits.delete(promise);
      resolve();
      this.#onGone(worker, seat);
    };
    child.on('message', (message: FromWorker) => this.#onMessage(worker, seat, message));
    // What it said last may be read after its exit: it is gone when its channel is empty, too.
    child.on('exit', () => !child.connected && onGone());
    child.on('disconnect', () => {
      if (child.exitCode !== null || child.signalCode !== null) onGone();
      else if (!this.#closing) child.kill('SIGKILL'); // it can be told nothing any more
    });
    child.on('error', () => child.pid === undefined && onGone());
  }

  #onMessage(worker: number, seat: Seat, message: FromWorker): void {
    if (message.type === 'served') {
      this.#events.onServed(worker, message.id, message.startedMs, message.endedMs);
      return;
    }
    seat.ready = true;
    if (this.#closing) return;
    this.#events.onUp(worker);
    if (--this.#startsLeft === 0) this.#started.resolve();
  }

  #onGone(worker: number, seat: Seat): void {
    const wasReady = seat.ready;
    seat.ready = false;
    if (this.#closing) return;
    if (this.#startsLeft > 0) {
      this.#started.reject(
        new PacelineError(
          'ERR_ENV_WORKERS',
          `Worker process ${worker + 1} of the slow API ended before it was ready. ` +
            'Is there room for more processes and memory? Try fewer: --workers 1.',
        ),
      );
      return;
    }
    if (wasReady) this.#events.onDown(worker);
    seat.restarts++;
    const timer = this.#clock.schedule(this.#replacements.reserve(this.#clock.now()), () => {
      this.#timers.delete(timer);
      this.#start(worker);
    });
    this.#timers.add(timer);
  }
}
