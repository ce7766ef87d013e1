// Whatever a server or an input says, in every field that takes a text: each line of data is JSON, and a terminal is
// never told anything but printable characters (N01, S12). Files and pipes keep what was said.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import { openFolder } from '../../support/fetch-server.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { type TestIo, testIo } from '../../support/test-io.ts';

const folder = openFolder();
const inHeader = (text: string): string => text.replace(/[\r\n]/g, '?');

/** `/place/N` says the N-th text in that place of its answer. */
const server = await startRawServer((socket, { head }) => {
  const [, place, at] = (head.split(' ')[1] ?? '').split('/');
  const text = HOSTILE_TEXTS[Number(at)] ?? '';
  const says = (where: string, otherwise: string): string => (place === where ? inHeader(text) : otherwise);
  const body = place === 'body' ? text : 'x';
  const status = place === 'reason' || place === 'body' ? 404 : place === 'location' ? 302 : 503;
  socket.end(
    `HTTP/1.1 ${status} ${says('reason', 'No')}\r\nConnection: close\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n` +
      `Retry-After: ${says('retry-after', '0')}\r\nRateLimit: ${says('ratelimit', '"a";r=9;t=1')}\r\n` +
      `X-RateLimit-Remaining: ${says('remaining', '9')}\r\nContent-Type: ${says('type', 'text/plain')}\r\n` +
      `Server-Timing: ${says('timing', 'app;dur=1')}\r\nLocation: ${says('location', '/')}\r\n` +
      `Content-Encoding: ${says('coding', 'identity')}\r\nX-Any: ${says('any', 'x')}\r\n\r\n${body}`,
  );
});
after(async () => {
  folder.remove();
  await server.close();
});

const PLACES = ['reason', 'body', 'retry-after', 'ratelimit', 'remaining', 'type'].concat([
  ...['timing', 'location', 'coding', 'any'],
]);

/** What only inputs say: ids, parts of URLs, whole lines that are none, names of fields, headers and methods. */
function* hostileInputs(): Generator<string> {
  for (const [i, text] of HOSTILE_TEXTS.entries()) {
    const url = `${server.origin}/id/${i}`;
    yield JSON.stringify({ url, id: text });
    yield JSON.stringify({ url: `${server.origin}/path/${text}?q=${text}#${text}`, id: i });
    yield JSON.stringify({ url, [text]: 1 });
    yield JSON.stringify({ url, headers: { [text]: 'x' } });
    yield JSON.stringify({ url, headers: { 'x-a': text }, id: i });
    yield JSON.stringify({ url, method: text, body: text });
    yield `${text.replaceAll('\n', ' ')} `;
  }
}

const texts = [...HOSTILE_TEXTS.keys()];
const inputs: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(PLACES.map(place => [place, texts.map(i => `${server.origin}/${place}/${i}`)])),
  inputs: [...hostileInputs()],
};

/** The progress line, and the ends of rows of CSV. */
const OUR_OWN = /\r\x1b\[K|\r(?=\n)/g;
// biome-ignore format: a range is best read whole
const RAW =
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

function assertPrintable(text: string, what: string): void {
  const shown = text.replaceAll(OUR_OWN, '');
  const found = RAW.exec(shown);
  if (found === null) return;
  const around = JSON.stringify(shown.slice(Math.max(0, found.index - 80), found.index + 40));
  assert.fail(`${what}: a raw U+${found[0].codePointAt(0)?.toString(16)} in ${around}`);
}

const onTerminal = (io: TestIo, stream: 'stdout' | 'stderr'): TestIo => {
  Object.assign(io[stream], { isTTY: true, columns: 100 });
  return io;
};

async function run(list: string, words: readonly string[], io: TestIo): Promise<void> {
  const argv = ['-i', list, '-c', '20', '--retries', '1', '--retry-delay', '1ms', '--retry-max-delay', '2ms'];
  assert.equal(await main(['fetch', ...argv, '--no-progress', ...words], io), 1);
}

test('there are enough of them', () => assert.ok(HOSTILE_TEXTS.length >= 515, `${HOSTILE_TEXTS.length}`));

for (const [place, asked] of Object.entries(inputs)) {
  test(`N05, N12, S12: ${place}: JSON on each line, and nothing on a terminal but what can be printed`, async () => {
    const list = folder.file(`${place}.txt`, `${asked.join('\n')}\n`);
    const record = folder.file(`${place}.ndjson`);
    const io = onTerminal(testIo(), 'stderr');
    await run(list, ['-v', '-o', record, '--format', 'ndjson', ...(place === 'location' ? ['-L'] : [])], io);
    for (const data of [io.stdout.text(), readFileSync(record, 'utf8')]) {
      const lines = data.split('\n');
      assert.equal(lines.pop(), '');
      const written = lines.map(line => JSON.parse(line)).filter(line => !('intent' in line));
      assert.equal(written.filter(line => 'index' in line).length, written.length - 2);
      assert.ok(written.length - 2 >= 0.9 * asked.length, `${written.length} of ${asked.length}`);
    }
    assertPrintable(io.stderr.text(), 'stderr');
    for (const format of ['ndjson', 'csv', 'body']) {
      const terminal = onTerminal(onTerminal(testIo(), 'stdout'), 'stderr');
      await run(list, ['--format', format], terminal);
      const said = terminal.stdout.text();
      assertPrintable(said, `${format} on a terminal`);
      if (format === 'ndjson') for (const line of said.trimEnd().split('\n')) JSON.parse(line);
      assertPrintable(terminal.stderr.text(), 'stderr');
    }
  });
}
