// Real processes killed at moments that a seed chooses, and a real disk that fills up; then `--resume` until all is
// done. Held against a server that counts and against what the record had when the process died.
//
//   PACELINE_KILLS=200 npm test -- resume-crash        so many kills in each strategy
//   PACELINE_SEED=7 npm test -- resume-crash           other moments
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Random, seededRandom } from '../../../src/base/random.ts';
import { paceline, startPaceline } from '../../support/command.ts';
import { serverAndFolder } from '../../support/fetch-server.ts';
import { acknowledged, wholeRecord } from '../../support/resume-record.ts';

const KILLS = Number(process.env.PACELINE_KILLS ?? 3);
const SEED = Number(process.env.PACELINE_SEED ?? 1);
const REQUESTS = 400;
/** Kills of one run, before it is gone on from to its end. */
const KILLS_OF_A_RUN = 4;
/** No request of these may be seen twice; the others are seen once at least. */
const UNSAFE_METHODS: readonly string[] = ['POST', 'PATCH'];

const { server, folder } = await serverAndFolder();
const { file } = folder;

function countSeen(path: string): Map<string, number> {
  const seen = new Map<string, number>();
  for (const { head } of server.raw.requests) {
    const [method, target = ''] = head.split(' ');
    if (target.startsWith(path)) seen.set(`${method} ${target}`, (seen.get(`${method} ${target}`) ?? 0) + 1);
  }
  return seen;
}

/** Kills it once the server has seen so many more requests, and some turns of the loop later. */
async function killedWhileItSends(argv: string[], afterRequests: number, afterTurns: number): Promise<void> {
  const { child, ended } = startPaceline(argv);
  let left = afterRequests;
  server.onRequest = () => {
    if (--left === 0) turnsLater(afterTurns, () => child.kill('SIGKILL'));
  };
  await ended;
  server.onRequest = () => undefined;
}

function turnsLater(turns: number, act: () => void): void {
  if (turns === 0) act();
  else setImmediate(() => turnsLater(turns - 1, act));
}

async function killAndResume(strategy: string, round: number, random: Random): Promise<void> {
  const path = `/${strategy}-${round}/`;
  const lines = Array.from({ length: REQUESTS }, (_, index) => {
    const method = UNSAFE_METHODS[index % 4] ?? 'GET';
    return JSON.stringify({ url: `${server.origin}${path}${index}`, method, id: `id ${index % 7}` });
  });
  const list = file(`${strategy}-${round}.txt`, `${lines.join('\n')}\n`);
  const record = file(`${strategy}-${round}.ndjson`);
  const argv = ['fetch', '-i', list, '-o', record, '--resume', '-q', '-S', strategy, '-c', '8', '-w', '2'];
  const kept = new Set<string>();
  for (let kill = 0; kill < KILLS_OF_A_RUN && kill < KILLS; kill++) {
    const done = existsSync(record) ? acknowledged(record).length : 0;
    await killedWhileItSends(
      argv,
      1 + Math.floor(random.next() * (REQUESTS - done)),
      Math.floor(random.next() * 30),
    );
    for (const line of existsSync(record) ? acknowledged(record) : []) kept.add(line);
  }
  const { code, stderr } = await paceline(argv);
  assert.ok(code === 0 || UNSAFE_METHODS.length > 0, stderr);
  wholeRecord(record, REQUESTS); // 0 lost, 0 doubled
  const after = new Set(readFileSync(record, 'utf8').split('\n'));
  for (const line of kept) assert.ok(after.has(line), `lost: ${line}`);
  const seen = countSeen(path);
  for (const [target, count] of seen) {
    if (!target.startsWith('GET')) assert.equal(count, 1, target);
  }
  if (UNSAFE_METHODS.length === 0) assert.equal(seen.size, REQUESTS);
  assert.equal(existsSync(`${record}.lock`), false);
}

for (const strategy of ['sequential', 'async', 'semaphore', 'threads', 'processes']) {
  test(`J02: kill -9 under ${strategy}, ${KILLS} times, then resume: none lost, none doubled`, async t => {
    t.diagnostic(`seed ${SEED}`);
    const random = seededRandom(SEED);
    for (let kills = 0, round = 0; kills < KILLS; kills += KILLS_OF_A_RUN, round++)
      await killAndResume(strategy, round, random);
  });
}

/** A disk of its own, as small as it is told; null where this user may not have one. */
function smallDisk(
  name: string,
  size: string,
): { path: string; resize(size: string): void; remove(): void } | null {
  const path = file(name);
  mkdirSync(path);
  const run = (...words: string[]): boolean => spawnSync(words[0] ?? '', words.slice(1)).status === 0;
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path)) return null;
  return {
    path,
    resize: to => assert.ok(run('mount', '-o', `remount,size=${to}`, path)),
    remove: () => assert.ok(run('umount', path)),
  };
}

test('J09: a disk that fills up ends the run with exit 3; with room again, it is gone on from', async t => {
  const disk = smallDisk('disk', '64k');
  if (disk === null) return t.skip('needs to mount a tmpfs');
  try {
    const record = `${disk.path}/run.ndjson`;
    const argv = ['fetch', '-n', '600', '-o', record, '-q', `${server.origin}/full`];
    const first = await paceline(argv);
    assert.equal(first.code, 3);
    assert.match(first.stderr, /^paceline: Cannot write .*run\.ndjson: the disk is full\.\n$/);
    const kept = acknowledged(record);
    assert.ok(kept.length > 50 && kept.length < 600);
    const again = await paceline([...argv, '--resume']);
    assert.equal(again.code, 3); // still full
    assert.deepEqual(acknowledged(record), kept);
    disk.resize('2m');
    assert.equal((await paceline([...argv, '--resume'])).code, 0);
    wholeRecord(record, 600);
    const after = new Set(acknowledged(record));
    assert.ok(kept.every(line => after.has(line)));
  } finally {
    disk.remove();
  }
});
