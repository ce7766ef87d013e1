// `paceline serve`: opens the slow API, says where, and keeps it until a signal drains it.
import { PacelineError } from '../../base/errors.ts';
import { formatCount } from '../../base/units.ts';
import { drawSeed } from '../../platform/seed.ts';
import {
  describeSlowServer,
  isLoopback,
  readServerFlags,
  type SlowServerOptions,
} from '../../slow-server/options.ts';
import { openSlowServer, type SlowServer } from '../../slow-server/server.ts';
import type { CommandLine } from '../flags/command-line.ts';
import type { CommandIo } from '../terminal/io.ts';

/** As for the library, except that the port is 8000 where none is given. */
export type ServeOptions = SlowServerOptions;

export interface ServeIo {
  /** Everything this command says is for people. */
  readonly stderr: { write(text: string): unknown };
}

/** @returns the exit code, as `serve` */
export async function run({ flags, operands }: CommandLine, io: CommandIo): Promise<number> {
  if (operands[0] !== undefined) {
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      `serve takes no argument, got '${operands[0]}'. A port is --port N.`,
    );
  }
  const { host, port, workers, delay, cpu, backlog, seed } = flags;
  const workerClass = flags['worker-class'];
  return await serve(
    {
      ...readServerFlags({ delay, cpuMs: cpu, rateLimit: flags['rate-limit'] }),
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port }),
      ...(workers !== undefined && { workers }),
      ...(workerClass !== undefined && { workerClass }),
      ...(backlog !== undefined && { backlog }),
      seed: seed ?? drawSeed(),
    },
    io,
  );
}

type StopSignal = 'SIGINT' | 'SIGTERM';

/** Where signals come from: the process, or a test. */
export interface SignalSource {
  on(signal: StopSignal, listener: () => void): unknown;
  off(signal: StopSignal, listener: () => void): unknown;
}

const DEFAULT_PORT = 8000;
const SIGNAL_EXITS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Serves until SIGINT or SIGTERM, which drains; a second signal ends at once.
 * @returns the exit code: 0 after a drain, 130 or 143 when a second signal cut it short
 * @throws what `openSlowServer` throws
 */
export async function serve(
  options: ServeOptions,
  io: ServeIo,
  signals: SignalSource = process,
): Promise<number> {
  const stops: StopSignal[] = [];
  const wake: { onStop: () => void } = { onStop: () => {} };
  const onInterrupt = (): void => onStop('SIGINT');
  const onTerminate = (): void => onStop('SIGTERM');
  const onStop = (signal: StopSignal): void => {
    stops.push(signal);
    wake.onStop();
  };
  // Listened for before anything is started: a signal while workers start must not orphan the port.
  signals.on('SIGINT', onInterrupt);
  signals.on('SIGTERM', onTerminate);
  try {
    const server = await openSlowServer({ ...options, port: options.port ?? DEFAULT_PORT });
    io.stderr.write(greeting(server));
    if (stops.length === 0) await new Promise<void>(resolve => (wake.onStop = resolve));
    return await drain(server, { stops, wake, io });
  } finally {
    signals.off('SIGINT', onInterrupt);
    signals.off('SIGTERM', onTerminate);
  }
}

async function drain(
  server: SlowServer,
  context: {
    readonly stops: readonly StopSignal[];
    readonly wake: { onStop: () => void };
    readonly io: ServeIo;
  },
): Promise<number> {
  const { stops, wake, io } = context;
  const { inFlight, queue } = server.statistics();
  const left = inFlight.now + queue.now;
  if (left > 0)
    io.stderr.write(
      `Answering the ${left === 1 ? '1 request that is' : `${formatCount(left)} requests that are`} here. ` +
        'Again to stop at once.\n',
    );
  const cutShort = (): void => {
    if (stops.length > 1) void server.destroy(); // observed through `close`, which shares its promise
  };
  wake.onStop = cutShort;
  cutShort();
  await server.close();
  const { served, refused, gone, failed } = server.statistics();
  const rest = [
    refused > 0 ? `, refused ${formatCount(refused)}` : '',
    failed > 0 ? `, lost ${formatCount(failed)} with a worker` : '',
    gone > 0 ? `, ${formatCount(gone)} left before their answer` : '',
  ];
  io.stderr.write(
    `Served ${formatCount(served)} ${served === 1 ? 'request' : 'requests'}${rest.join('')}.\n`,
  );
  return stops.length > 1 ? SIGNAL_EXITS[stops.at(-1) as StopSignal] : 0;
}

/** Where it is, what it is, and a command to copy; a warning where others can reach it. */
function greeting(server: SlowServer): string {
  const { plan, url } = server;
  const warning = isLoopback(plan.host)
    ? ''
    : `Warning: ${plan.host} lets other machines in. It is for tests: whoever reaches it can keep it busy.\n`;
  // The URL ends at a blank, so that it can be copied whole.
  const what = `${describeSlowServer(plan)}, seed ${plan.seed}`;
  return `${warning}Slow API on ${url} (${what}). Try: paceline fetch ${url} -n 9\n`;
}
