// A file that an input names as its body: regular and bounded, relative to the folder of the list that names it.
import { resolve } from 'node:path';
import { PacelineError } from '../../base/errors.ts';
import { formatSize } from '../../base/units.ts';
import type { ReadFile } from '../../input/body-files.ts';
import { factsOf, OpenFile } from '../../platform/open-file.ts';
import { ioReason } from '../output/io-reason.ts';

/** @param folder that relative names start from */
export function readFilesIn(folder: string): ReadFile {
  return async (name, bytesMax) => {
    const path = resolve(folder, name);
    try {
      // Looked at before it is opened: opening a pipe could wait for ever.
      if (!(await factsOf(path)).isFile()) throw refuse(name, 'it is not a regular file');
      const file = await OpenFile.open(path, 'r');
      try {
        const { size } = await file.facts();
        if (size > bytesMax) throw refuse(name, `larger than ${formatSize(bytesMax)}`);
        const memory = Buffer.alloc(size);
        let at = 0;
        for (let read = -1; at < size && read !== 0; at += read) {
          read = await file.read(memory.subarray(at), at);
        }
        return memory.subarray(0, at);
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw cause instanceof PacelineError ? cause : refuse(name, ioReason(cause), cause);
    }
  };
}

function refuse(name: string, why: string, cause?: unknown): PacelineError {
  return new PacelineError('ERR_INPUT_FILE', `cannot read @${name.slice(0, 200)}: ${why}.`, { cause });
}
