// What the pool needs of a worker, whether it is a thread or a process: say something, hear something,
// end it, learn how it ended.
import type { Clock } from '../base/clock.ts';
import type { LoopReading } from '../platform/event-loop.ts';
import type { FromWorker, OpenMessage, ToWorker } from './protocol.ts';

export interface ChannelEvents {
  onMessage(message: FromWorker): void;
  /** The worker is gone, however that came about; told once, after its last message. */
  onGone(death: string): void;
}

export interface WorkerChannel {
  /** Never throws; what is said to a worker that is gone is lost. */
  post(message: ToWorker): void;
  /** Ends the worker at once, even one that spins; `onGone` follows. */
  terminate(): void;
  /** Whether the worker keeps this process alive. It does, to begin with. */
  keepAlive(alive: boolean): void;
  /** How busy its event loop is; left out where only the worker itself can tell. */
  readLoop?(): LoopReading;
}

/**
 * Starts a worker.
 * @throws whatever Node throws when the machine cannot start one
 */
export type OpenChannel = (open: OpenMessage, events: ChannelEvents) => WorkerChannel;

export interface ChannelOptions {
  readonly clock: Clock;
  /** Largest heap of JavaScript objects of one worker, in MiB; undefined for Node's own bound. */
  readonly heapMibMax: number | undefined;
  /** What a worker prints; never part of the protocol. */
  readonly onOutput: (chunk: Uint8Array) => void;
}

/** Somebody else's words, so that more can be said after them. */
export function sentence(words: string): string {
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}
