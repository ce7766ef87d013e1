// `paceline find`: what a server bears, as flags, and nothing where nothing can be told.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import { openSlowServer } from '../../../src/slow-server/server.ts';
import { testIo } from '../../support/test-io.ts';

const server = await openSlowServer({ workers: 2, port: 0, serviceTime: { kind: 'constant', ms: 25 } });
after(() => server.close());
const URL_TEXT = `http://127.0.0.1:${server.port}/`;

async function find(...argv: string[]) {
  const io = testIo();
  const code = await main(['find', ...argv], io);
  return { code, stdout: io.stdout.text(), stderr: io.stderr.text() };
}

test('what was found is a flag of fetch on stdout, and a sentence on stderr', async () => {
  const { code, stdout, stderr } = await find('-n', '120', URL_TEXT);
  assert.equal(code, 0);
  const found = Number(/^-c (\d+)\n$/.exec(stdout)?.[1]);
  assert.ok(found >= 1 && found <= 16, stdout);
  assert.match(stderr, /^120 requests in .*: 120 ok$/m);
  assert.match(stderr, /^Pace found: \d+ at a time/m);
});

test('a strategy without a limit is refused: there is nothing to find', async () => {
  for (const strategy of ['sequential', 'async']) {
    const { code, stdout, stderr } = await find('-S', strategy, URL_TEXT);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, new RegExp(`^paceline: -S ${strategy} sends .* so there is no limit to find`));
  }
});

test('a time that is over is no failure when something was found', async () => {
  const { code, stdout } = await find('-q', '-n', '100000', '--max-duration', '3s', URL_TEXT);
  assert.equal(code, 0);
  assert.match(stdout, /^-c \d+\n$/);
});

test('too few requests, or a server that is not there: nothing on stdout, and exit 1', async () => {
  const few = await find('-q', '-n', '2', URL_TEXT);
  assert.deepEqual([few.code, few.stdout], [1, '']);
  assert.match(few.stderr, /^paceline: Nothing was found: too few requests came back\./);
  const nobody = await find('-q', '-n', '3', 'http://127.0.0.1:1/');
  assert.deepEqual([nobody.code, nobody.stdout], [1, '']);
});

test('without a URL it says what to give', async () => {
  const { code, stdout, stderr } = await find();
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^paceline: Nothing to ask: give a URL/);
});
