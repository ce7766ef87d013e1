import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeWithDescriptors } from '../support/few-descriptors.ts';
import { fixture } from '../support/open-pool.ts';

test('processes that cannot be started for want of descriptors are an outcome, not a crash', {
  skip: process.platform === 'win32' && 'needs ulimit',
}, async () => {
  const ran = await nodeWithDescriptors(100, [fixture('no-descriptors').path]);
  assert.deepEqual(ran, { code: 0, stdout: 'cancelled ERR_ENV_WORKERS', stderr: '' });
});
