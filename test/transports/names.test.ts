// What names lead to: several addresses, dead ones among them, other ones the next time, none at all. Names are
// looked up by `node:dns`, in whose place the test answers.
import assert from 'node:assert/strict';
import dns from 'node:dns';
import net from 'node:net';
import { type TestContext, test } from 'node:test';
import { startDeadPort } from '../support/dead-port.ts';
import { openTestLane } from '../support/exchange.ts';
import { startRawServer } from '../support/raw-server.ts';
import { httpTransport, response, setUp } from './support.ts';

type Answer = readonly string[] | NodeJS.ErrnoException;

/** Answers each look-up with the next of `answers`, the last one for ever. @returns the names asked for */
function answerNames(t: TestContext, ...answers: Answer[]): string[] {
  const asked: string[] = [];
  const lookup = (
    name: string,
    _options: unknown,
    done: (error: Error | null, found?: { address: string; family: number }[]) => void,
  ) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] as Answer;
    asked.push(name);
    process.nextTick(() => {
      if (answer instanceof Error) done(answer);
      else
        done(
          null,
          answer.map(address => ({ address, family: net.isIP(address) })),
        );
    });
  };
  t.mock.method(dns, 'lookup', lookup as unknown as typeof dns.lookup);
  return asked;
}

const dnsError = (code: string) => Object.assign(new Error(`getaddrinfo ${code} name.example`), { code });

test('D05: a name that does not exist is told from one that cannot be looked up just now', async t => {
  const lane = openTestLane(httpTransport(t));
  answerNames(t, dnsError('ENOTFOUND'), dnsError('EAI_AGAIN'));
  const codes = [];
  for (let i = 0; i < 2; i++) {
    const { failure, sent } = await lane.run({ url: 'http://name.example/' });
    codes.push([sent, failure?.outcome, failure?.error.code, failure?.error.message]);
  }
  assert.deepEqual(codes, [
    [false, 'network_error', 'ENOTFOUND', 'The name does not exist.'],
    [false, 'network_error', 'EAI_AGAIN', 'The name could not be looked up just now.'],
  ]);
});

test('D07: IPv6 comes first and nobody is there: IPv4 is used, and both are told, once', async t => {
  const { server, lane } = await setUp(t, socket => socket.write(response('four')));
  answerNames(t, ['::1', '127.0.0.1']);
  const startedMs = performance.now();
  const told = await lane.run({ url: `http://name.example:${server.port}/` });
  assert.equal(told.body.toString(), 'four');
  assert.deepEqual(told.notes, { addresses: ['::1', '127.0.0.1'] });
  assert.ok(performance.now() - startedMs < 1000);
  assert.equal((await lane.run({ url: `http://name.example:${server.port}/kept` })).notes, undefined);
});

test('D07: all addresses refuse: the failure has the code of one of them, and all are told', async t => {
  const { server, lane } = await setUp(t, () => {});
  await server.close();
  answerNames(t, ['127.0.0.2', '127.0.0.1']);
  const { failure, notes } = await lane.run({ url: `http://name.example:${server.port}/` });
  assert.equal(failure?.error.code, 'ECONNREFUSED');
  assert.deepEqual(notes, { addresses: ['127.0.0.2', '127.0.0.1'] });
  const address = await lane.run({ url: `http://127.0.0.1:${server.port}/` });
  assert.deepEqual([address.failure?.error.code, address.notes], ['ECONNREFUSED', undefined]);
});

test('D14: of several addresses the next is tried when one refuses', async t => {
  const { server, lane } = await setUp(t, socket => socket.write(response('third')));
  answerNames(t, ['127.0.0.3', '127.0.0.2', '127.0.0.1']);
  const told = await lane.run({ url: `http://name.example:${server.port}/` });
  assert.equal(told.body.toString(), 'third');
});

test('D14: and when one answers nothing at all', { skip: process.platform !== 'linux' }, async t => {
  const { server, lane } = await setUp(t, socket => socket.write(response('alive')));
  await startDeadPort(t, '127.0.0.2', server.port);
  answerNames(t, ['127.0.0.2', '127.0.0.1']);
  const startedMs = performance.now();
  const told = await lane.run({ url: `http://name.example:${server.port}/` });
  assert.equal(told.body.toString(), 'alive');
  // It waited for the dead one, as long as Node gives each address: nothing refused it.
  const tookMs = performance.now() - startedMs;
  assert.ok(tookMs >= net.getDefaultAutoSelectFamilyAttemptTimeout() - 5, `${tookMs} ms`);
});

test('D18: another address the next time: a kept connection stays, a new one goes there and says so', async t => {
  const first = await startRawServer((socket, { onConnection }) => {
    if (onConnection === 1) socket.end(response('a, last', 'HTTP/1.1 200 OK\r\nconnection: close\r\n'));
    else socket.write(response('a'));
  });
  t.after(() => first.close());
  const second = net.createServer(socket => socket.on('error', () => {}).end(response('b')));
  await new Promise<void>(resolve => second.listen(first.port, '127.0.0.2', resolve));
  t.after(() => second.close());
  const asked = answerNames(t, ['127.0.0.1'], ['127.0.0.2']);
  const lane = openTestLane(httpTransport(t));
  const told = [];
  for (let i = 0; i < 3; i++) {
    const { body, notes } = await lane.run({ url: `http://name.example:${first.port}/` });
    told.push([body.toString(), notes?.addresses]);
  }
  assert.deepEqual(told, [
    ['a', ['127.0.0.1']],
    ['a, last', undefined],
    ['b', ['127.0.0.2']],
  ]);
  assert.deepEqual(asked, ['name.example', 'name.example']);
});
