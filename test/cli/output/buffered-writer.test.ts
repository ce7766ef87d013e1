import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BufferedWriter,
  type Sink,
  SYNC_EVERY_MS,
  WAITING_BYTES_MAX,
} from '../../../src/cli/output/buffered-writer.ts';
import { VirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { sealed } from '../../../src/trace/seal.ts';

/** A sink that holds each write until it is let through. */
function gatedSink() {
  const written: string[] = [];
  const gates: { open: () => void; fail: (cause: unknown) => void }[] = [];
  let isClosed = false;
  const sink: Sink = {
    lingerMs: 0,
    write: bytes =>
      new Promise((resolve, reject) => {
        gates.push({
          open() {
            written.push(Buffer.from(bytes).toString()); // read late: the memory is not used again before
            resolve();
          },
          fail: reject,
        });
      }),
    async close() {
      isClosed = true;
    },
  };
  return { sink, written, gates, isClosed: () => isClosed };
}

/** Lets what was promised happen. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

test('what is pushed in one turn is one write, and one write is under way at a time', async () => {
  const clock = new VirtualClock();
  const { sink, written, gates, isClosed } = gatedSink();
  const writer = new BufferedWriter(sink, clock);
  writer.push('a');
  writer.push('b');
  assert.equal(gates.length, 0);
  clock.step();
  assert.equal(gates.length, 1);
  writer.push('c');
  writer.push('d');
  clock.step();
  assert.equal(gates.length, 1);
  gates[0]?.open();
  await settle();
  assert.equal(gates.length, 1); // a write that ends is no reason for a small one
  clock.step();
  assert.equal(gates.length, 2);
  writer.push('e');
  const ended = writer.end();
  gates[1]?.open();
  await settle();
  gates[2]?.open();
  await ended;
  assert.deepEqual(written, ['ab', 'cd', 'e']);
  assert.equal(isClosed(), true);
});

test('text waits for as long as its sink likes, but not once there is much of it', async () => {
  const clock = new VirtualClock();
  const { sink, gates } = gatedSink();
  const writer = new BufferedWriter({ ...sink, lingerMs: 50 }, clock);
  writer.push('a');
  assert.equal(clock.nextMs(), 50);
  writer.push('b'.repeat(64 * 1024));
  assert.equal(gates.length, 1);
  gates[0]?.open();
  await settle();
  writer.push('c');
  const ended = writer.end();
  gates[1]?.open();
  await ended;
  assert.equal(clock.step(), false); // no timer is left to keep the process
});

test('whoever is too fast waits for room', async () => {
  const { sink, gates } = gatedSink();
  const writer = new BufferedWriter(sink, new VirtualClock());
  writer.push('x'.repeat(WAITING_BYTES_MAX));
  assert.equal(gates.length, 1); // under way
  writer.push('y'.repeat(WAITING_BYTES_MAX));
  assert.equal(writer.isFull, false);
  writer.push('y');
  assert.equal(writer.isFull, true);
  let hasRoom = false;
  const room = writer.room().then(() => {
    hasRoom = true;
  });
  await settle();
  assert.equal(hasRoom, false);
  gates[0]?.open();
  await room;
  assert.equal(writer.isFull, false);
});

/** What comes out when each of `pushes` finds the write before it through. */
async function writtenBy(pushes: readonly ((writer: BufferedWriter) => void)[]): Promise<string> {
  const { sink, written, gates } = gatedSink();
  const writer = new BufferedWriter(sink, new VirtualClock());
  const letThrough = async (): Promise<void> => {
    gates.shift()?.open();
    await settle();
  };
  for (const push of pushes) {
    push(writer);
    await letThrough();
  }
  const ended = writer.end();
  while (gates.length > 0) await letThrough();
  await ended;
  return written.join('');
}

test('text of any length and script arrives whole, whatever memory it finds', async () => {
  const texts = Array.from({ length: 6 }, (_, i) =>
    ['short', '\u20ac'.repeat(30_000), '\u{1f600}'.repeat(90_000), 'x'.repeat(70_000)].map(
      one => `${i} ${one}\n`,
    ),
  ).flat();
  assert.equal(await writtenBy(texts.map(text => writer => writer.push(text))), texts.join(''));
});

test('a line of a record is sealed on its way, however long it is', async () => {
  const lines = [
    '{"a":1}',
    `{"url":"${'\u20ac'.repeat(50_000)}"}`,
    `{"url":"${'x'.repeat(131_072)}"}`,
    '{"b":2}',
  ];
  const written = await writtenBy(lines.map(line => writer => writer.pushSealed(line)));
  assert.equal(written, lines.map(line => `${sealed(line)}\n`).join(''));
});

/** A sink whose writes succeed, and whose syncs wait to be let through. */
function syncedSink() {
  const syncs: { open: () => void; fail: (cause: unknown) => void }[] = [];
  let isClosed = false;
  const sink: Sink = {
    lingerMs: 50,
    write: () => Promise.resolve(),
    sync: () => new Promise((open, fail) => syncs.push({ open, fail })),
    async close() {
      isClosed = true;
    },
  };
  return { sink, syncs, isClosed: () => isClosed };
}

test('what was written is synced within a second, once for all of it, and at the end', async () => {
  const clock = new VirtualClock();
  const { sink, syncs, isClosed } = syncedSink();
  const writer = new BufferedWriter(sink, clock);
  for (let i = 0; i < 10; i++) {
    writer.push('a');
    clock.step();
    await settle();
  }
  assert.equal(syncs.length, 0);
  while (clock.step()) await settle();
  assert.equal(clock.now(), SYNC_EVERY_MS);
  assert.equal(syncs.length, 1);
  syncs[0]?.open();
  await settle();
  assert.equal(clock.step(), false); // all is synced: no timer
  writer.push('b');
  const ended = writer.end();
  await settle();
  assert.deepEqual([syncs.length, isClosed()], [2, false]);
  syncs[1]?.open();
  await ended;
  assert.equal(isClosed(), true);
  assert.equal(clock.step(), false);
});

test('J07: a sync that fails once is final: no later one is asked for, nothing more is written', async () => {
  const clock = new VirtualClock();
  const { sink, syncs } = syncedSink();
  const writer = new BufferedWriter(sink, clock);
  writer.push('a');
  while (clock.step()) await settle();
  const cause = new Error('EIO');
  syncs[0]?.fail(cause);
  await settle();
  assert.equal(writer.failure?.cause, cause);
  writer.push('b');
  assert.equal(await writer.written(), false);
  await writer.end();
  assert.equal(syncs.length, 1);
});

test('whoever asks is told when it was handed over, and those who ask meanwhile share one write', async () => {
  const { sink, gates, written } = gatedSink();
  const clock = new VirtualClock();
  const writer = new BufferedWriter({ ...sink, lingerMs: 50 }, clock);
  const told: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    writer.push(name);
    void writer.written().then(is => told.push(`${name} ${is}`));
  }
  assert.equal(gates.length, 1); // it does not linger
  gates[0]?.open();
  await settle();
  assert.deepEqual([told, written], [['a true'], ['a']]);
  gates[1]?.open();
  await settle();
  assert.deepEqual(
    [told, written],
    [
      ['a true', 'b true', 'c true'],
      ['a', 'bc'],
    ],
  );
  writer.push('d');
  const last = writer.written();
  gates[2]?.fail(new Error('full'));
  assert.equal(await last, false);
});

test('a failed write is remembered, frees who waits, and nothing more is written', async () => {
  const { sink, gates, isClosed } = gatedSink();
  const writer = new BufferedWriter(sink, new VirtualClock());
  const cause = new Error('full');
  writer.push('x'.repeat(WAITING_BYTES_MAX + 1));
  const room = writer.room();
  gates[0]?.fail(cause);
  await room;
  writer.push('more');
  await writer.end();
  assert.equal(writer.failure?.cause, cause);
  assert.equal(gates.length, 1);
  assert.equal(isClosed(), true);
});
