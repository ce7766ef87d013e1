// Whole texts for stdout: a table, a help page. They arrive, or the command says why they did not.
import type { CommandIo } from '../terminal/io.ts';
import { errorCode } from './io-reason.ts';
import { cannotWrite } from './sinks.ts';

/** Resolves when the text was taken. @throws ERR_IO_WRITE, but not for a reader that has left, as `head` does */
export async function printOut(io: Pick<CommandIo, 'stdout'>, text: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      io.stdout.write(text, error => (error ? reject(error) : resolve()));
    });
  } catch (cause) {
    if (errorCode(cause) !== 'EPIPE') throw cannotWrite('stdout', cause);
  }
}
