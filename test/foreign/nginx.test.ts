// Debian's nginx: a fast server that is not ours, keeps connections and compresses. Thousands of requests go over
// as many connections as there are lanes, and every body comes whole.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ensureDebianPackages } from '../../tools/debian.ts';
import { paceline } from '../support/command.ts';
import { parseRecord } from '../support/fetch-server.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';

const LANES = 8;
/** Compresses well, and is larger than any buffer on its way. */
const TEXT = Array.from({ length: 20_000 }, (_, line) => `line ${line} of a long text\n`).join('');

let nginx: Nginx;
before(async () => {
  ensureDebianPackages(['nginx'], 'test/foreign/nginx.test.ts');
  // An answer names its connection, and how many that connection has had.
  nginx = await startNginx(
    `location /kept { keepalive_requests 1000000; return 200 "$connection $connection_requests"; }
     location /closing { keepalive_requests 7; return 200 "$connection $connection_requests"; }
     location /text { gzip on; gzip_types *; default_type text/plain; }`,
    { text: TEXT },
  );
});
after(() => nginx?.stop());

async function sent(count: number, path: string, ...flags: string[]) {
  const argv = ['fetch', '-c', String(LANES), '-n', String(count), ...flags, nginx.origin + path];
  const { code, stdout, stderr } = await paceline(argv);
  assert.equal(code, 0, stderr);
  const { lines, summary } = parseRecord(stdout);
  assert.equal(summary.outcomes.ok, count);
  return lines;
}

/** How many answers came over each connection. */
function byConnection(bodies: readonly (string | undefined)[]): number[] {
  const counts = new Map<string, number>();
  for (const body of bodies) {
    const connection = body?.split(' ')[0] ?? '';
    counts.set(connection, (counts.get(connection) ?? 0) + 1);
  }
  return [...counts.values()];
}

test('thousands of requests are all ok, over one kept connection a lane', async () => {
  const lines = await sent(5000, '/kept');
  const counts = byConnection(lines.map(({ body }) => body));
  assert.ok(counts.length <= LANES, `${counts.length} connections`);
});

test('in threads and processes too: a lane keeps its connection in its worker', async () => {
  for (const strategy of ['threads', 'processes']) {
    const lines = await sent(2000, '/kept', '-S', strategy, '-w', '2');
    assert.ok(byConnection(lines.map(({ body }) => body)).length <= LANES, strategy);
  }
});

test('a server that closes each connection after seven requests loses none', async () => {
  const lines = await sent(2000, '/closing');
  const counts = byConnection(lines.map(({ body }) => body));
  assert.equal(Math.max(...counts), 7);
});

test('a body that nginx compressed comes whole', async () => {
  const lines = await sent(40, '/text', '-H', 'Accept-Encoding: gzip', '--body', 'text');
  for (const { body, bytes } of lines) {
    assert.ok(body === TEXT);
    assert.ok(bytes < TEXT.length / 2, `${bytes} bytes on the wire`);
  }
});
