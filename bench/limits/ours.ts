// paceline as a program would use it, from its source.

import { VERSION } from '../../src/base/version.ts';
import { type FetchAllOptions, fetchAll } from '../../src/index.ts';
import type { Contestant, Ended, Limits } from './contestant.ts';

export function ours(options: Pick<FetchAllOptions, 'strategy' | 'workers'>): Contestant {
  const { strategy = 'semaphore' } = options;
  return {
    name: strategy === 'semaphore' ? `paceline ${VERSION}` : `paceline, ${strategy}`,
    abilities: ['limit', 'timeout', 'rate', 'retries', 'http'],
    async send(requests, { limit, timeoutMs, rate, retries = 0, onStart }: Limits) {
      const ended: Ended[] = [];
      const run = fetchAll(requests, {
        ...options,
        concurrency: limit,
        retries,
        rate: rate ?? null,
        ...(timeoutMs !== undefined && { headersTimeoutMs: timeoutMs }),
      });
      for await (const { url, ok, body, outcome, error, tries } of run) {
        for (const { startedMs } of tries) onStart?.(url, startedMs);
        ended.push({
          url,
          ok,
          bytes: body.length,
          why: `${outcome} ${error?.code ?? ''}`.trim(),
          atMs: performance.now(),
        });
      }
      return ended;
    },
  };
}
