import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { describe, test } from 'node:test';
import { monotonicMs } from '../../src/platform/system-clock.ts';
import type { SlowServerOptions } from '../../src/slow-server/options.ts';
import { openSlowServer, type SlowServer } from '../../src/slow-server/server.ts';
import { type Answer, ask, askSeen, timesOf, until } from '../support/slow-server-client.ts';

const AT_ONCE = { kind: 'constant', ms: 0 } as const;
const A_MINUTE = { kind: 'constant', ms: 60_000 } as const;

/** Runs the body against a server of its own, and leaves nothing behind. */
async function withServer(
  options: SlowServerOptions,
  body: (server: SlowServer) => Promise<void>,
): Promise<void> {
  const server = await openSlowServer(options);
  try {
    await body(server);
  } finally {
    await server.destroy();
  }
}

describe('service', () => {
  test('nine requests on three workers: three rounds, first come first served', async () => {
    await withServer({ serviceTime: { kind: 'constant', ms: 30 } }, async server => {
      const asked = [];
      const sentMs = monotonicMs();
      for (let i = 0; i < 9; i++) asked.push(await askSeen(server));
      const answers = await Promise.all(asked.map(one => one.answer));
      const endMs = monotonicMs();
      const times = answers.map(timesOf);
      const byWorker = Map.groupBy(times, one => one.worker);
      for (const [worker, own] of byWorker) {
        for (const [i, one] of own.entries())
          assert.ok(
            i === 0 || one.startedMs >= (own[i - 1]?.endedMs ?? 0) - 0.01,
            `worker ${worker} did two at once`,
          );
      }
      for (const [i, one] of times.entries()) {
        assert.equal(one.workers, '3');
        assert.ok(one.endedMs - one.startedMs >= 29.99, 'a service is never shorter than told');
        assert.ok(
          one.arrivedMs >= sentMs - 0.1 && one.endedMs <= endMs + 0.1,
          'on the clock of this process too',
        );
        // First come, first served: whoever is not among the two others in service has been through. (A later
        // one may end before this one begins, when this one's worker process is slow to wake up.)
        const ended = times.filter(other => other.endedMs <= one.startedMs + 0.01);
        assert.ok(ended.length >= i - 2, `request ${i} began when only ${ended.length} were through`);
      }
      const { inFlight, queue, seen, served, workers } = server.statistics();
      assert.deepEqual([seen, served], [9, 9]);
      assert.ok(inFlight.max <= 3 && queue.max <= 6);
      assert.equal(
        workers.reduce((sum, worker) => sum + worker.served, 0),
        9,
      );
    });
  });

  test('async workers hold as many as come', async () => {
    await withServer({ workers: 2, workerClass: 'async', serviceTime: A_MINUTE }, async server => {
      for (let i = 0; i < 7; i++) await askSeen(server);
      const { inFlight, queue } = server.statistics();
      assert.deepEqual([inFlight.now, queue.max], [7, 0]);
      assert.equal((await ask(server, '/?delay=0s').answer).status, 200);
    });
  });

  test('burns in one process take turns, where sleeps would overlap', async () => {
    const burn = { burnCpu: true, serviceTime: { kind: 'constant', ms: 20 } } as const;
    await withServer({ workers: 1, workerClass: 'async', ...burn }, async server => {
      const answers = await Promise.all([ask(server).answer, ask(server).answer]);
      const [first, second] = answers.map(timesOf).sort((a, b) => a.startedMs - b.startedMs);
      assert.ok(first && second && second.startedMs >= first.endedMs - 0.01);
      assert.ok(first.endedMs - first.startedMs >= 5, 'a burn takes its time');
    });
  });
});

describe('refusals', () => {
  test('a full backlog answers 503; what waits keeps its place', async () => {
    await withServer({ workers: 1, backlog: 1, serviceTime: A_MINUTE }, async server => {
      await askSeen(server);
      await askSeen(server);
      const { status, body } = await ask(server).answer;
      assert.deepEqual([status, body], [503, 'The backlog of 1 is full.\n']);
      const { seen, refused, inFlight, queue } = server.statistics();
      assert.deepEqual([seen, refused, inFlight.now, queue.now], [3, 1, 1, 1]);
    });
  });

  test('above the rate: 429 with Retry-After in whole seconds', async () => {
    await withServer(
      { workers: 1, serviceTime: AT_ONCE, rateLimit: { count: 2, windowMs: 7_200_000 } },
      async server => {
        const statuses: number[] = [];
        let last: Answer | undefined;
        for (let i = 0; i < 3; i++) {
          last = await ask(server).answer;
          statuses.push(last.status);
        }
        assert.deepEqual(statuses, [200, 200, 429]);
        const seconds = Number(last?.headers['retry-after']);
        assert.ok(Number.isInteger(seconds) && seconds >= 3500 && seconds <= 3600, String(seconds));
      },
    );
  });
});

