// Where a worker's entry file is. In a checkout that is the source file itself (Node strips the types);
// in the built package every entry lies beside this code, flat in `dist`, under the same base name.

/**
 * The file to start a worker thread or a child process from, named by its path under `src`:
 * `ownFile('executors/thread-entry.ts')`. Give `Worker` the URL, `fork` the `fileURLToPath` of it.
 * Each such file must be listed as an entry in `tools/build.ts`, or the built package lacks it.
 * `self` is where this code itself runs from; only tests give it.
 */
export function ownFile(sourcePath: `${string}.ts`, self: string = import.meta.url): URL {
  if (self.endsWith('.ts')) return new URL(`../${sourcePath}`, self);
  const baseName = sourcePath.slice(sourcePath.lastIndexOf('/') + 1, -'.ts'.length);
  return new URL(`./${baseName}.cjs`, self);
}
