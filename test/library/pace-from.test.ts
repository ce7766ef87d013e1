// `paceFrom` of the library: a run with `concurrency: 'auto'` begins with what an earlier one found.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FetchAllOptions, fetchAll, type PaceStart } from '../../src/index.ts';
import { openSlowServer } from '../../src/slow-server/server.ts';

const SIX = { mode: 'in flight', limit: 7, capacity: 6 } as const;

/** How many of the first requests were on the wire before any was answered. */
async function sentAtOnce(options: (origin: string) => FetchAllOptions): Promise<number> {
  const server = await openSlowServer({ workers: 6, port: 0, serviceTime: { kind: 'constant', ms: 100 } });
  const origin = `http://127.0.0.1:${server.port}`;
  try {
    const starts: number[] = [];
    let firstEndMs = Number.POSITIVE_INFINITY;
    for await (const { tries } of fetchAll(Array(14).fill(`${origin}/`), options(origin))) {
      for (const { startedMs, endedMs } of tries) {
        starts.push(startedMs);
        firstEndMs = Math.min(firstEndMs, endedMs);
      }
    }
    return starts.filter(startedMs => startedMs < firstEndMs).length;
  } finally {
    await server.destroy();
  }
}

test('as many start at once as suit what was found, and four where that is of another origin', async () => {
  const concurrency = 'auto';
  assert.equal(await sentAtOnce(origin => ({ concurrency, paceFrom: [{ origin, ...SIX }] })), 7);
  const bounded = await sentAtOnce(origin => ({
    ...{ concurrency, concurrencyMax: 5 },
    paceFrom: [{ origin, ...SIX }],
  }));
  assert.equal(bounded, 5);
  const elsewhere = [{ origin: 'http://elsewhere.invalid', ...SIX }];
  assert.equal(await sentAtOnce(() => ({ concurrency, paceFrom: elsewhere })), 4);
  assert.equal(await sentAtOnce(() => ({ concurrency, paceFrom: [] })), 4);
});

test('what cannot be a finding is refused by name before anything is sent, and so is one beside a number', async () => {
  const refused = async (options: FetchAllOptions): Promise<{ code: string; message: string }> => {
    try {
      await fetchAll(['http://127.0.0.1:1/'], options).next();
    } catch (error) {
      return error as { code: string; message: string };
    }
    throw new Error('It was taken.');
  };
  const origin = 'http://127.0.0.1:1';
  for (const [wrong, name] of [
    [{ limit: Number.NaN }, 'paceFrom[1].limit'],
    [{ limit: -3 }, 'paceFrom[1].limit'],
    [{ limit: Number.POSITIVE_INFINITY }, 'paceFrom[1].limit'],
    [{ capacity: 0 }, 'paceFrom[1].capacity'],
    [{ ratePerSecond: '9' }, 'paceFrom[1].ratePerSecond'],
    [{ quota: Number.NaN }, 'paceFrom[1].quota'],
    [{ origin: 7 }, 'paceFrom[1].origin'],
    [{ mode: undefined }, 'paceFrom[1].mode'],
  ] as const) {
    const paceFrom = [{ origin, ...SIX }, { origin, ...SIX, ...wrong } as unknown as PaceStart];
    const { code, message } = await refused({ concurrency: 'auto', paceFrom });
    assert.deepEqual([code, message.includes(name)], ['ERR_OPTION_INVALID', true], message);
  }
  for (const paceFrom of [7, [null], 'all'] as unknown as PaceStart[][])
    assert.equal((await refused({ concurrency: 'auto', paceFrom })).code, 'ERR_OPTION_INVALID');
  for (const concurrency of [{ concurrency: 5 }, {}]) {
    const { code, message } = await refused({ ...concurrency, paceFrom: [{ origin, ...SIX }] });
    assert.deepEqual([code, message.includes("concurrency: 'auto'")], ['ERR_OPTION_CONFLICT', true]);
  }
});