describe('trouble', () => {
  test('killed in the middle, a worker leaves a 502 behind, and the line goes on with the next one', async () => {
    await withServer({ workers: 1, serviceTime: A_MINUTE }, async server => {
      const first = await askSeen(server);
      const second = await askSeen(server, '/?delay=0s');
      const pid = server.statistics().workers[0]?.pid as number;
      process.kill(pid, 'SIGKILL');
      const lost = await first.answer;
      assert.deepEqual([lost.status, lost.body], [502, 'Worker 1 died while it served this request.\n']);
      assert.equal((await second.answer).status, 200);
      const { failed, served, workers } = server.statistics();
      assert.deepEqual([failed, served, workers[0]?.restarts], [1, 1, 1]);
      assert.notEqual(workers[0]?.pid, pid);
    });
  });

  test('a client that leaves the queue leaves its place; one in service keeps the worker busy', async () => {
    await withServer({ workers: 1, serviceTime: A_MINUTE }, async server => {
      const served = await askSeen(server);
      const queued = await askSeen(server);
      const posted = await askSeen(server, '/', { method: 'POST', body: 'x'.repeat(10_000) });
      queued.request.destroy();
      posted.request.destroy();
      await until(() => server.statistics().queue.now === 0);
      assert.equal(server.statistics().gone, 2);
      served.request.destroy();
      await served.answer;
      assert.equal(server.statistics().inFlight.now, 1);
      assert.equal(server.statistics().workers[0]?.busy, true);
    });
  });

  test('/_stats does not queue and is not counted', async () => {
    await withServer({ workers: 1, serviceTime: A_MINUTE }, async server => {
      await askSeen(server);
      await askSeen(server);
      const { headers, body } = await ask(server, '/_stats?fresh').answer;
      assert.equal(headers['content-type'], 'application/json');
      assert.deepEqual(JSON.parse(body), {
        seen: 2,
        served: 0,
        refused: 0,
        gone: 0,
        failed: 0,
        inFlight: { now: 1, max: 1 },
        queue: { now: 1, max: 1 },
        workers: [{ id: 1, pid: server.statistics().workers[0]?.pid, served: 0, busy: true, restarts: 0 }],
      });
    });
  });

  test('a port in use says so, and what to do', async () => {
    await withServer({ workers: 1 }, async server => {
      await assert.rejects(openSlowServer({ port: server.port }), {
        code: 'ERR_ENV_PORT',
        message: `Port ${server.port} of 127.0.0.1 is in use. Give another, or --port 0 to have a free one picked.`,
      });
    });
  });

  test('an address that is not ours says so', async () => {
    await assert.rejects(openSlowServer({ host: '192.0.2.1', workers: 1 }), {
      code: 'ERR_ENV_PORT',
      message: /192\.0\.2\.1 is no address of this machine/,
    });
  });
});

describe('the end', () => {
  function isAlive(pid: number | null | undefined): boolean {
    try {
      return process.kill(pid as number, 0);
    } catch {
      return false;
    }
  }

  test('W15: a drain answers what is here, ends idle connections, and leaves no process', async () => {
    const server = await openSlowServer({ workers: 1, serviceTime: { kind: 'constant', ms: 30 } });
    const pid = server.statistics().workers[0]?.pid;
    const agent = new Agent({ keepAlive: true });
    await ask(server, '/?delay=0s', { agent }).answer; // leaves an idle connection
    const asked = [
      await askSeen(server, '/?size=2MB', { agent: new Agent({ keepAlive: true }) }),
      await askSeen(server, '/?drip=1kB/s', { agent: new Agent({ keepAlive: true }) }),
    ];
    const idleEnds = new Promise<void>(resolve => {
      for (const socket of Object.values(agent.freeSockets).flat()) socket?.once('close', resolve);
    });
    const closed = server.close();
    const answers = await Promise.all(asked.map(one => one.answer));
    assert.deepEqual(
      answers.map(one => [one.status, one.body.length, one.ending]),
      [
        [200, 2_000_000, 'ok'],
        [200, 22, 'ok'],
      ],
    );
    await Promise.all([closed, idleEnds]); // resolves only when every connection is gone, kept alive or not
    assert.equal((await ask(server).answer).ending, 'ECONNREFUSED');
    assert.equal(isAlive(pid), false);
    await server.close();
    agent.destroy();
  });

  test('destroy leaves nothing, whatever was going on', async () => {
    const server = await openSlowServer({ workers: 2, serviceTime: A_MINUTE });
    const pids = server.statistics().workers.map(worker => worker.pid);
    const asked = [await askSeen(server), await askSeen(server), await askSeen(server)];
    await server.destroy();
    for (const { answer } of asked) assert.equal((await answer).ending, 'ECONNRESET');
    assert.deepEqual(pids.map(isAlive), [false, false]);
  });
});
