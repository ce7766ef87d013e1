// The streams and surroundings of a command, handed in so that a test can stand in for the process.
import type { Readable, Writable } from 'node:stream';

export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  /** 0 on a terminal that does not know. */
  readonly columns?: number;
  readonly rows?: number;
  readonly fd?: number;
}

export interface InputStream extends Readable {
  readonly isTTY?: boolean;
  readonly fd?: number;
  /** The process may end although something could still come. */
  unref?(): unknown;
}

export interface CommandIo {
  readonly stdin: InputStream;
  /** Data, and nothing else. */
  readonly stdout: OutputStream;
  /** Everything for people. */
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whether colours may be written to a stream: a terminal that can, unless the user says otherwise. */
export function hasColour(stream: OutputStream, env: CommandIo['env']): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0';
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Whether a line may be rewritten in place. */
export function canRewrite(stream: OutputStream, env: CommandIo['env']): boolean {
  return stream.isTTY === true && env.TERM !== 'dumb';
}
