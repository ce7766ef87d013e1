// Starts the command from its source as a process of its own, and waits for what it says and how it ends.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./run-paceline.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when stderr holds `text`, or the command has ended. */
  says(text: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

/**
 * @param stdout a file descriptor in the place of the pipe that is read here
 * @param under a program and its arguments that run the command, as `nice` does
 */
export function startPaceline(
  argv: readonly string[],
  { stdout: target, under = [] }: { stdout?: number; under?: readonly string[] } = {},
): Started {
  const [program = '', ...words] = [...under, process.execPath, PROGRAM, ...argv];
  const child = spawn(program, words, {
    stdio: ['pipe', target ?? 'pipe', 'pipe'],
  }) as ChildProcessWithoutNullStreams;
  let stdout = '';
  let stderr = '';
  if (target === undefined) child.stdout.setEncoding('utf8');
  child.stdout?.on('data', text => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined); // it may end before it has read all
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  return {
    child,
    ended,
    async says(text) {
      while (!stderr.includes(text) && !isOver) await Promise.race([once(child.stderr, 'data'), ended]);
    },
  };
}

/** Runs it to its end. */
export async function paceline(argv: readonly string[], stdin = ''): Promise<Ended> {
  const { child, ended } = startPaceline(argv);
  child.stdin.end(stdin);
  return await ended;
}
