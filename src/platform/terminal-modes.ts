// How the terminal on stdin works, changed and put back by `stty`. Not by Node's raw mode: that takes ^C and ^Z away
// from the system, and sets the terminal once more when the process ends, which stops one in the background.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { isInForeground } from './foreground.ts';

const STDIN = 0;
/** Each key at once, none shown; signals as before. */
const EACH_KEY = ['-icanon', '-echo', 'min', '1', 'time', '0'];

export class TerminalModes {
  /** As `stty -g` writes them. */
  readonly #before: string;
  #isChanged = false;

  private constructor(before: string) {
    this.#before = before;
  }

  /** As they are now; null where that cannot be found out, or the terminal is not ours. */
  static async read(): Promise<TerminalModes | null> {
    if (process.platform === 'win32' || !(await isInForeground())) return null;
    const text = await stty(['-g']);
    return text !== null && /^[\w:;=/.-]+$/.test(text) ? new TerminalModes(text) : null;
  }

  /** Keys come one by one from now on; false where the terminal is not ours. */
  async eachKey(): Promise<boolean> {
    if (!(await isInForeground())) return false;
    this.#isChanged = true;
    return (await stty(EACH_KEY)) !== null;
  }

  /** Another program has set them, or will. */
  forget(): void {
    this.#isChanged = false;
  }

  /** As they were; harmless when called twice. */
  putBack(): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    spawnSync('stty', [this.#before], { stdio: [STDIN, 'ignore', 'ignore'] });
  }
}

/** What it says; null when it cannot do it, or there is no such program. */
async function stty(words: readonly string[]): Promise<string | null> {
  const child = spawn('stty', words, { stdio: [STDIN, 'pipe', 'ignore'] });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code === 0 ? text.trim() : null;
  } catch {
    return null;
  }
}
