// Event loops as a summary tells of them: this thread's, almost idle, and workers that are busier the later they come.
import type { EventLoop, Summary } from '../../src/model/record.ts';

const EVERY_MS = 20;

/** @param workers how many threads, beside the main one */
export function loopsOf(workers: number, wallMs = 3000): EventLoop[] {
  const columns = Math.ceil(wallMs / EVERY_MS);
  const main: EventLoop = {
    ...{ of: 'main', everyMs: EVERY_MS },
    busy: Array.from({ length: columns }, (_, column) => (column === 0 ? 1 : 0.03)),
  };
  const threads = Array.from({ length: workers }, (_, worker): EventLoop => {
    const share = (worker + 1) / (workers + 1);
    return {
      ...{ of: 'thread', worker, everyMs: EVERY_MS },
      // Nothing is known of the first three columns; busy in the second half of its time.
      busy: Array.from({ length: columns }, (_, column) =>
        column < 3 ? null : column * 2 < columns ? 0 : share,
      ),
    };
  });
  return [main, ...threads];
}

export function summaryWith(eventLoops: readonly EventLoop[]): Summary {
  return { ended: 'complete', eventLoops } as Summary;
}
