// The whole conversation between the parent and a worker thread or child process. Only data crosses, and
// every message of ours carries its name under `paceline`: what a user's handler posts on the same channel
// has none and is ignored. Starts and ends cross many to a message, as flat lists (crossing.ts).
import type { Shares } from '../base/busy-shares.ts';
import type { ErrorCode } from '../base/errors.ts';
import type { EarlyEnd } from '../engine/ports.ts';
import type { AttemptPlan } from '../model/plan.ts';

/** The first thing a worker is given. */
export interface OpenMessage {
  readonly paceline: 'open';
  readonly plan: AttemptPlan;
  /** The machine's monotonic clock at the run's zero. */
  readonly clockOriginMs: number;
  /** Number of the worker, from 0; its replacement has the same. */
  readonly worker: number;
  /** A process is to tell how busy its event loop was. */
  readonly watchesLoop?: true;
}

/** An attempt to end early. Its place in the input and its number tell it from a later one on the lane. */
export interface Cancel {
  readonly lane: number;
  readonly index: number;
  readonly number: number;
  readonly cause: EarlyEnd;
}

export type ToWorker =
  | OpenMessage
  /** Attempts to start, then attempts to end early. */
  | { readonly paceline: 'work'; readonly starts: readonly unknown[]; readonly cancels: readonly Cancel[] }
  /** Are you there? Sent to a worker that has been silent for long; it answers `pong`. */
  | { readonly paceline: 'ping' }
  /** End what is in flight, say what you used, go. */
  | { readonly paceline: 'close' };

/** What a child process cost, told as its last words. */
export interface UsageMessage {
  readonly paceline: 'usage';
  readonly userMs: number;
  readonly sysMs: number;
  readonly peakMemoryBytes: number;
  /** How busy its event loop was, from the run's zero on. */
  readonly loop?: Shares;
}

export type FromWorker =
  /** It can run attempts. */
  | { readonly paceline: 'ready' }
  | { readonly paceline: 'ends'; readonly ends: readonly unknown[] }
  | { readonly paceline: 'pong' }
  /** It cannot run attempts, and why: the handler cannot be loaded. */
  | { readonly paceline: 'refused'; readonly code: ErrorCode; readonly message: string }
  /** Something was thrown that nobody caught; its exit follows. */
  | { readonly paceline: 'dying'; readonly message: string }
  | UsageMessage;

/** Whether a message is of this conversation. */
export function isOurs(message: unknown): message is { readonly paceline: unknown } {
  return message !== null && typeof message === 'object' && 'paceline' in message;
}
