// Bodies on their way to a disk that answers when it is told to: what is told when, in which order, and who waits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BodySaver, UNSAVED_BYTES_MAX, UNSAVED_MAX } from '../../../src/cli/fetch/body-saver.ts';
import { InvalidInput } from '../../../src/model/request.ts';
import type { Settled } from '../../../src/model/settled.ts';
import type { SaveResult } from '../../../src/platform/output-folder.ts';
import { type aRequest, aSettled, aTry } from '../../support/record-lines.ts';

type Told = Parameters<ConstructorParameters<typeof BodySaver>[0]['onSaved']>[0];

/** A store whose batches end when the test says so. */
function scriptedSaver() {
  const batches: { names: string[]; sizes: number[]; end: (results: SaveResult[]) => void }[] = [];
  const told: Told[] = [];
  const log: string[] = [];
  const saver = new BodySaver({
    store: {
      path: '/x',
      save(bodies) {
        const { promise, resolve } = Promise.withResolvers<readonly SaveResult[]>();
        batches.push({
          names: bodies.map(({ nameAt }) => nameAt(0)),
          sizes: bodies.map(({ bytes }) => bytes.length),
          end: resolve,
        });
        return promise;
      },
      close: async () => void log.push('closed'),
    },
    onSaved: settled => void told.push(settled),
    onBroken: () => void log.push('broken'),
  });
  return { saver, batches, told, log };
}

const SHA256 = 'a'.repeat(64);
const saved = (file: string): SaveResult => ({ file, sha256: SHA256 });
const failed = (code: string): SaveResult => ({ cause: Object.assign(new Error(code), { code }) });

function ok(index: number, bytes = 1): Settled<ReturnType<typeof aRequest>> {
  return aSettled({ index, tries: [aTry({ body: new Uint8Array(bytes) })] });
}

/** All that is due without the disk has happened then. */
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

test('I53: an outcome is told only when its body is saved, with the name of the file', async () => {
  const { saver, batches, told } = scriptedSaver();
  saver.add(ok(0));
  await turn();
  assert.deepEqual([told.length, batches[0]?.names], [0, ['000000-h']]);
  batches[0]?.end([saved('000000-h-2')]);
  await turn();
  assert.deepEqual(
    told.map(one => [one.index, one.outcome, one.saved]),
    [[0, 'ok', saved('000000-h-2')]],
  );
});

test('all outcomes stay in order; what comes while files are written is the next batch', async () => {
  const { saver, batches, told } = scriptedSaver();
  const invalid = new InvalidInput({ code: 'ERR_INPUT_URL', message: 'no' });
  saver.add(ok(0));
  saver.add(
    aSettled({ index: 1, tries: [aTry({ outcome: 'http_error', status: 500, body: new Uint8Array(9) })] }),
  );
  saver.add(ok(2, 0));
  await turn();
  saver.add(aSettled({ index: 3, request: invalid, outcome: 'invalid_input', tries: [] }));
  saver.add(ok(4));
  await turn();
  assert.deepEqual(
    batches.map(({ sizes }) => sizes),
    [[1, 0]],
  );
  batches[0]?.end([saved('a'), saved('b')]);
  await turn();
  assert.deepEqual(
    batches.map(({ sizes }) => sizes),
    [[1, 0], [1]],
  );
  batches[1]?.end([saved('c')]);
  await saver.end();
  assert.deepEqual(
    told.map(({ index, outcome, saved }) => [index, outcome, saved?.file]),
    [
      [0, 'ok', 'a'],
      [1, 'http_error', undefined],
      [2, 'ok', 'b'],
      [3, 'invalid_input', undefined],
      [4, 'ok', 'c'],
    ],
  );
});

test('the reader waits when too many bytes, or too many outcomes, wait for the disk; and only then', async () => {
  const cases: [count: number, bytes: number][] = [
    [2, UNSAVED_BYTES_MAX / 2 + 1],
    [UNSAVED_MAX, 0],
  ];
  for (const [count, bytes] of cases) {
    const { saver, batches } = scriptedSaver();
    const one = ok(0, bytes); // the same memory each time
    saver.add(one);
    await turn(); // being saved counts as well
    for (let i = 1; i < count; i++) {
      assert.equal(saver.room(), undefined);
      saver.add(one);
    }
    let hasRoom = false;
    const room = saver.room()?.then(() => {
      hasRoom = true;
    });
    assert.ok(room);
    await turn();
    assert.equal(hasRoom, false);
    batches[0]?.end([saved('a')]);
    await room;
    assert.equal(saver.room(), undefined);
    batches[1]?.end(Array.from({ length: count - 1 }, () => saved('a')));
    await saver.end();
  }
});

test('G07: a body that was not saved is never told as ok; the run is told once that no more can be', async () => {
  const { saver, batches, told, log } = scriptedSaver();
  for (let index = 0; index < 3; index++) saver.add(ok(index));
  await turn();
  batches[0]?.end([failed('ENOSPC'), saved('b'), failed('EIO')]);
  await saver.end();
  assert.deepEqual(
    told.map(({ outcome, error, saved, tries }) => [outcome, error?.code, saved?.file, tries[0]?.outcome]),
    [
      ['cancelled', 'BODY_NOT_SAVED', undefined, 'ok'],
      ['ok', undefined, 'b', 'ok'],
      ['cancelled', 'BODY_NOT_SAVED', undefined, 'ok'],
    ],
  );
  assert.equal(
    told[0]?.error?.message,
    'The response came whole, but its body could not be saved: the disk is full.',
  );
  assert.deepEqual(log, ['broken', 'closed']);
  assert.deepEqual([saver.isBroken, saver.failure], [true, failed('ENOSPC')]);
});

test('G09: a body larger than files may be says nothing about the others', async () => {
  const { saver, batches, told, log } = scriptedSaver();
  saver.add(ok(0));
  await turn();
  batches[0]?.end([failed('EFBIG')]);
  await saver.end();
  assert.equal(told[0]?.error?.code, 'BODY_NOT_SAVED');
  assert.deepEqual([log, saver.isBroken], [['closed'], false]);
  assert.ok(saver.failure);
});
