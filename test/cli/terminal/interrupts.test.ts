import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { type InterruptSignal, onInterrupt } from '../../../src/cli/terminal/interrupts.ts';

test('the first signal drains, the second aborts, the third leaves; the first one names the exit code', () => {
  const cases: [signals: InterruptSignal[], log: string[], code: number | null][] = [
    [[], [], null],
    [['SIGINT'], ['drain SIGINT'], 130],
    [['SIGINT', 'SIGINT', 'SIGINT'], ['drain SIGINT', 'abort SIGINT', 'exit 130'], 130],
    [['SIGTERM', 'SIGINT', 'SIGINT'], ['drain SIGTERM', 'abort SIGINT', 'exit 143'], 143],
  ];
  for (const [signals, expected, code] of cases) {
    const source = new EventEmitter();
    const log: string[] = [];
    const interrupts = onInterrupt(source, {
      drain: signal => log.push(`drain ${signal}`),
      abort: signal => log.push(`abort ${signal}`),
      exit: status => log.push(`exit ${status}`),
    });
    for (const signal of signals) source.emit(signal);
    assert.deepEqual(log, expected);
    assert.equal(interrupts.exitCode(), code);
    interrupts.stop();
    assert.equal(source.listenerCount('SIGINT') + source.listenerCount('SIGTERM'), 0);
  }
});
