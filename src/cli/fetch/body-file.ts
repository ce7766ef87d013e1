// A file that an input names as its body: regular and bounded, relative to the folder of the list that names it.
import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PacelineError } from '../../base/errors.ts';
import { formatSize } from '../../base/units.ts';
import type { ReadFile } from '../../input/body-files.ts';
import { ioReason } from '../output/io-reason.ts';

/** @param folder that relative names start from */
export function readFilesIn(folder: string): ReadFile {
  return async (name, bytesMax) => {
    const path = resolve(folder, name);
    try {
      // Looked at before it is opened: opening a pipe could wait for ever.
      if (!(await stat(path)).isFile()) throw refuse(name, 'it is not a regular file');
      const handle = await open(path, 'r');
      try {
        const { size } = await handle.stat();
        if (size > bytesMax) throw refuse(name, `larger than ${formatSize(bytesMax)}`);
        const memory = Buffer.alloc(size);
        let at = 0;
        for (let read = -1; at < size && read !== 0; at += read) {
          read = (await handle.read(memory, at, size - at, at)).bytesRead;
        }
        return memory.subarray(0, at);
      } finally {
        await handle.close();
      }
    } catch (cause) {
      throw cause instanceof PacelineError ? cause : refuse(name, ioReason(cause), cause);
    }
  };
}

function refuse(name: string, why: string, cause?: unknown): PacelineError {
  return new PacelineError('ERR_INPUT_FILE', `cannot read @${name.slice(0, 200)}: ${why}.`, { cause });
}
