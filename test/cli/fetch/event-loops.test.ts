// The record says how busy the event loops of its run were: this one's, and those of the workers by their numbers.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { EventLoop } from '../../../src/model/record.ts';
import { fetchHere, listFile } from '../../support/fetch-here.ts';
import { parseRecord, serverAndFolder } from '../../support/fetch-server.ts';

const { server, folder } = await serverAndFolder();
const PATHS = ['/a', '/b', '/c', '/d', '/e', '/f'];

function loopsIn(record: string): readonly EventLoop[] {
  return parseRecord(readFileSync(record, 'utf8')).summary.eventLoops ?? [];
}

for (const [strategy, names] of [
  ['async', ['main ']],
  ['threads', ['main ', 'thread 0', 'thread 1']],
  ['processes', ['main ', 'process 0', 'process 1']],
] as const) {
  test(`${strategy}: ${names.join(', ')}, with the numbers that the lines of requests have`, async () => {
    const record = folder.file(`${strategy}.ndjson`);
    const list = listFile(server, folder, ...PATHS);
    await fetchHere('-i', list, '-o', record, '-q', '-S', strategy, '-w', '2', '-c', '2');
    const { lines, summary } = parseRecord(readFileSync(record, 'utf8'));
    const loops = summary.eventLoops ?? [];
    assert.deepEqual(
      loops.map(({ of, worker = '' }) => `${of} ${worker}`),
      names,
    );
    for (const { busy, everyMs } of loops) {
      assert.ok(everyMs === 20 && busy.length > 0);
      for (const share of busy) assert.ok(share === null || (share >= 0 && share <= 1), `${share}`);
    }
    const told = new Set(lines.map(({ worker }) => worker));
    assert.ok([...told].every(worker => loops.some(loop => loop.worker === worker)));
  });
}

test('of a run that was gone on with, the last one’s, behind the end of all that was there', async () => {
  const record = folder.file('resumed.ndjson');
  const list = listFile(server, folder, ...PATHS);
  await fetchHere('-i', list, '-o', record, '-q', '-c', '1');
  assert.ok(loopsIn(record).every(({ fromMs }) => fromMs === undefined));
  const kept = readFileSync(record, 'utf8').split('\n').slice(0, 4);
  writeFileSync(record, `${kept.join('\n')}\n`);
  await fetchHere('-i', list, '-o', record, '-q', '-c', '1', '--resume');
  const lastMs = Math.max(...kept.slice(1).map(line => JSON.parse(line).endedMs));
  const loops = loopsIn(record);
  assert.ok(loops.length > 0 && loops.every(({ fromMs }) => fromMs === lastMs), JSON.stringify(loops));
});

test('a finished record keeps what its own run saw', async () => {
  const record = folder.file('finished.ndjson');
  const list = listFile(server, folder, ...PATHS);
  await fetchHere('-i', list, '-o', record, '-q');
  const before = loopsIn(record);
  await fetchHere('-i', list, '-o', record, '-q', '--resume');
  assert.deepEqual(loopsIn(record), before);
});
