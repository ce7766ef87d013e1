import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacelineError } from '../../../src/base/errors.ts';
import { exitCodeOf } from '../../../src/cli/exit-codes.ts';
import { explainError, speakerOn } from '../../../src/cli/terminal/messages.ts';
import { testIo } from '../../support/test-io.ts';

test("a user's mistake is one line and its code; a bug brings its stack and asks for a report", () => {
  const io = testIo();
  assert.equal(explainError(new PacelineError('ERR_OPTION_INVALID', '-c: bad \x1b[2J'), io), 2);
  assert.equal(io.stderr.text(), 'paceline: -c: bad \\x1b[2J\n');
  assert.equal(explainError(new TypeError('oops'), io), 70);
  assert.match(io.stderr.text(), /^paceline: this is a bug of paceline.*\npaceline: TypeError: oops\n.* at /);
  assert.equal(explainError(new PacelineError('ERR_BUG', 'broken'), io), 70);
});

test('exit codes follow the kind of error', () => {
  assert.equal(exitCodeOf('ERR_OPTION_CONFLICT'), 2);
  assert.equal(exitCodeOf('ERR_HANDLER_LOAD'), 2);
  assert.equal(exitCodeOf('ERR_IO_READ'), 3);
  assert.equal(exitCodeOf('ERR_ENV_PORT'), 3);
  assert.equal(exitCodeOf('ERR_BUG'), 70);
});

test('-q holds back talk, not complaints', () => {
  const io = testIo();
  const { say, warn, complain } = speakerOn(io, { quiet: true });
  say('a');
  warn('b');
  complain('c');
  assert.equal(io.stderr.text(), 'paceline: c\n');
});
