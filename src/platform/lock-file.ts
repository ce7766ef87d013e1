// A file that says who writes to another one. It is made whole and at once, by linking it to its place, and it
// names its process so exactly (number, start, boot, machine) that one left behind by a killed process is known as
// such and taken over, also when the number has been given to somebody else since.
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

interface Owner {
  readonly pid: number;
  /** Boot of the machine and start of the process in it; empty where the system does not say. */
  readonly started: string;
  readonly host: string;
}

export interface HeldLock {
  /** Harmless when called twice. */
  release(): void;
}

/** Why there is no lock: somebody has it, or what lies there is no lock of ours. */
export type NoLock = { readonly heldBy: { readonly pid: number; readonly host: string | null } } | 'foreign';

/** Takeovers that may be lost to others before giving up; each time somebody got further. */
const TRIES_MAX = 20;
const LOCK_BYTES_MAX = 1000;

/**
 * Takes the lock at `path`, or says why not. Let go of by `release`, and at the latest when this process ends.
 * Two processes that find the same stale lock: one takes it. For a third one in those microseconds nothing is
 * promised; systems that do promise it have calls that Node does not offer.
 * @throws what the system says when the file cannot be made
 */
export function takeLock(path: string): HeldLock | NoLock {
  const own = JSON.stringify(ownerOf(process.pid));
  const aside = `${path}.${process.pid}`;
  try {
    for (let tries = 0; ; tries++) {
      if (makeAt(path, aside, own)) return held(path, own);
      const found = contentOf(path);
      if (found === undefined) continue; // let go of just now
      const owner = parseOwner(found);
      if (owner === 'foreign') return 'foreign';
      if (tries >= TRIES_MAX || (owner !== null && isAlive(owner))) {
        const { pid = 0, host = '' } = owner ?? {};
        return { heldBy: { pid, host: host === hostname() ? null : host } };
      }
      takeAway(path, aside, found);
    }
  } finally {
    rmSync(aside, { force: true });
  }
}

/** @returns false when something is there already */
function makeAt(path: string, aside: string, own: string): boolean {
  writeFileSync(aside, own, { mode: 0o600 });
  try {
    linkSync(aside, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
  }
  try {
    writeFileSync(path, own, { mode: 0o600, flag: 'wx' }); // a disk without links
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a lock whose process is gone; one that was made anew in the meantime is put back. */
function takeAway(path: string, aside: string, stale: string): void {
  try {
    renameSync(path, aside);
    if (contentOf(aside) !== stale) linkSync(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(codeOf(error))) throw error; // somebody else was faster
  }
  rmSync(aside, { force: true }); // it may be the other's lock under a second name: not to be written to
}

function held(path: string, own: string): HeldLock {
  let isHeld = true;
  const release = (): void => {
    if (!isHeld) return;
    isHeld = false;
    process.off('exit', release);
    try {
      if (contentOf(path) === own) unlinkSync(path);
    } catch {
      // It stays, and whoever comes next sees that its process is gone.
    }
  };
  process.on('exit', release);
  return { release };
}

/** Undefined when there is none. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').slice(0, LOCK_BYTES_MAX);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Null for an empty one: its process was killed while it made it. */
function parseOwner(content: string): Owner | null | 'foreign' {
  if (content === '') return null;
  try {
    const { pid, started, host } = JSON.parse(content) as Partial<Owner>;
    if (Number.isSafeInteger(pid) && (pid as number) > 0 && typeof host === 'string')
      return { pid: pid as number, started: String(started), host };
  } catch {
    // no JSON
  }
  return 'foreign';
}

function isAlive({ pid, started, host }: Owner): boolean {
  if (host !== hostname()) return true; // nobody here can tell
  const now = ownerOf(pid);
  if (now.started !== '') return now.started === started;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM'; // it is there, and somebody else's
  }
}

function ownerOf(pid: number): Owner {
  return { pid, started: startOf(pid), host: hostname() };
}

/** Empty where the system does not say. A process that has ended and is only listed still counts as gone. */
function startOf(pid: number): string {
  if (process.platform !== 'linux') return '';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name stands in brackets and may hold anything; proc_pid_stat(5) counts the state as field 3, the start as 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${fields[19]}`;
  } catch {
    return '';
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
