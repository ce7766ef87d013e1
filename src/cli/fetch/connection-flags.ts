// The flags that say how connections are made, as options of the run. Files that cannot be used are found here,
// before anything is sent.
import { PacelineError } from '../../base/errors.ts';
import {
  CA_BYTES_MAX,
  type ConnectionSettings,
  checkedCaCert,
  checkedSocketPath,
  parseProxy,
} from '../../engine/connection-plan.ts';
import { checkAuthorities } from '../../platform/authorities.ts';
import { factsOf } from '../../platform/open-file.ts';
import type { FlagValues } from '../flags/command-line.ts';
import { ioReason } from '../output/io-reason.ts';

/** @throws ERR_OPTION_INVALID, ERR_OPTION_CONFLICT, ERR_IO_READ, each naming the flag */
export async function connectionSettings(flags: FlagValues): Promise<ConnectionSettings> {
  const { insecure, cacert, proxy } = flags;
  const unixSocket = flags['unix-socket'];
  if (proxy !== undefined && unixSocket !== undefined) {
    throw new PacelineError('ERR_OPTION_CONFLICT', '--proxy and --unix-socket exclude each other.');
  }
  if (proxy !== undefined) parseProxy('--proxy', proxy); // refused under the name that was typed
  if (unixSocket !== undefined) await checkSocket(unixSocket);
  return {
    ...(insecure && { insecure }),
    ...(cacert !== undefined && { caCert: await authoritiesIn(cacert) }),
    ...(proxy !== undefined && { proxy }),
    ...(unixSocket !== undefined && { unixSocket }),
  };
}

async function authoritiesIn(path: string): Promise<string> {
  let pem: string;
  try {
    const { size } = await factsOf(path);
    if (size > CA_BYTES_MAX) throw new Error('it is larger than 16 MiB');
    const { readFile } = await import('node:fs/promises'); // loading it costs more than most runs need
    pem = await readFile(path, 'latin1');
  } catch (cause) {
    throw new PacelineError('ERR_IO_READ', `--cacert ${path}: ${ioReason(cause)}.`, { cause });
  }
  const name = `--cacert ${path}`;
  checkAuthorities(name, checkedCaCert(name, pem));
  return pem;
}

async function checkSocket(path: string): Promise<void> {
  checkedSocketPath('--unix-socket', path);
  if (process.platform === 'win32') return; // named pipes are not in the file system
  let isSocket: boolean;
  try {
    isSocket = (await factsOf(path)).isSocket();
  } catch (cause) {
    throw new PacelineError('ERR_IO_READ', `--unix-socket ${path}: ${ioReason(cause)}.`, { cause });
  }
  if (!isSocket) throw new PacelineError('ERR_OPTION_INVALID', `--unix-socket ${path}: it is no socket.`);
}
