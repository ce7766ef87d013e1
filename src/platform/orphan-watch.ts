// Ends this process when its parent is gone, even while its own thread spins in somebody's code and hears
// nothing. A small thread looks who the parent is; the operating system gives an orphan a new one.
import { Worker } from 'node:worker_threads';

/** How long an orphan may live at most, but for the scheduler's delays. */
export const ORPHAN_MS_MAX = 500;

const WATCH = `
  const parent = require('node:worker_threads').workerData;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, ${ORPHAN_MS_MAX});
`;

/** Costs a thread (about 15 ms and 4 MB); a process that runs nothing but our own code does not need it. */
export function endWithParent(): void {
  new Worker(WATCH, { eval: true, workerData: process.ppid, execArgv: [] }).unref();
}
