// An intent stands in the file before whoever announced it hears of it, and not at all once the file is lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outputs } from '../../../src/cli/fetch/outputs.ts';
import { Intents } from '../../../src/cli/journal/intents.ts';
import { BufferedWriter, type Sink } from '../../../src/cli/output/buffered-writer.ts';
import { VirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { intentLine, resumedLine } from '../../../src/trace/line.ts';
import { sealed } from '../../../src/trace/seal.ts';
import { A_RUN } from '../../support/random-record.ts';

function outputsTo(write: (text: string) => Promise<void>, name = 'run.ndjson'): Outputs {
  const sink: Sink = {
    lingerMs: 50,
    close: () => Promise.resolve(),
    write: bytes => write(bytes.toString()),
  };
  const writer = new BufferedWriter(sink, new VirtualClock());
  return new Outputs([{ name, format: 'ndjson', writer, opening: null }], {
    bodies: 'auto',
    savedBodies: 'none',
    escapes: false,
  });
}

test('who asks before there is a record waits for it; then it stands in the file before they hear', async () => {
  let file = '';
  const outputs = outputsTo(async text => {
    file += text;
  });
  const intents = new Intents();
  const heard: string[] = [];
  const both = [3, 4].map(index =>
    intents
      .announce(index, 1)
      .then(isWritten => heard.push(`${index} ${isWritten} ${file.split('\n').length - 1}`)),
  );
  await Promise.resolve();
  assert.deepEqual(heard, []);
  outputs.begin(A_RUN);
  intents.attach(intent => outputs.announce(intent));
  await Promise.all(both);
  assert.deepEqual(heard, ['3 true 3', '4 true 3']);
  assert.equal(await intents.announce(5, 2), true);
  assert.ok(file.endsWith(`${sealed(intentLine({ index: 5, attempt: 2 }))}\n`));
});

test('a run that goes on says so before its first intent', async () => {
  let file = '';
  const outputs = outputsTo(async text => {
    file += text;
  });
  const resumed = { started: A_RUN.started, atMs: 5, strategy: 'async', concurrency: null, seed: 1 };
  outputs.begin(A_RUN, resumed);
  assert.equal(outputs.isRecordAsItWas, true);
  await outputs.announce({ index: 0, attempt: 1 });
  assert.equal(
    file,
    [resumedLine(resumed), intentLine({ index: 0, attempt: 1 })].map(line => `${sealed(line)}\n`).join(''),
  );
  assert.equal(outputs.isRecordAsItWas, false);
});

test('no record, no intents: stdout gets none and nobody waits', async () => {
  let text = '';
  const outputs = outputsTo(async more => {
    text += more;
  }, 'stdout');
  assert.equal(await outputs.announce({ index: 0, attempt: 1 }), true);
  assert.equal(text, '');
});

test('a record that is lost, or never came: nothing that asks may start', async () => {
  const lost = outputsTo(() => Promise.reject(new Error('full')));
  assert.equal(await lost.announce({ index: 0, attempt: 1 }), false);
  const intents = new Intents();
  const early = intents.announce(0, 1);
  intents.abandon();
  assert.deepEqual([await early, await intents.announce(1, 1)], [false, false]);
});
