import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { openSlowServer, type SlowServer } from '../../src/slow-server/server.ts';
import { ask } from '../support/slow-server-client.ts';

const AT_ONCE = { kind: 'constant', ms: 0 } as const;

describe('answers', () => {
  let server: SlowServer;
  before(async () => {
    server = await openSlowServer({ workers: 2, serviceTime: AT_ONCE });
  });
  after(() => server.destroy());

  test('the talk to the letter, for any method on any path', async () => {
    const calls = [ask(server), ask(server, '/a/b?n=1', { method: 'POST', body: 'x'.repeat(100_000) })];
    for (const { answer } of [...calls, ask(server, '/_stats', { method: 'DELETE' })]) {
      const { status, headers, body } = await answer;
      assert.equal(status, 200);
      assert.equal(body, 'This is a slow web api');
      assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
      assert.equal(headers['content-length'], '22');
      assert.equal(headers.server, 'paceline slow API (for tests)');
    }
  });

  test('HEAD has the headers and no body', async () => {
    const { headers, body, ending } = await ask(server, '/', { method: 'HEAD' }).answer;
    assert.deepEqual([headers['content-length'], body, ending], ['22', '', 'ok']);
  });

  test('any status, those without a body too', async () => {
    assert.equal((await ask(server, '/?status=503').answer).status, 503);
    const none = await ask(server, '/?status=204').answer;
    assert.deepEqual([none.status, none.headers['content-length'], none.body], [204, undefined, '']);
  });

  test('any size, to the byte', async () => {
    for (const bytes of [0, 1, 22, 100_000, 3_000_000]) {
      const { headers, body, ending } = await ask(server, `/?size=${bytes}`).answer;
      assert.deepEqual([headers['content-length'], body.length, ending], [String(bytes), bytes, 'ok']);
      assert.ok('This is a slow web api'.repeat(2).startsWith(body.slice(0, 30)));
    }
  });

  test('a drip arrives whole', async () => {
    const { body, ending } = await ask(server, '/?drip=2kB/s&size=200').answer;
    assert.equal(body, 'This is a slow web api'.repeat(10).slice(0, 200));
    assert.equal(ending, 'ok');
  });

  test('close breaks off in the middle of the body', async () => {
    const { status, body, ending } = await ask(server, '/?close=100').answer;
    assert.deepEqual([status, body, ending], [200, 'This is a s', 'ECONNRESET']);
    const head = await ask(server, '/?close=100', { method: 'HEAD' }).answer;
    assert.equal(head.ending, 'ECONNRESET');
  });

  test('reset sends not a byte', async () => {
    const { status, ending } = await ask(server, '/?reset=100').answer;
    assert.deepEqual([status, ending], [0, 'ECONNRESET']);
  });

  test('W13, S09: more than the bounds is answered 400, at once', async () => {
    for (const query of ['delay=1000000000ms', 'size=10GB', 'size=64MB&drip=1B/s', 'delay=61s']) {
      const { status, body } = await ask(server, `/?${query}`).answer;
      assert.equal(status, 400, query);
      assert.match(body, /more than|longer than|would take/);
    }
  });

  test('a wish that makes no sense is answered 400 and says why', async () => {
    const { status, headers, body } = await ask(server, '/?delay=2').answer;
    assert.deepEqual([status, body], [400, 'delay: 2 has no unit. Write 2s or 2ms.\n']);
    assert.equal(headers['x-content-type-options'], 'nosniff');
  });
});

test('the same seed, the same fates', async () => {
  const fates = async (seed: number): Promise<string> => {
    const own = await openSlowServer({ workers: 1, seed, serviceTime: AT_ONCE });
    const agent = new Agent({ keepAlive: true });
    let all = '';
    for (let i = 0; i < 30; i++) all += (await ask(own, '/?status=503:50', { agent }).answer).status;
    agent.destroy();
    await own.destroy();
    return all;
  };
  const [one, again, other] = await Promise.all([fates(5), fates(5), fates(6)]);
  assert.equal(one, again);
  assert.notEqual(one, other);
});
