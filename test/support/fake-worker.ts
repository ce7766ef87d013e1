// A worker that does only as it is told, in the place of a thread or a process.
import { packEnd } from '../../src/executors/crossing.ts';
import type { OpenMessage, ToWorker } from '../../src/executors/protocol.ts';
import type { ChannelEvents, WorkerChannel } from '../../src/executors/worker-channel.ts';

/** How many places an attempt has in a message of starts; the lane is the first. */
const START_PLACES = 7;

export class FakeWorker implements WorkerChannel {
  readonly open: OpenMessage;
  readonly events: ChannelEvents;
  readonly heard: ToWorker[] = [];
  alive = true;
  terminated = false;
  /** A worker that cannot be ended. */
  stubborn = false;

  constructor(open: OpenMessage, events: ChannelEvents) {
    this.open = open;
    this.events = events;
  }

  post(message: ToWorker): void {
    this.heard.push(message);
  }

  terminate(): void {
    this.terminated = true;
    if (!this.stubborn) queueMicrotask(() => this.die('It was ended.'));
  }

  keepAlive(alive: boolean): void {
    this.alive = alive;
  }

  ready(): void {
    this.events.onMessage({ paceline: 'ready' });
  }

  die(death: string): void {
    this.events.onGone(death);
  }

  /** Lanes of the attempts that were handed over, message by message. */
  get starts(): number[][] {
    return this.heard.flatMap(message => {
      if (message.paceline !== 'work') return [];
      return [message.starts.filter((_, place) => place % START_PLACES === 0) as number[]];
    });
  }

  end(...lanes: number[]): void {
    const ends: unknown[] = [];
    for (const lane of lanes) {
      packEnd(ends, { lane, outcome: 'ok', status: 200, startedMs: 0, endedMs: 1, phasesMs: {}, bytes: 0 });
    }
    this.events.onMessage({ paceline: 'ends', ends });
  }
}
