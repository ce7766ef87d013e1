// The files that something outside `src` loads by name: all that the bundle is built from.

/** Started or imported by file name: the command, the workers, a handler. Flat in dist, by base name. */
export const STARTED = [
  'src/cli/main.ts',
  'src/executors/thread-entry.ts',
  'src/executors/process-entry.ts',
  'src/slow-server/worker-entry.ts',
  'src/cli/compare/burn-cpu.ts',
];

/** Imported by name: the `exports` of package.json. */
export const IMPORTED: Readonly<Record<string, string>> = {
  index: 'src/index.ts',
  simulation: 'src/simulation/index.ts',
};

/** The program of the HTML report's page; it becomes part of a file of its own in dist (tools/page.ts). */
export const PAGE = 'src/page/main.ts';
