// What every executor must do, wherever it runs attempts. Each implementation calls this with its opener.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { AttemptEnd } from '../../src/model/attempt.ts';
import {
  ALL_BYTES,
  type DeterministicServer,
  startDeterministicServer,
} from '../support/deterministic-server.ts';
import { CAUSE, type DrivenExecutor, type PlanOptions } from '../support/driven-executor.ts';
import { fixture } from '../support/open-pool.ts';

export type OpenDriven = (plan?: PlanOptions) => Promise<DrivenExecutor>;

const HANDLER = fixture('handler-by-path');

const hashOf = (bytes: Uint8Array | string | undefined): string | undefined =>
  bytes === undefined ? undefined : createHash('sha256').update(bytes).digest('hex');

/** Path, outcome, status, and the error's code or the body's hash. */
const SAME_EVERYWHERE = [
  ['/a', 'ok', 200, hashOf('this is /a')],
  ['/404', 'http_error', 404, hashOf('no such thing')],
  ['/500', 'http_error', 500, hashOf('broken')],
  ['/empty', 'ok', 204, hashOf('')],
  ['/bytes', 'ok', 200, hashOf(ALL_BYTES)],
  ['/gzip', 'ok', 200, hashOf('unpacked')],
  ['/half-gzip', 'protocol_error', 200, 'TRUNCATED_ENCODING'],
  ['/reset', 'network_error', null, 'CONNECTION_CLOSED'],
  ['/half', 'protocol_error', 200, 'TRUNCATED'],
  ['/b?c=d', 'ok', 200, hashOf('this is /b?c=d')],
] as const;

const text = (end: AttemptEnd): string => Buffer.from(end.body ?? []).toString();

interface Clause {
  readonly says: string;
  /** Clauses without a plan of their own share one executor. */
  readonly plan?: PlanOptions;
  holds(driven: DrivenExecutor, server: DeterministicServer): Promise<void>;
}

