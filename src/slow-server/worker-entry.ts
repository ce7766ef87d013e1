// One worker process of the slow API: sleeps, or burns CPU, for as long as it is told, and says when it
// began and ended. What it is given at once is the front's business; it serves whatever comes.
import { cpuUsedMs } from '../platform/cpu-time.ts';
import { systemClock } from '../platform/system-clock.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/** The machine's monotonic clock, as the front's. */
const clock = systemClock(0);

// A ^C in a terminal reaches the whole process group. The front drains, so its workers work on; they end
// when the channel to the front does, which also covers a front that was killed.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));

process.on('message', (message: ToWorker) => {
  const startedMs = clock.now();
  const finish = (): void => tell({ type: 'served', id: message.id, startedMs, endedMs: clock.now() });
  if (message.serviceMs <= 0) finish();
  else if (message.burn) {
    burnCpu(message.serviceMs);
    finish();
  } else clock.schedule(startedMs + message.serviceMs, finish);
});

tell({ type: 'ready' });

/** Keeps this process's CPU busy until it has used that much of it; the wall may show more on a full machine. */
function burnCpu(ms: number): void {
  const untilMs = cpuUsedMs() + ms;
  let heat = 1;
  while (cpuUsedMs() < untilMs) for (let i = 0; i < 1000; i++) heat = Math.sqrt(heat + i);
}

/** The front may be gone by now; then `disconnect` ends this process, and the words are for nobody. */
function tell(message: FromWorker): void {
  process.send?.(message, undefined, undefined, () => {});
}
