// A command on a pseudo-terminal of its own: what it writes, what is typed, how the terminal was left. The terminal
// itself is python3's, which every system with terminals has.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SHELL = fileURLToPath(new URL('./on-terminal.py', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./run-paceline.ts', import.meta.url));

export interface Modes {
  /** Lines are edited by the terminal before a program gets them, as usual. */
  readonly lines: boolean;
  readonly echo: boolean;
}

export interface PtyOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Each piece of output as it comes; what it returns is typed. */
  readonly answer?: (output: string) => string;
}

type Told = {
  readonly output?: string;
  readonly stopped?: true;
  readonly modes?: Modes;
  readonly exit?: number;
};

export class Pty {
  readonly #child;
  readonly #answer: (output: string) => string;
  readonly #decoder = new TextDecoder();
  #output = '';
  #stops = 0;
  #exit: number | undefined;
  #modes: Modes | undefined;
  #changed = Promise.withResolvers<void>();
  #isGone = false;

  constructor(command: readonly string[], options: PtyOptions = {}) {
    const { columns = 80, rows = 24, env = {}, answer = () => '' } = options;
    this.#answer = answer;
    const surroundings = { TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', NO_COLOR: '', ...env };
    const words = Object.entries(surroundings).map(([name, value]) => `${name}=${value}`);
    this.#child = spawn('python3', [SHELL, String(columns), String(rows), 'env', ...words, ...command], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdin.on('error', () => undefined); // it may have ended
    this.#child.on('error', error => {
      this.#output += `This needs python3: ${error.message}`;
    });
    this.#child.on('close', () => this.#leave());
    createInterface({ input: this.#child.stdout }).on('line', line => this.#hear(JSON.parse(line) as Told));
  }

  /** All that was written so far. */
  get output(): string {
    return this.#output;
  }

  type(text: string): void {
    this.#tell({ type: text });
  }

  resize(columns: number, rows: number): void {
    this.#tell({ resize: [columns, rows] });
  }

  goOn(where: 'foreground' | 'background'): void {
    this.#tell({ continue: where });
  }

  /** As they are now. */
  async modes(): Promise<Modes> {
    this.#modes = undefined;
    this.#tell({ modes: true });
    await this.until(() => this.#modes !== undefined);
    return this.#modes as unknown as Modes;
  }

  /** Until something is true of the output; looked at whenever some has come. */
  async until(isSo: (output: string) => boolean): Promise<void> {
    while (!isSo(this.#output)) {
      if (this.#isGone) throw new Error(`the command has ended before that; it wrote:\n${this.#output}`);
      await this.#changed.promise;
    }
  }

  /** Until it has been stopped so many times. */
  stopped(times = 1): Promise<void> {
    return this.until(() => this.#stops >= times);
  }

  /** Its exit code, minus the number of a signal that ended it; and how it left the terminal. */
  async ended(): Promise<{ readonly code: number; readonly modes: Modes }> {
    await this.until(() => this.#exit !== undefined);
    return { code: this.#exit as number, modes: this.#modes as Modes };
  }

  #tell(what: object): void {
    this.#child.stdin.write(`${JSON.stringify(what)}\n`);
  }

  #hear({ output, stopped, modes, exit }: Told): void {
    if (output !== undefined) {
      const text = this.#decoder.decode(Buffer.from(output, 'base64'), { stream: true });
      this.#output += text;
      const typed = this.#answer(text);
      if (typed !== '') this.type(typed);
    }
    if (stopped) this.#stops++;
    if (modes) this.#modes = modes;
    if (exit !== undefined) this.#exit = exit;
    this.#wake();
  }

  #leave(): void {
    this.#isGone = true;
    this.#wake();
  }

  #wake(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }
}

/** `paceline` from its source, as words of a command line. */
export function pacelineWords(argv: readonly string[], nodeFlags: readonly string[] = []): string[] {
  return [process.execPath, ...nodeFlags, PROGRAM, ...argv];
}

/** The same for `sh -c`. */
export function pacelineText(argv: readonly string[]): string {
  return pacelineWords(argv)
    .map(word => `'${word}'`)
    .join(' ');
}
