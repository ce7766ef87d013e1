// Whether this process may use its terminal. One that runs in the background and reads from it, or changes how it
// works, is stopped by the system.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';

/** False where that cannot be found out. */
export async function isInForeground(): Promise<boolean> {
  if (process.platform === 'win32') return true;
  const groups = ofSystem() ?? (await ofPs());
  if (groups === null) return false;
  const [own, ofTerminal] = groups;
  return own === ofTerminal || ofTerminal <= 0; // no terminal rules over it: nothing stops it
}

/** Our process group and the one in the foreground, as Linux tells them: the fifth and the eighth field. */
function ofSystem(): [own: number, ofTerminal: number] | null {
  try {
    const text = readFileSync('/proc/self/stat', 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return [Number(fields[2]), Number(fields[5])];
  } catch {
    return null;
  }
}

function ofPs(): Promise<[own: number, ofTerminal: number] | null> {
  return new Promise(resolve => {
    execFile('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], (error, stdout) => {
      const [own, ofTerminal] = stdout.trim().split(/\s+/).map(Number);
      resolve(error || own === undefined || ofTerminal === undefined ? null : [own, ofTerminal]);
    });
  });
}
