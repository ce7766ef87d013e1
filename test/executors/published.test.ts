import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { test } from 'node:test';
import type { AttemptEnd } from '../../src/index.ts';
import { mapConcurrent } from '../../src/index.ts';
import { collect } from '../support/collect.ts';

interface Event {
  readonly attempt: { readonly index: number; readonly lane: number; readonly number: number };
  readonly end?: AttemptEnd;
}

test('whoever subscribes to the channels hears of every attempt, start and end', async () => {
  const log: string[] = [];
  const hear = (message: unknown): void => {
    const { attempt, end } = message as Event;
    log.push(
      `${attempt.index} on lane ${attempt.lane} ${end ? end.outcome : `starts, try ${attempt.number}`}`,
    );
  };
  subscribe('paceline:attempt:start', hear);
  subscribe('paceline:attempt:end', hear);
  await collect(mapConcurrent([1, 2], item => item, { concurrency: 1 }));
  unsubscribe('paceline:attempt:start', hear);
  unsubscribe('paceline:attempt:end', hear);
  await collect(mapConcurrent([3], item => item));
  assert.deepEqual(log, [
    '0 on lane 0 starts, try 1',
    '0 on lane 0 ok',
    '1 on lane 0 starts, try 1',
    '1 on lane 0 ok',
  ]);
});
