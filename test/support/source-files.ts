// The repository's own files as the tidy rules see them: text, imports and functions, read once.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'rolldown/parseAst';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface SourceFile {
  /** From the root, with forward slashes: `src/base/clock.ts`. */
  readonly path: string;
  readonly text: string;
  /** Every module it names in an import, an export or an `import()`, in order. */
  readonly imports: readonly string[];
  readonly functions: readonly FunctionSpan[];
}

export interface FunctionSpan {
  /** Counted from 1. */
  readonly line: number;
  readonly lineCount: number;
}

/** Files that git tracks or would track: what is ignored is nobody's concern, nor what was just deleted. */
export function ownFiles(): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '-z'];
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return listed.filter(path => path !== '' && existsSync(join(ROOT, path)));
}

export function readOwn(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function parseSource(path: string, text: string): SourceFile {
  const imports: string[] = [];
  const functions: FunctionSpan[] = [];
  visit(parseAst(text, { lang: path.endsWith('.ts') ? 'ts' : 'js' }), node => {
    const { source } = node;
    if (isNode(source) && typeof source.value === 'string') imports.push(source.value);
    if (/Function/.test(String(node.type)) && isNode(node.body)) functions.push(spanOf(node, text));
  });
  return { path, text, imports, functions };
}

/** `./queue.ts` in `src/base/heap.ts` is `src/base/queue.ts`; null for a package or a built-in module. */
export function resolveImport(importer: string, imported: string): string | null {
  return imported.startsWith('.') ? posix.join(posix.dirname(importer), imported) : null;
}

type Node = Record<string, unknown>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (!isNode(value)) return;
  if (typeof value.type === 'string') see(value);
  for (const child of Object.values(value)) visit(child, see);
}

function spanOf(node: Node, text: string): FunctionSpan {
  const start = Number(node.start);
  const line = text.slice(0, start).split('\n').length;
  return { line, lineCount: text.slice(start, Number(node.end)).split('\n').length };
}
