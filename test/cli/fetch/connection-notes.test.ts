// What the record says of connections: the addresses tried for a name, and bodies that only their connection ends. From
// every place where attempts run, through the record and back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readRecord } from '../../../src/trace/read.ts';
import { fetchHere } from '../../support/fetch-here.ts';
import { parseRecord, serverAndFolder } from '../../support/fetch-server.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { startTlsServer } from '../../support/tls-server.ts';
import { response } from '../../transports/support.ts';

const { server, folder } = await serverAndFolder();

for (const strategy of ['semaphore', 'threads', 'processes']) {
  test(`D07, D18, E06: ${strategy}: the record has the addresses of a name, and what a close alone ended`, async t => {
    const untilClose = await startRawServer(socket => socket.end('HTTP/1.1 200 X\r\n\r\nall there is'));
    t.after(() => untilClose.close());
    const named = server.origin.replace('127.0.0.1', 'localhost');
    const urls = [`${named}/a`, `${named}/b`, `${server.origin}/c`, `${untilClose.origin}/`];
    const record = folder.file(`${strategy}.ndjson`);
    const argv = ['-S', strategy, ...(strategy === 'semaphore' ? [] : ['-w', '1']), '-c', '1', '-o', record];
    const { code } = await fetchHere(...argv, '--ordered', '-q', ...urls);
    const text = readFileSync(record, 'utf8');
    const [first, kept, byAddress, closed] = parseRecord(text).lines.map(({ tries }) => tries[0]);
    assert.equal(code, 0);
    assert.equal(first?.addresses?.at(-1), '127.0.0.1');
    assert.deepEqual([kept?.addresses, byAddress?.addresses, closed?.addresses], Array(3).fill(undefined));
    assert.deepEqual([first?.framing, closed?.framing], [undefined, 'close']);
    const read = [...readRecord(text.split('\n'))];
    assert.equal(read.length, 6);
    const resumed = await fetchHere(...argv, '--resume', ...urls);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal(readFileSync(record, 'utf8'), text);
  });
}

test('D18: over TLS too', async t => {
  const { origin } = await startTlsServer(t, response('safe'));
  const { stdout } = await fetchHere('-k', `${origin}/`);
  assert.equal(parseRecord(stdout).lines[0]?.tries[0]?.addresses?.at(-1), '127.0.0.1');
});

test('a record that says anything else there is damaged', async () => {
  const { stdout } = await fetchHere(`${server.origin}/a`);
  for (const [field, says] of [
    ['"addresses":["a",1]', /'tries\[0\]\.addresses' that is not a list of text/],
    ['"framing":"open"', /'tries\[0\]\.framing' that is not 'close'/],
  ] as const) {
    const lines = stdout.split('\n').map(line => line.replace('"phasesMs":', `${field},"phasesMs":`));
    const unsealed = lines.map(line => line.replace(/,"crc":"\w+"\}$/, '}'));
    assert.throws(() => [...readRecord(unsealed)], { message: says });
  }
});
