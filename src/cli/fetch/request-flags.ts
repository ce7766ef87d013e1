// The flags that shape every request, as curl has them: -X, -H, -d.
import { PacelineError } from '../../base/errors.ts';
import type { RequestDefaults } from '../../input/defaults.ts';
import { addHeaderLine, checkMethod } from '../../input/headers.ts';
import type { FlagValues } from '../flags/command-line.ts';
import { ioReason } from '../output/io-reason.ts';

/** @throws ERR_OPTION_INVALID, or ERR_IO_READ for the file of `-d @FILE` */
export async function requestDefaults(flags: FlagValues): Promise<RequestDefaults> {
  const headers: string[] = [];
  for (const line of flags.header ?? []) checked('-H', () => addHeaderLine(headers, line));
  const { method } = flags;
  return {
    method: method === undefined ? null : checked('-X', () => checkMethod(method)),
    headers,
    body: flags.data === undefined ? null : await bodyOf(flags.data),
    bodyType: 'application/x-www-form-urlencoded',
  };
}

function checked<T>(flag: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof PacelineError)) throw error;
    throw new PacelineError('ERR_OPTION_INVALID', `${flag}: ${error.message}`);
  }
}

/** The text itself, or the bytes of the file behind an `@`, as they are. */
async function bodyOf(data: string): Promise<Uint8Array | string> {
  if (!data.startsWith('@')) return data;
  const path = data.slice(1);
  try {
    const { readFile } = await import('node:fs/promises'); // loading it costs more than most runs need
    return await readFile(path);
  } catch (cause) {
    throw new PacelineError('ERR_IO_READ', `-d @${path}: ${ioReason(cause)}.`, { cause });
  }
}
