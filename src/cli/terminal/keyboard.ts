// The keyboard while a picture is shown: the terminal hands over each key at once and shows none. ^C and ^Z do what
// they always do; and the terminal is given back as it was, whatever happens.
import process from 'node:process';
import { TerminalModes } from '../../platform/terminal-modes.ts';
import type { InputStream } from './io.ts';
import { KeyInput, type TerminalInput } from './key-input.ts';

export interface KeyboardActions {
  readonly onInput: (input: TerminalInput) => void;
  /** Another program gets the terminal, until `onBack`. */
  readonly onAway: () => void;
  readonly onBack: () => void;
}

/** These end the process, and nobody else would give the terminal back. */
const DEADLY = ['SIGHUP', 'SIGQUIT'] as const;
const SUSPEND = 'SIGTSTP';

export class Keyboard {
  readonly #stdin: InputStream;
  readonly #actions: KeyboardActions;
  readonly #input = new KeyInput();
  readonly #decoder = new TextDecoder();
  #modes: TerminalModes | null = null;
  readonly #hear = (piece: Uint8Array): void => this.#take(piece);
  readonly #suspend = (): void => this.#giveAway();
  readonly #resume = (): void => void this.#comeBack();
  readonly #die = (signal: NodeJS.Signals): void => {
    this.close();
    process.kill(process.pid, signal);
  };

  constructor(stdin: InputStream, actions: KeyboardActions) {
    this.#stdin = stdin;
    this.#actions = actions;
  }

  /** False where there is none, or it is not ours now. */
  async open(): Promise<boolean> {
    if (this.#stdin.isTTY !== true || this.#stdin.fd !== process.stdin.fd) return false;
    this.#modes = await TerminalModes.read();
    if (!(await this.#modes?.eachKey())) {
      this.close();
      return false;
    }
    this.#stdin.on('error', ignored).on('data', this.#hear);
    this.#listen();
    process.on('SIGCONT', this.#resume).on(SUSPEND, this.#suspend);
    for (const signal of DEADLY) process.on(signal, this.#die);
    return true;
  }

  /** Harmless when called twice. */
  close(): void {
    this.#modes?.putBack();
    this.#modes = null;
    this.#stdin.off('data', this.#hear).pause();
    process.off('SIGCONT', this.#resume).off(SUSPEND, this.#suspend);
    for (const signal of DEADLY) process.off(signal, this.#die);
  }

  #take(piece: Uint8Array): void {
    for (const input of this.#input.push(this.#decoder.decode(piece, { stream: true })))
      this.#actions.onInput(input);
  }

  #listen(): void {
    this.#stdin.resume();
    this.#stdin.unref?.(); // a run that is over does not wait for a key
  }

  /** ^Z: now as if nobody had listened for it. */
  #giveAway(): void {
    this.#actions.onAway();
    this.#stdin.pause();
    this.#modes?.putBack();
    process.off(SUSPEND, this.#suspend);
    process.kill(process.pid, SUSPEND);
    // Nobody is stopped where nobody could let them go on again; else it is now, until somebody does.
    setImmediate(this.#resume);
  }

  /** Told to go on: in the foreground, or in the background, where the terminal must be left alone. */
  async #comeBack(): Promise<void> {
    this.#stdin.pause();
    this.#modes?.forget(); // whoever had it meanwhile has put them back
    const isOurs = await this.#modes?.eachKey();
    if (this.#modes === null) return;
    if (isOurs) this.#listen();
    process.off(SUSPEND, this.#suspend).on(SUSPEND, this.#suspend);
    this.#actions.onBack();
  }
}

function ignored(): void {}
