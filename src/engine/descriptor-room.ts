// Fits a run into the file descriptors that its process may hold. Each attempt in flight needs one for its
// socket, each worker some for itself, and a process that has none left cannot even load its own code.
//
//   allowed = open already + reserve + workers × their own + sockets
//
// Child processes may hold as many again, each for itself: there the sockets are theirs.
import { PacelineError } from '../base/errors.ts';
import type { RunPlan } from './plan.ts';
import { STRATEGIES } from './strategies.ts';

export interface DescriptorCount {
  readonly allowed: number;
  readonly open: number;
}

/** A run that got less than it asked for. */
export interface HeldBack extends DescriptorCount {
  readonly asked: RunSize;
  readonly given: RunSize;
}

export interface RunSize {
  /** Attempts in flight at most. */
  readonly limit: number;
  readonly workers: number;
}

/** For the record, inputs, names being looked up, code that is loaded late, a child that is being started. */
const RESERVE = 10;
/** A thread's event loop, and a file that it reads. */
const OF_A_THREAD = 6;
/** The pipes to a child process. */
const OF_A_CHILD = 4;
/** What Node itself holds in a child, and a reserve as here. */
const IN_A_CHILD = 36;

/**
 * The plan that fits; it all does where nothing is known. A plan without a limit keeps it in name, because its
 * run may never come to that: what may be in flight at most is `heldBack.given.limit`.
 * @throws ERR_ENV_DESCRIPTORS when not even one attempt fits
 */
export function fitInto(
  count: DescriptorCount | null,
  asked: RunPlan,
): { readonly plan: RunPlan; readonly heldBack: HeldBack | null } {
  if (count === null) return { plan: asked, heldBack: null };
  const given = sizeIn(count, asked);
  if (given.limit < 1) {
    const { allowed, open } = count;
    throw new PacelineError(
      'ERR_ENV_DESCRIPTORS',
      `This process may hold ${allowed} file descriptors and holds ${open}: too few for even one request with ` +
        `strategy ${asked.strategy}. Allow more before you start it: ulimit -n 1024`,
    );
  }
  if (given.limit === asked.limit && given.workers === asked.workers) return { plan: asked, heldBack: null };
  const limit = Number.isFinite(asked.limit) ? given.limit : asked.limit;
  return { plan: { ...asked, limit, workers: given.workers }, heldBack: { ...count, asked, given } };
}

function sizeIn({ allowed, open }: DescriptorCount, { strategy, limit, workers }: RunPlan): RunSize {
  const room = allowed - open - RESERVE;
  const { place } = STRATEGIES[strategy];
  if (place === 'this thread') return { limit: Math.min(limit, room), workers };
  if (place === 'worker threads') {
    // The threads get what the sockets leave, or half of the room, or little were left for what they are to do.
    const forThreads = Math.max(room - limit, room / 2);
    const threads = Math.min(workers, Math.max(1, Math.floor(forThreads / OF_A_THREAD)));
    const sockets = Math.min(limit, room - threads * OF_A_THREAD);
    return { limit: sockets, workers: Math.min(threads, sockets) };
  }
  const children = Math.max(0, Math.min(workers, Math.floor(room / OF_A_CHILD)));
  const sockets = Math.min(limit, children * Math.max(0, allowed - IN_A_CHILD));
  return { limit: sockets, workers: Math.min(children, sockets) };
}
