// How the command starts: an old Node is told what is needed, a checkout without a build runs the source.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { VERSION } from '../../src/base/version.ts';
import { ROOT, runNode } from '../support/packed.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-bin-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** A module that makes Node say it were another one. */
function pretend(version: string): string {
  const file = join(folder, `${version}.cjs`);
  const versions = `{ ...process.versions, node: '${version}' }`;
  writeFileSync(file, `Object.defineProperty(process, 'versions', { value: ${versions} });`);
  return file;
}

/** A copy of the command, with what it finds beside it. */
function install(name: string, ...linked: readonly string[]): string {
  mkdirSync(join(folder, name));
  cpSync(join(ROOT, 'bin'), join(folder, name, 'bin'), { recursive: true });
  for (const part of linked) symlinkSync(join(ROOT, part), join(folder, name, part), 'junction');
  return join(folder, name, 'bin/paceline.cjs');
}

test('S34: a Node that is too old is told so in one line, with exit code 2', async () => {
  const bin = join(ROOT, 'bin/paceline.cjs');
  for (const version of ['0.10.48', '12.22.12', '20.19.5', '22.18.0']) {
    const { code, stdout, stderr } = await runNode(ROOT, ['-r', pretend(version), bin, '--version']);
    assert.deepEqual([code, stdout], [2, ''], version);
    const said = `paceline: needs Node 22.19 or newer, this is ${version} (${process.execPath}).`;
    assert.equal(stderr, `${said} Install a newer one from https://nodejs.org.\n`);
  }
});

test('a Node that is new enough runs it; in a checkout without a build, from the source', async () => {
  const bin = install('checkout', 'src', 'tools');
  for (const version of ['22.19.0', '24.0.0', '100.0.0']) {
    const { code, stdout, stderr } = await runNode(ROOT, ['-r', pretend(version), bin, '--version']);
    assert.equal(stderr, '');
    assert.equal(code, 0);
    assert.ok(stdout.includes(VERSION), stdout);
  }
});

test('without a build and without a source it says what is missing, with exit code 3', async () => {
  const { code, stderr } = await runNode(ROOT, [install('broken'), '--version']);
  assert.equal(code, 3);
  assert.match(
    stderr,
    /^paceline: .*main\.cjs is missing\. Run `npm run build`, or install paceline again\.\n$/,
  );
});
