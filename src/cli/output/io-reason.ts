// Why a file could not be read or written, in words.

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'it is larger than files may be here; see ulimit -f',
  ESTALE: 'the directory was replaced by another',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many files are open; see ulimit -n',
  EIO: 'the disk reported an error',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
};

/** Without a full stop. */
export function ioReason(cause: unknown): string {
  const code = errorCode(cause);
  const known = code === undefined ? undefined : REASONS[code];
  if (known !== undefined) return known;
  return code ?? (cause instanceof Error ? cause.message : String(cause));
}

/** The system's name of an error: `ENOENT`. */
export function errorCode(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
