// `--dry-run`: what it shows, what it simulates, and that it sends nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import { serverAndFolder } from '../../support/fetch-server.ts';
import { testIo } from '../../support/test-io.ts';

const { server, folder } = await serverAndFolder();

async function dry(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = testIo();
  const code = await main(['fetch', '--dry-run', ...argv], io);
  return { code, stdout: io.stdout.text(), stderr: io.stderr.text() };
}

test('the first requests are shown, all are counted by method and host, and none is sent', async () => {
  const o = server.origin;
  const lines = Array.from({ length: 30 }, (_, at) =>
    at % 3 === 0 ? `{"url":"${o}/${at}","method":"PUT"}` : `${o}/${at}`,
  );
  const list = folder.file('dry.txt', [...lines, 'nonsense', 'http://b.invalid/', ''].join('\n'));
  const { code, stdout, stderr } = await dry('-i', list);
  assert.equal(code, 1);
  assert.equal(stdout.split('\n').length, 21);
  assert.match(stdout, new RegExp(`^PUT ${o}/0\nGET ${o}/1\n`));
  assert.match(stderr, /dry\.txt line 31: 'nonsense' is not a URL/);
  assert.match(stderr, /… and 11 more; -v shows all\./);
  assert.match(stderr, /31 would be sent to 2 origins, as many at once as the server bears/);
  assert.match(
    stderr,
    new RegExp(`20 × GET ${o}\n.*10 × PUT ${o}\n.*1 × GET http://b\\.invalid\n1 cannot be sent`, 's'),
  );
  assert.equal((await dry('-i', list, '-v')).stdout.split('\n').length, 32);
  assert.equal(server.raw.requests.length, 0);
});

test('with a service time it says how long the run would take', async () => {
  const url = `${server.origin}/x`;
  const nine = await dry('-n', '9', '-c', '3', '--delay', '1s', url);
  assert.equal(nine.code, 0);
  assert.match(
    nine.stderr,
    /Simulated with 3 server workers and 1 s a request: 3 s, 3 requests\/s, at most 0 in the/,
  );
  const all = await dry('-n', '9', '-S', 'async', '--delay', '1s', '--server-workers', '9', url);
  assert.match(all.stderr, /9 server workers and 1 s a request: 1 s, 9 requests\/s/);
  const slow = await dry('-n', '2', '--headers-timeout', '500ms', '--delay', '1s', url);
  assert.match(slow.stderr, /2 of them would not end ok/);
  const many = await dry('-n', '6000000', '--delay', '1s', url);
  assert.match(many.stderr, /More than 5.000.000 requests are not simulated here/);
  assert.equal(server.raw.requests.length, 0);
});

test('flags that describe a server are refused where there is no model of one', async () => {
  const cases: [argv: string[], says: RegExp][] = [
    [['--delay', '1s', 'http://a.invalid/'], /--delay describes a server for --dry-run/],
    [['--server-workers', '3', 'http://a.invalid/'], /--server-workers describes a server/],
    [
      ['--dry-run', '--server-workers', '3', 'http://a.invalid/'],
      /--server-workers says nothing without --delay/,
    ],
    [['--dry-run', '--delay', 'soon', 'http://a.invalid/'], /--delay: expected a duration/],
  ];
  for (const [argv, says] of cases) {
    const io = testIo();
    assert.equal(await main(['fetch', ...argv], io), 2, argv.join(' '));
    assert.match(io.stderr.text(), says);
  }
});
