// A handler that runs in the command's own thread can do there what only the command should do: print into the
// data, throw when nobody listens, end the process. None of that may spoil the record, pass for a bug of
// ours, or pass for success.
import { Console } from 'node:console';
import process from 'node:process';
import { PacelineError } from '../../base/errors.ts';
import { whyAndWhere } from '../../executors/handlers.ts';
import { EXIT } from '../exit-codes.ts';
import { speakerOn } from '../terminal/messages.ts';

/** Exits that are the command's own doing. */
const OWN_EXITS: readonly number[] = [EXIT.bug, EXIT.interrupted, EXIT.terminated];

/**
 * @param onStray told of what the handler threw outside of its call
 * @returns ends the guard
 */
export function guardAgainstHandler(path: string, onStray: (error: PacelineError) => void): () => void {
  const ownConsole = globalThis.console;
  // As with workers: what a handler prints is for people. `process.stdout` itself is left to it.
  globalThis.console = new Console(process.stderr, process.stderr);
  let isAstray = false;
  const stray = (thrown: unknown): void => {
    isAstray = true;
    const message = `${path} threw outside of its call, where no request can be blamed: ${whyAndWhere(path, thrown)}`;
    onStray(new PacelineError('ERR_HANDLER_STRAY', message, { cause: thrown }));
  };
  const exit = (code: number): void => {
    if (isAstray || OWN_EXITS.includes(code)) return;
    speakerOn(process).complain(
      `${path} ended the process in the middle of the run; the record is not whole.`,
    );
    process.exitCode = EXIT.usage;
  };
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', stray);
  process.on('exit', exit);
  return () => {
    globalThis.console = ownConsole;
    process.off('exit', exit);
    process.off('uncaughtException', stray);
    for (const listener of others) process.on('uncaughtException', listener);
  };
}
