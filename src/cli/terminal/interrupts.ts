// ^C and SIGTERM: the first lets what is in flight finish, the second ends it, the third leaves at once.
import { EXIT } from '../exit-codes.ts';

export type InterruptSignal = 'SIGINT' | 'SIGTERM';

/** What signals come from: the process, or a stand-in. */
export interface SignalSource {
  on(signal: InterruptSignal, listener: () => void): unknown;
  off(signal: InterruptSignal, listener: () => void): unknown;
}

export interface InterruptActions {
  /** Start nothing more. */
  drain(signal: InterruptSignal): void;
  /** End what is in flight. */
  abort(signal: InterruptSignal): void;
  /** Leave without another word. */
  exit(code: number): void;
}

export interface Interrupts {
  /** The exit code of the signal that came first; null when none came. */
  exitCode(): number | null;
  /** As the first ^C; nothing more when one has come. */
  drain(): void;
  /** The process may be ended by signals as before. */
  stop(): void;
}

export function onInterrupt(source: SignalSource, actions: InterruptActions): Interrupts {
  let count = 0;
  let first: InterruptSignal | null = null;
  const codeOf = (signal: InterruptSignal): number =>
    signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  const hear = (signal: InterruptSignal): void => {
    count++;
    first ??= signal;
    if (count === 1) actions.drain(signal);
    else if (count === 2) actions.abort(signal);
    else actions.exit(codeOf(first));
  };
  const onInt = (): void => hear('SIGINT');
  const onTerm = (): void => hear('SIGTERM');
  source.on('SIGINT', onInt);
  source.on('SIGTERM', onTerm);
  return {
    drain() {
      if (count === 0) hear('SIGINT');
    },
    exitCode: () => (first === null ? null : codeOf(first)),
    stop() {
      source.off('SIGINT', onInt);
      source.off('SIGTERM', onTerm);
    },
  };
}
