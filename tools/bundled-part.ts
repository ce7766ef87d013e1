// A part of a campaign as one file of plain JavaScript, for a Node that reads no TypeScript.
import { join } from 'node:path';
import { rolldown } from 'rolldown';

export const PART = join(import.meta.dirname, '../test/property/campaign-part.ts');

/** What Node 20 lacks. */
const BANNER = `Promise.withResolvers ??= function () {
  const all = {};
  all.promise = new this((resolve, reject) => Object.assign(all, { resolve, reject }));
  return all;
};`;

/** @returns the file's path @param folder where it is written */
export async function bundlePart(folder: string): Promise<string> {
  const build = await rolldown({ input: PART, platform: 'node' });
  await build.write({
    dir: folder,
    format: 'es',
    entryFileNames: 'campaign-part.mjs',
    codeSplitting: false,
    banner: BANNER,
  });
  await build.close();
  return join(folder, 'campaign-part.mjs');
}
