// The folder of `--output-dir`, opened before anything is sent: one that cannot be written to is found at once.
import { PacelineError } from '../../base/errors.ts';
import { errorCode, ioReason } from '../output/io-reason.ts';
import type { BodyStore } from './body-saver.ts';

/** @throws ERR_IO_WRITE when it is no folder, or no file can be made in it */
export async function openFolder(path: string): Promise<BodyStore> {
  const { OutputFolder } = await import('../../platform/output-folder.ts'); // with node:crypto, 15 ms
  try {
    return await OutputFolder.open(path);
  } catch (cause) {
    const why = errorCode(cause) === 'EEXIST' ? 'it is not a directory' : ioReason(cause);
    throw new PacelineError('ERR_IO_WRITE', `--output-dir ${path}: cannot save files there: ${why}.`, {
      cause,
    });
  }
}