const CLAUSES: readonly Clause[] = [
  {
    says: 'each attempt ends once, on its own lane, many on many lanes',
    async holds(driven, server) {
      const lanes = Array.from({ length: 16 }, async (_, lane) => {
        for (let turn = 0; turn < 10; turn++) {
          const path = `/${lane}-${turn}`;
          const end = await driven.run(lane, server.origin + path);
          assert.equal(end.lane, lane);
          assert.deepEqual([end.outcome, end.status, text(end)], ['ok', 200, `this is ${path}`]);
          assert.ok(end.endedMs >= end.startedMs, 'ends after it starts');
          assert.ok(end.endedMs <= driven.clock.now(), 'on the same clock as the parent');
        }
      });
      await Promise.all(lanes);
    },
  },
  {
    says: 'I57: outcomes, statuses and bodies are those of every executor',
    async holds(driven, server) {
      const ends = await Promise.all(
        SAME_EVERYWHERE.map(([path], lane) => driven.run(lane, server.origin + path)),
      );
      const seen = ends.map(({ outcome, status, error, body }, place) => {
        return [SAME_EVERYWHERE[place]?.[0], outcome, status, error?.code ?? hashOf(body)];
      });
      assert.deepEqual(seen, SAME_EVERYWHERE);
    },
  },
  {
    says: 'bytes of bodies arrive exact, both ways',
    async holds(driven, server) {
      const down = await driven.run(0, `${server.origin}/bytes`);
      assert.deepEqual(Buffer.from(down.body ?? []), Buffer.from(ALL_BYTES));
      const part = ALL_BYTES.subarray(100, 70_000); // a view on part of a buffer
      const up = await driven.run(1, `${server.origin}/echo`, { method: 'POST', body: part });
      assert.deepEqual(Buffer.from(up.body ?? []), Buffer.from(part));
      const words = await driven.run(2, `${server.origin}/echo`, { method: 'POST', body: 'größe', id: 'x' });
      assert.equal(text(words), 'größe');
    },
  },
  {
    says: 'headers come back when they are to',
    plan: { keepHeaders: true },
    async holds(driven, server) {
      const end = await driven.run(0, `${server.origin}/404`);
      assert.equal(end.headers?.['x-kind'], 'deterministic');
    },
  },
  {
    says: 'a redirect says where to when that is to be known, and is nothing for the handler',
    plan: { keepLocation: true, handler: HANDLER },
    async holds(driven, server) {
      const moved = await driven.run(0, `${server.origin}/moved?do=throw`);
      assert.deepEqual([moved.outcome, moved.status, moved.location], ['ok', 302, '/a?from=moved']);
      assert.equal((await driven.run(0, `${server.origin}/a?do=value`)).location, undefined);
    },
  },
  {
    says: 'a redirect is a response like any other when nobody follows it',
    async holds(driven, server) {
      const moved = await driven.run(0, `${server.origin}/moved`);
      assert.deepEqual([moved.status, text(moved), 'location' in moved], [302, 'moved', false]);
    },
  },
  {
    says: 'cancelled in flight, the end tells the cause; the lane works on',
    async holds(driven, server) {
      const end = driven.run(0, `${server.origin}/silent?1`);
      const other = driven.run(1, `${server.origin}/silent?2`);
      await Promise.all([server.received('/silent?1'), server.received('/silent?2')]);
      driven.cancel(0);
      driven.cancel(0, { outcome: 'timeout', error: { code: 'LATER', message: 'The first cause counts.' } });
      const { outcome, error, status } = await end;
      assert.deepEqual({ outcome, error, status }, { ...CAUSE, status: null });
      assert.equal((await driven.run(0, `${server.origin}/again`)).outcome, 'ok');
      driven.cancel(1);
      assert.equal((await other).error?.code, 'TEST');
    },
  },
  {
    says: 'cancelled in the turn of its start, it ends once with the cause',
    async holds(driven, server) {
      const end = driven.start(0, `${server.origin}/silent`);
      driven.executor.cancel(0, CAUSE);
      driven.executor.flush();
      assert.deepEqual((await end).error, CAUSE.error);
    },
  },
  {
    says: 'a lane that is free is left alone by a cancel',
    async holds(driven, server) {
      driven.cancel(0);
      assert.equal((await driven.run(0, `${server.origin}/x`)).outcome, 'ok');
      driven.cancel(0);
      driven.cancel(7);
      assert.equal((await driven.run(0, `${server.origin}/y`)).outcome, 'ok');
    },
  },
  {
    says: 'a deadline that passes is a timeout that names its phase',
    plan: { limits: { headersMs: 30 } },
    async holds(driven, server) {
      const headers = await driven.run(0, `${server.origin}/silent`);
      assert.deepEqual([headers.outcome, headers.error?.phase], ['timeout', 'headers']);
      const deadlineMs = driven.clock.now() + 20;
      const whole = await driven.run(1, `${server.origin}/silent`, { deadlineMs });
      assert.deepEqual([whole.outcome, whole.error?.phase], ['timeout', 'request']);
      assert.ok(whole.endedMs >= deadlineMs);
    },
  },
  {
    says: "the handler's value comes back, and what it throws",
    plan: { handler: HANDLER },
    async holds(driven, server) {
      const value = await driven.run(0, `${server.origin}/v?do=value`, { index: 7, id: 'seven' });
      assert.deepEqual(value.value, { text: 'this is /v?do=value', index: 7, id: 'seven', attempt: 1 });
      assert.ok(value.phasesMs.handler !== undefined);
      assert.equal((await driven.run(0, `${server.origin}/500?do=later`)).value, 500);
      const thrown = await driven.run(1, `${server.origin}/?do=throw`);
      assert.deepEqual([thrown.outcome, thrown.error?.code], ['handler_error', 'HANDLER_THREW']);
      assert.match(thrown.error?.message ?? '', /out of patience/);
      const cycle = await driven.run(1, `${server.origin}/?do=cycle`);
      assert.deepEqual([cycle.outcome, cycle.error?.code], ['handler_error', 'HANDLER_VALUE']);
    },
  },
  {
    says: 'a handler is told to end through its signal',
    plan: { handler: HANDLER },
    async holds(driven, server) {
      const deadlineMs = driven.clock.now() + 50;
      const end = await driven.run(0, `${server.origin}/?do=heed`, { deadlineMs });
      assert.deepEqual([end.outcome, end.error?.phase], ['timeout', 'request']);
    },
  },
  {
    says: 'H13: close settles what is in flight, and is harmless when called twice',
    plan: {},
    async holds(driven, server) {
      const ends = [0, 1, 2].map(lane => driven.run(lane, `${server.origin}/silent?close=${lane}`));
      await Promise.all([0, 1, 2].map(lane => server.received(`/silent?close=${lane}`)));
      await Promise.all([driven.executor.close(), driven.executor.close()]);
      assert.deepEqual(
        (await Promise.all(ends)).map(({ outcome }) => outcome),
        ['cancelled', 'cancelled', 'cancelled'],
      );
      await driven.executor.close();
    },
  },
];

export function executorContract(name: string, openDriven: OpenDriven): void {
  let server: DeterministicServer;
  let shared: Promise<DrivenExecutor> | undefined;
  before(async () => {
    server = await startDeterministicServer();
  });
  after(async () => {
    await (await shared)?.executor.close();
    await server.close();
  });
  for (const { says, plan, holds } of CLAUSES) {
    test(`${name}: ${says}`, async t => {
      if (!plan) {
        shared ??= openDriven();
        await holds(await shared, server);
        return;
      }
      const driven = await openDriven(plan);
      t.after(() => driven.executor.close());
      await holds(driven, server);
    });
  }
}
