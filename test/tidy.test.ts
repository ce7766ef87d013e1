// Style is law only when a program checks it: borders, banned texts, lengths, dead files, pages that must
// exist. The rules themselves are tables in support/tidy-rules.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_CODES } from '../src/base/errors.ts';
import { IMPORTED, PAGE, STARTED } from '../tools/entries.ts';
import { ownFiles, parseSource, readOwn, resolveImport, type SourceFile } from './support/source-files.ts';
import * as rules from './support/tidy-rules.ts';

const paths = ownFiles();
const files = paths
  .filter(path => /\.(ts|cjs|mjs)$/.test(path))
  .map(path => parseSource(path, readOwn(path)));
const sources = files.filter(({ path }) => path.startsWith('src/'));
const noneOf = (complaints: readonly string[]): void => assert.equal(complaints.join('\n'), '');

test('every import points down the table of tidy-rules.ts', () => noneOf(sources.flatMap(importComplaints)));

test('an import that the table does not allow is a complaint', () => {
  const complaintsOf = (path: string, imported: string): number =>
    importComplaints(parseSource(path, `import { x } from '${imported}';`)).length;
  assert.equal(complaintsOf('src/engine/x.ts', '../transports/http.ts'), 1);
  assert.equal(complaintsOf('src/engine/x.ts', '../control/semaphore.ts'), 0);
  assert.equal(complaintsOf('src/transports/x.ts', '../engine/ports.ts'), 0);
  assert.equal(complaintsOf('src/transports/x.ts', '../engine/engine.ts'), 1);
  assert.equal(complaintsOf('src/engine/x.ts', 'node:fs'), 1);
  assert.equal(complaintsOf('src/platform/x.ts', 'node:fs'), 0);
  assert.equal(complaintsOf('src/base/x.ts', '../../tools/build.ts'), 1);
  assert.equal(complaintsOf('src/transports/x.ts', 'undici'), 1);
  assert.equal(complaintsOf('src/nowhere/x.ts', '../base/clock.ts'), 1);
});

function importComplaints({ path, imports }: SourceFile): string[] {
  const [, part = ''] = path.split('/');
  const allowed = rules.MAY_IMPORT[part];
  if (allowed === undefined) return [`${path}: src/${part} has no row in MAY_IMPORT`];
  return imports.flatMap(imported => {
    const complaint = importComplaint(path, part, allowed, imported);
    return complaint === null ? [] : [`${path} imports ${imported}: ${complaint}`];
  });
}

function importComplaint(
  path: string,
  part: string,
  allowed: readonly string[],
  imported: string,
): string | null {
  const target = resolveImport(path, imported);
  if (target === null) {
    if (rules.PURE_FOLDERS.includes(part)) return 'this folder is pure: it gets the machine handed in';
    if (imported.startsWith('node:') || imported.startsWith('undici/lib/')) return null;
    if (imported === rules.OPTIONAL_PEER[path]) return null;
    return 'the package has no dependencies; see docs/adr/0004-dependencies.md';
  }
  const inSource = target.replace(/^src\//, '');
  const fits = [part, ...allowed].some(row => inSource === row || inSource.startsWith(`${row}/`));
  return target.startsWith('src/') && fits
    ? null
    : `src/${part} may import ${allowed.join(', ') || 'nothing'}`;
}

test('no banned text', () => {
  const own = 'test/support/tidy-rules.ts';
  noneOf(
    files.flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          rules.BANNED.filter(
            banned =>
              path !== own &&
              banned.text.test(line) &&
              !banned.allowedIn.some(start => path.startsWith(start)),
          ).map(banned => `${path}:${index + 1} has ${banned.text}; instead: ${banned.instead}`),
        ),
    ),
  );
});

