// The published package in a project of a user: it imports, it compiles, its examples and its command run.
import assert from 'node:assert/strict';
import { cpSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import * as source from '../../src/index.ts';
import * as simulationSource from '../../src/simulation/index.ts';
import { openSlowServer, type SlowServer } from '../../src/slow-server/server.ts';
import { type Packed, packPackage, ROOT, runNode } from '../support/packed.ts';

/** A ceiling with room to grow into, not a goal: somebody downloads it to send three requests. */
const PACKED_BYTES_MAX = 750_000;
const ANSWER = 'This is a slow web api\n';

let packed: Packed;
let server: SlowServer;
before(async () => {
  packed = await packPackage();
  server = await openSlowServer({ workers: 3, serviceTime: { kind: 'constant', ms: 10 } });
});
after(async () => {
  packed?.remove();
  await server?.destroy();
});

test('S33: it holds what is published and nothing else, in few bytes', () => {
  const strays = packed.paths.filter(
    path => !/^(bin\/paceline\.cjs|dist\/.+|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(path),
  );
  assert.deepEqual(strays, []);
  for (const path of [
    'bin/paceline.cjs',
    'dist/index.js',
    'dist/types/index.d.ts',
    'dist/THIRD_PARTY_LICENSES',
  ]) {
    assert.ok(packed.paths.includes(path), `${path} is missing`);
  }
  assert.ok(packed.size <= PACKED_BYTES_MAX, `${packed.size} bytes packed, ${packed.unpackedSize} unpacked`);
});

test('no file names a path of the machine that built it, and it depends on nothing', () => {
  const places = [ROOT, process.execPath, process.cwd()].map(place => place.replace(/[\\/]$/, ''));
  const naming = packed.paths.filter(path => {
    const text = readFileSync(join(packed.home, path), 'utf8');
    return places.some(place => text.includes(place));
  });
  assert.deepEqual(naming, []);
  const manifest = JSON.parse(readFileSync(join(packed.home, 'package.json'), 'utf8')) as Manifest;
  assert.ok(!('dependencies' in manifest || 'optionalDependencies' in manifest));
  const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  assert.deepEqual(Object.keys(peerDependencies), ['@resvg/resvg-js']);
  assert.deepEqual(peerDependenciesMeta, { '@resvg/resvg-js': { optional: true } });
});

interface Manifest {
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: object;
}

test('it exports what the source exports', async () => {
  for (const [name, exported] of [
    ['paceline', source],
    ['paceline/simulation', simulationSource],
  ] as const) {
    const code = `process.stdout.write(JSON.stringify(Object.keys(await import('${name}'))))`;
    const { stdout, stderr } = await runNode(packed.project, ['--input-type=module', '--eval', code]);
    assert.equal(stderr, '');
    assert.deepEqual(JSON.parse(stdout), Object.keys(exported).sort());
  }
});

test('every example runs, by hand and with paceline', async () => {
  const examples = globSync('examples/*/*.mjs', { cwd: packed.project });
  assert.ok(examples.length >= 10);
  for (const path of examples) {
    const { code, stdout, stderr } = await runNode(packed.project, [path, `${server.url}/`]);
    assert.deepEqual([code, stderr], [0, ''], path);
    const count = basename(path) === 'semaphore.mjs' ? 9 : 3;
    const expected = basename(path) === 'map-concurrent.mjs' ? SHOUTED : ANSWER.repeat(count);
    assert.equal(stdout, expected, path);
  }
});

const SHOUTED = '0: ONE\n1: TWO\nthree: no threes today\n3: FOUR\n';

test('the command runs, over every strategy', async () => {
  const bin = join(packed.home, 'bin/paceline.cjs');
  for (const strategy of source.STRATEGY_NAMES) {
    const argv = ['fetch', `${server.url}/`, '-n', '3', '-S', strategy, '-w', '2', '--format', 'body', '-q'];
    const { code, stdout, stderr } = await runNode(packed.project, [bin, ...argv]);
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: ANSWER.repeat(3), stderr: '' }, strategy);
  }
});

test('a PNG needs somebody who draws it; without, the command says what to install', async () => {
  const bin = join(packed.home, 'bin/paceline.cjs');
  const words = ['simulate', '-S', 'async', '-q', '--report', 'run.png'];
  const { code, stderr } = await runNode(packed.project, [bin, ...words], {
    PATH: '',
    PACELINE_CHROMIUM: '',
  });
  assert.equal(code, 3);
  assert.match(stderr, /^paceline: A PNG is drawn by resvg or by a Chromium, and neither was found here\./);
  assert.ok(!readdirSync(packed.project).includes('run.png'));
});

const STRICT = {
  target: 'ES2022',
  module: 'NodeNext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
};

/** Compiles everything in test/types as a user would: by the package's name, from its declarations. */
async function compile(folder: string, compilerOptions: object): Promise<string> {
  const place = join(packed.project, folder);
  cpSync(join(ROOT, 'test/types'), place, { recursive: true });
  for (const file of readdirSync(place)) {
    const text = readFileSync(join(place, file), 'utf8');
    const asUser = text.replaceAll("'../../src/index.ts'", "'paceline'");
    writeFileSync(
      join(place, file),
      asUser.replaceAll("'../../src/simulation/index.ts'", "'paceline/simulation'"),
    );
  }
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const { code, stdout } = await runNode(place, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.']);
  return `${code} ${stdout}`;
}

test('its declarations compile in a strict project on Node', async () => {
  assert.equal(await compile('on-node', { ...STRICT, types: ['node'] }), '0 ');
});

test('its declarations compile without those of Node', async () => {
  const lib = ['ES2022', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'];
  assert.equal(await compile('without-node', { ...STRICT, types: [], lib }), '0 ');
});
