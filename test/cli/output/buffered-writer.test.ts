import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BufferedWriter, type Sink, WAITING_BYTES_MAX } from '../../../src/cli/output/buffered-writer.ts';
import { VirtualClock } from '../../../src/simulation/virtual-clock.ts';

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

test('text of any length and script arrives whole, whatever memory it finds', async () => {
  const { sink, written, gates } = gatedSink();
  const writer = new BufferedWriter(sink, new VirtualClock());
  const pushed: string[] = [];
  for (let i = 0; i < 6; i++) {
    for (const one of ['short', '\u20ac'.repeat(30_000), '\u{1f600}'.repeat(90_000), 'x'.repeat(70_000)]) {
      const text = `${i} ${one}\n`;
      pushed.push(text);
      writer.push(text);
      gates.shift()?.open();
      await settle();
    }
  }
  const ended = writer.end();
  for (let i = 0; i < 5; i++) {
    gates.shift()?.open();
    await settle();
  }
  await ended;
  assert.equal(written.join(''), pushed.join(''));
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
