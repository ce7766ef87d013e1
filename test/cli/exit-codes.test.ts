// The exit code as a table: what happened, in what order, and the one code that says it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT, exitCodeAfter, exitCodeOf } from '../../src/cli/exit-codes.ts';
import { type EndingFacts, howItEnded } from '../../src/cli/fetch/how-it-ended.ts';
import { helpOf } from '../../src/cli/flags/help.ts';
import type { RunEnding } from '../../src/model/record.ts';
import { readOwn } from '../support/source-files.ts';

const FAILED = { hasFailed: true };
const DISK = { outputsFailed: true };
const LEFT = { outputsFailed: true, readerHasLeft: true };
const by = (code: string) => ({ endedEarlyBy: { code, message: '' } });

test('how a run has ended: this side outranks the rest, and of the rest the first counts', () => {
  const cases: [facts: Partial<EndingFacts>, ended: RunEnding][] = [
    [{}, 'complete'],
    [by('INTERRUPTED'), 'interrupted'],
    [by('RUN_DEADLINE'), 'deadline'],
    [by('RUN_FAILED'), 'failed'],
    [FAILED, 'local_failure'],
    [{ ...FAILED, ...by('RUN_FAILED') }, 'local_failure'],
    [{ ...FAILED, ...LEFT }, 'local_failure'],
    [{ ...DISK, ...by('OUTPUT_LOST') }, 'local_failure'],
    [{ ...DISK, ...by('INTERRUPTED') }, 'local_failure'],
    // `| head -1`: nobody's mistake, unless something else had ended the run before.
    [{ ...LEFT, ...by('OUTPUT_LOST') }, 'interrupted'],
    [{ ...LEFT, ...by('RUN_FAILED') }, 'failed'],
    [LEFT, 'interrupted'],
  ];
  const none = { hasFailed: false, outputsFailed: false, readerHasLeft: false, endedEarlyBy: null };
  for (const [facts, ended] of cases)
    assert.equal(howItEnded({ ...none, ...facts }), ended, JSON.stringify(facts));
});

test('L11: 2 > 3 > 130, 143, 4, 10 by what was first > 99 > 1 > 0', () => {
  const good = { signalCode: null, isAllOk: true, doAllChecksHold: true };
  const bad = { isAllOk: false, doAllChecksHold: false };
  const cases: [ended: RunEnding, more: Partial<typeof good> | { signalCode: number }, code: number][] = [
    ['complete', {}, 0],
    ['complete', { isAllOk: false }, 1],
    ['complete', { doAllChecksHold: false }, 99],
    ['complete', bad, 99],
    ['deadline', {}, 10],
    ['deadline', bad, 10],
    ['failed', bad, 4],
    ['interrupted', { ...bad, signalCode: 130 }, 130],
    ['interrupted', { ...bad, signalCode: 143 }, 143],
    ['local_failure', { ...bad, signalCode: 130 }, 3],
    // ^C while it drained: it had ended before.
    ['failed', { ...bad, signalCode: 130 }, 4],
    ['deadline', { ...bad, signalCode: 143 }, 10],
    // The reader of stdout has left.
    ['interrupted', bad, 0],
  ];
  for (const [ended, more, code] of cases)
    assert.equal(exitCodeAfter({ ...good, ended, ...more }), code, `${ended} ${JSON.stringify(more)}`);
  assert.equal(exitCodeOf('ERR_OPTION_INVALID'), 2);
  assert.equal(exitCodeOf('ERR_IO_WRITE'), 3);
});

test('every exit code that a run can have is in the help of fetch and in the README', () => {
  const help = helpOf('fetch', ['fetch']).replace(/\s+/g, ' ');
  const readme = readOwn('README.md');
  for (const code of Object.values(EXIT)) {
    if (code === EXIT.bug) continue;
    assert.match(help, new RegExp(`Exit: .*\\b${code} `), `${code} in the help`);
    assert.match(
      readme,
      new RegExp(`The exit code says how it went: [^]*\\b${code} `),
      `${code} in the README`,
    );
  }
});
