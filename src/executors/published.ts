// Attempts as events on Node's diagnostics channels, for whoever watches a program from inside it: a tracer, a
// debugger, a test. Nobody has subscribed when a run opens: nothing stands between its engine and its executor.
import { channel } from 'node:diagnostics_channel';
import type { Executor, OnAttemptEnd } from '../engine/ports.ts';
import type { Attempt } from '../model/attempt.ts';

type OpenExecutor<R> = (onAttemptEnd: OnAttemptEnd) => Executor<R>;

/** `{ attempt }` when the gate has admitted it, and `{ attempt, end }` when it is over; instants on the run's clock. */
const started = channel('paceline:attempt:start');
const ended = channel('paceline:attempt:end');

export function published<R>(openExecutor: OpenExecutor<R>): OpenExecutor<R> {
  if (!started.hasSubscribers && !ended.hasSubscribers) return openExecutor;
  return onAttemptEnd => {
    const byLane: Attempt<R>[] = [];
    const executor = openExecutor(end => {
      ended.publish({ attempt: byLane[end.lane], end });
      onAttemptEnd(end);
    });
    return {
      start(attempt) {
        byLane[attempt.lane] = attempt;
        started.publish({ attempt });
        executor.start(attempt);
      },
      flush: () => executor.flush(),
      cancel: (lane, cause) => executor.cancel(lane, cause),
      close: () => executor.close(),
      ...(executor.usage && { usage: executor.usage.bind(executor) }),
    };
  };
}
