// I64: the same seeds give the same trace, event for event, in another process, on another version of Node.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundlePart, PART } from '../../tools/bundled-part.ts';
import type { CampaignPart } from './campaign-part.ts';

/** 1 to 99 without those of thousands of requests, which are every twentieth. */
const RANGE = ['1', '99', '2'];

const partOf = (node: string, script: string): CampaignPart =>
  JSON.parse(execFileSync(node, [script, ...RANGE], { encoding: 'utf8' }));

test('I64: the same trace on the Node that npm was started with', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-part-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const here = partOf(process.execPath, PART);
  const there = partOf(process.env.npm_node_execpath ?? process.execPath, await bundlePart(folder));
  t.diagnostic(`Node ${here.node} and ${there.node}`);
  assert.deepEqual(there.broken, []);
  assert.equal(there.hash, here.hash);
  assert.ok(here.requests > 500, `${here.requests}`);
});
