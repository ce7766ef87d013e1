// What a child process starts from. It loads nothing that an attempt does not need.
import { describeThrown } from '../engine/handler.ts';
import { endWithParent } from '../platform/orphan-watch.ts';
import { systemClock } from '../platform/system-clock.ts';
import { LoopWatch } from './loop-watch.ts';
import type { FromWorker, OpenMessage, ToWorker } from './protocol.ts';
import { WorkerSide } from './worker-side.ts';

/** The parent may be gone by now; then `disconnect` ends this process, and the words are for nobody. */
function tell(message: FromWorker, onTold: () => void = () => {}): void {
  if (process.connected) process.send?.(message, undefined, undefined, onTold);
  else onTold();
}

function goodbye(): void {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  watch?.stop();
  const [loop] = watch?.loops() ?? [];
  const usage = {
    userMs: userCPUTime / 1000,
    sysMs: systemCPUTime / 1000,
    peakMemoryBytes: maxRSS * 1024,
    ...(loop && { loop: { everyMs: loop.everyMs, busy: loop.busy } }),
  };
  tell({ paceline: 'usage', ...usage }, () => process.exit(0));
}

let watch: LoopWatch | undefined;

function watchOwnLoop({ clockOriginMs, worker }: OpenMessage): void {
  watch = new LoopWatch(systemClock(clockOriginMs).now).watchOwn({ of: 'process', worker });
}

const side = new WorkerSide(tell, goodbye);

// A ^C in a terminal reaches the whole process group. The parent decides what it means.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0)); // no child outlives its parent
process.on('uncaughtExceptionMonitor', thrown =>
  tell({ paceline: 'dying', message: describeThrown(thrown) }),
);
process.on('exit', () => side.postEnds()); // the handler may have called process.exit
process.on('message', (message: ToWorker) => {
  // Our own code always comes back to hear that the parent is gone; a handler may spin.
  if (message?.paceline === 'open' && message.plan.handler) endWithParent();
  if (message?.paceline === 'open' && message.watchesLoop) watchOwnLoop(message);
  side.receive(message);
});
