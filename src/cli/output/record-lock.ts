// One writer for each record: `FILE.lock` beside it, while it is written.
import { PacelineError } from '../../base/errors.ts';
import { type HeldLock, takeLock } from '../../platform/lock-file.ts';
import { realPathOf } from '../../platform/open-file.ts';
import { errorCode, ioReason } from './io-reason.ts';

/** The folder cannot be written to, or is not there: the record itself will tell, or needs no new entry. */
const NO_LOCK_THERE: ReadonlySet<string | undefined> = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG'],
]);

/**
 * By whatever name the record is called, the lock lies beside the file itself. Null where a folder takes no new file:
 * then there is none.
 * @throws ERR_IO_LOCKED, ERR_IO_WRITE
 */
export async function lockRecord(recordPath: string): Promise<HeldLock | null> {
  const path = `${await realPathOf(recordPath).catch(() => recordPath)}.lock`;
  let taken: ReturnType<typeof takeLock>;
  try {
    taken = takeLock(path);
  } catch (cause) {
    if (NO_LOCK_THERE.has(errorCode(cause))) return null;
    throw new PacelineError('ERR_IO_WRITE', `Cannot write ${path}: ${ioReason(cause)}.`, { cause });
  }
  if (taken === 'foreign') {
    throw new PacelineError(
      'ERR_IO_LOCKED',
      `${path} is no lock of paceline. Remove it, or choose another -o.`,
    );
  }
  if (!('heldBy' in taken)) return taken;
  const { pid, host } = taken.heldBy;
  const who =
    host === null
      ? `process ${pid} writes to it. Wait for it to end`
      : `process ${pid} of the machine ${host} writes to it, or was killed. If that one is gone, remove ${path}`;
  throw new PacelineError('ERR_IO_LOCKED', `-o ${recordPath}: ${who}, or choose another file.`);
}
