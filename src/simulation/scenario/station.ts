// Where requests are served. Two kinds: workers with a line before them, first come first served, and workers that
// share themselves among all that are there.
import type { Clock } from '../../base/clock.ts';
import { FifoStation } from './fifo-station.ts';
import type { QueueWatch } from './queue-watch.ts';
import { type ScenarioServer, workersAt } from './scenario.ts';
import { SharedStation } from './shared-station.ts';

/** What is to be done for one request, ours or a competitor's. */
export interface Job {
  /** Time of one worker. */
  readonly workMs: number;
  onDone(): void;
}

export interface Station {
  /** @returns false where there is no place for it */
  offer(job: Job): boolean;
  /** From now on so many workers. */
  setWorkers(workers: number): void;
}

export interface StationParts {
  readonly clock: Clock;
  readonly watch: QueueWatch;
  readonly workers: number;
  /** Places in line. */
  readonly queue: number;
  /** Everything takes so many times as long now. */
  slowness(): number;
}

export function openStation(clock: Clock, server: ScenarioServer, watch: QueueWatch): Station {
  const { warmUp, workers: steps, queue } = server;
  const parts: StationParts = {
    clock,
    watch,
    queue,
    workers: workersAt(steps, 0),
    slowness: () => (warmUp ? 1 + (warmUp.factor - 1) * Math.exp(-clock.now() / warmUp.tauMs) : 1),
  };
  const station = server.mode === 'ps' ? new SharedStation(parts) : new FifoStation(parts);
  for (const { atMs, workers } of steps)
    if (atMs > 0) clock.schedule(atMs, () => station.setWorkers(workers));
  return station;
}
