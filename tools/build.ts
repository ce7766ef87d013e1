// Builds what is published: `src` bundled into `dist`, undici inside it, so that the package has no
// dependencies and starts fast. The command and its workers are CommonJS, which Node starts some
// milliseconds sooner than ES modules; the library is ES modules. `--types` adds the declarations.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { IMPORTED, STARTED } from './entries.ts';
import { copyFallbackParser, leanUndici } from './lean-undici.ts';
import { bundlePage } from './page.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DIST = join(ROOT, 'dist');

/**
 * What every start needs, in one file: left to itself, the bundler makes a dozen small ones of it, and each costs the
 * start of the command, and of each worker, some tenths of a millisecond.
 */
const GROUND = /\/src\/(?:base|model|control)\/(?!nearest|check|[a-z]+-checks)/;

/**
 * What commands share beyond that, by who needs it: left to itself, the bundler cuts it along every border between
 * two commands. What is said and counted is apart from what is drawn, since a run that draws nothing needs the former
 * alone. The first row takes what several would.
 */
const SHARED = [
  {
    name: 'said',
    test: new RegExp(
      '/src/(?:timeline/(?:escape|caption|wrapped)|reports/(?:wrap-words|columns|csv-line)|' +
        'trace/(?:histogram|overlap|waiting|summary|json-text))\\.ts',
    ),
  },
  { name: 'inputs', test: /\/src\/(?:input\/(?!formats)|cli\/fetch\/(?:input-files|body-file))/ },
  { name: 'drawn', test: /\/src\/timeline\// },
];

type Format = 'cjs' | 'es';

async function bundle(entries: Readonly<Record<string, string>>, format: Format): Promise<void> {
  const ending = format === 'cjs' ? 'cjs' : 'js';
  const lean = leanUndici();
  const external = ['@resvg/resvg-js']; // an optional peer, looked for when it is wanted
  const build = await rolldown({
    cwd: ROOT,
    input: entries,
    platform: 'node',
    external,
    plugins: [lean.plugin],
  });
  const { output } = await build.write({
    dir: DIST,
    format,
    exports: 'named',
    entryFileNames: `[name].${ending}`,
    chunkFileNames: `${format === 'cjs' ? 'part' : 'lib'}-[name]-[hash].${ending}`,
    codeSplitting: { groups: [{ name: 'ground', test: GROUND }, ...(format === 'cjs' ? SHARED : [])] },
  });
  await build.close();
  const bundled = output.flatMap(chunk => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  if (bundled.some(id => id.includes('/undici/lib/dispatcher/client.'))) lean.assertAllUsed();
  assertOnlyUndici(bundled);
}

/** A second package in the bundle would need its licence beside undici's, and a line in docs/adr/0004. */
function assertOnlyUndici(moduleIds: readonly string[]): void {
  const stranger = moduleIds.find(id => id.includes('/node_modules/') && !id.includes('/undici/'));
  if (stranger !== undefined) throw new Error(`${stranger} would be bundled; only undici may be.`);
}

function writeLicences(): void {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('undici/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const licence = readFileSync(join(manifest, '../LICENSE'), 'utf8');
  writeFileSync(
    join(DIST, 'THIRD_PARTY_LICENSES'),
    `Bundled into these files: undici ${version}\n\n${licence}`,
  );
}

function emitTypes(): void {
  const tsc = createRequire(import.meta.url).resolve('typescript/package.json');
  const project = join(ROOT, 'tools/tsconfig.types.json');
  const { status } = spawnSync(process.execPath, [join(tsc, '../bin/tsc'), '-p', project], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('tsc could not write the declarations; its words are above.');
}

const started = Object.fromEntries(
  STARTED.map(path => [path.slice(path.lastIndexOf('/') + 1, -'.ts'.length), path]),
);

rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST);
await bundle(started, 'cjs');
await bundle(IMPORTED, 'es');
copyFallbackParser(DIST);
writeFileSync(join(DIST, 'report-page.html'), await bundlePage());
writeLicences();
if (process.argv.includes('--types')) emitTypes();
