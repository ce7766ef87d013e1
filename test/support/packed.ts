// The package as npm would publish it, unpacked into a project that uses it: what users get, not what lies
// in the checkout.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUILD = join(ROOT, 'tools/build.ts');

export interface Ran {
  /** The exit code. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node in `cwd` to its end, whatever that is. @param more of its environment */
export async function runNode(
  cwd: string,
  argv: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...more };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, argv, { cwd, env });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout: stdout ?? '', stderr: stderr ?? '' };
  }
}

export interface Packed {
  /** The tarball, in bytes. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly paths: readonly string[];
  /** A project with the package installed, and the examples beside it. */
  readonly project: string;
  /** The package inside the project. */
  readonly home: string;
  remove(): void;
}

/** Packs what `npm test` has built; builds it first where that was left out. */
export async function packPackage(): Promise<Packed> {
  if (!existsSync(join(ROOT, 'dist/types/index.d.ts'))) await runNode(ROOT, [BUILD, '--types']);
  const project = mkdtempSync(join(tmpdir(), 'paceline-package-'));
  const home = join(project, 'node_modules/paceline');
  mkdirSync(home, { recursive: true });
  const npm = ['pack', '--json', '--offline', '--ignore-scripts', '--pack-destination', project];
  const { stdout } = await runNpm([...npm, '--cache', join(project, '.npm')]);
  const [told] = JSON.parse(stdout) as [
    { filename: string; size: number; unpackedSize: number; files: { path: string }[] },
  ];
  await promisify(execFile)('tar', [
    '-xzf',
    join(project, told.filename),
    '--strip-components=1',
    '-C',
    home,
  ]);
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }');
  cpSync(join(ROOT, 'examples'), join(project, 'examples'), { recursive: true });
  // Only for compiling: the declarations of Node, which every TypeScript project on it has.
  for (const name of ['@types', 'undici-types']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name), 'junction');
  }
  return {
    size: told.size,
    unpackedSize: told.unpackedSize,
    paths: told.files.map(({ path }) => path).sort(),
    project,
    home,
    remove: () => rmSync(project, { recursive: true, force: true }),
  };
}

/** The npm that runs the tests, or the one of the system. */
async function runNpm(argv: readonly string[]): Promise<{ stdout: string }> {
  const script = process.env.npm_execpath;
  const run = promisify(execFile);
  const options = { cwd: ROOT, maxBuffer: 2 ** 24 };
  if (script?.endsWith('.js')) return await run(process.execPath, [script, ...argv], options);
  return await run('npm', argv, { ...options, shell: process.platform === 'win32' });
}