test('files, functions and lines stay short', () => {
  noneOf(
    files.flatMap(({ path, text, functions }) => {
      const lines = text.trimEnd().split('\n');
      const tooMany = lines.length > rules.LINES_PER_FILE_MAX ? [`${path} has ${lines.length} lines`] : [];
      const tooLong = functions
        .filter(({ lineCount }) => lineCount > rules.LINES_PER_FUNCTION_MAX)
        .map(({ line, lineCount }) => `${path}:${line}: a function of ${lineCount} lines`);
      const tooWide = lines.flatMap((line, index) =>
        [...line].length > rules.CHARACTERS_PER_LINE_MAX && !isOneRegExp(line)
          ? [`${path}:${index + 1} is too wide`]
          : [],
      );
      return [...tooMany, ...tooLong, ...tooWide];
    }),
  );
});

/** A regular expression cannot be broken over lines. */
function isOneRegExp(line: string): boolean {
  return /^\s*\/\S+\/[a-z]*[,;]$/.test(line);
}

test('every source file opens with a sentence about itself', () => {
  noneOf(sources.filter(({ text }) => !/^(#!.*\n)?\/(\/|\*\*?) ?\S/.test(text)).map(({ path }) => path));
});

test('no dead source file', t => {
  const entries = [...STARTED, ...Object.values(IMPORTED), PAGE];
  const unwritten = entries.filter(entry => !paths.includes(entry));
  if (unwritten.length > 0) {
    t.diagnostic(`not judged before these are written: ${unwritten.join(', ')}`);
    return;
  }
  const wanted = new Set(
    sources.flatMap(({ path, imports }) => imports.map(name => resolveImport(path, name))),
  );
  const loaded = (path: string): boolean =>
    wanted.has(path) || entries.includes(path) || path.endsWith('.d.ts');
  const isAhead = (path: string): boolean => Object.hasOwn(rules.AHEAD, path);
  noneOf(
    sources
      .filter(({ path }) => !loaded(path) && !isAhead(path))
      .map(({ path }) => `${path}: nobody imports it`),
  );
  noneOf(
    Object.keys(rules.AHEAD)
      .filter(loaded)
      .map(path => `${path}: take its row out of AHEAD`),
  );
  noneOf(
    Object.keys(rules.AHEAD)
      .filter(path => !paths.includes(path))
      .map(path => `${path}: no such file`),
  );
});

test('the root holds only what is known', () => {
  const roots = new Set(paths.map(path => path.split('/', 1)[0] ?? ''));
  noneOf([...roots].filter(name => !rules.ROOT_ENTRIES.includes(name)).map(name => `${name} in the root`));
});

test('every error code has a heading in docs/ERRORS.md, and every heading a code', () => {
  const headings = [...readOwn('docs/ERRORS.md').matchAll(/^### `(\w+)`$/gm)].map(match => match[1]);
  assert.deepEqual(headings.toSorted(), ERROR_CODES.toSorted());
});

test('S33: no dependency runs a script when it is installed', () => {
  interface Locked {
    readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
  }
  const { packages } = JSON.parse(readOwn('package-lock.json')) as Locked;
  assert.ok(Object.keys(packages).length > 1);
  noneOf(Object.keys(packages).filter(name => packages[name]?.hasInstallScript));
});

test('S33: nothing of ours runs when it is installed', () => {
  const { scripts } = JSON.parse(readOwn('package.json')) as { scripts: Record<string, string> };
  noneOf(Object.keys(scripts).filter(name => /^(pre|post)?install$|^(pre|post)?prepare$/.test(name)));
});

test('S32: no text becomes code, and only a handler is loaded by a name that is not in the source', () => {
  const isCode = /\beval\(|\bnew Function\b|\bnode:vm\b|\bimport\((?!'(\.{1,2}\/|node:|@resvg\/resvg-js'))/;
  assert.ok(isCode.test('await import(name)') && !isCode.test("await import('./x.ts')"));
  const found = sources.filter(({ text }) => isCode.test(text)).map(({ path }) => path);
  assert.deepEqual(found, ['src/executors/handlers.ts']);
});

test('decisions are numbered from 0001 without gaps', () => {
  const numbers = paths.filter(path => path.startsWith('docs/adr/')).map(path => path.slice(9, 14));
  assert.deepEqual(
    numbers.toSorted(),
    numbers.map((_, index) => `${String(index + 1).padStart(4, '0')}-`),
  );
});
