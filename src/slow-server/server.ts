// The slow API as one thing to open and close: real worker processes, a queue in front of them, and HTTP.
import { createServer, type Server } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { PacelineError } from '../base/errors.ts';
import { systemClock } from '../platform/system-clock.ts';
import { Connections } from './connections.ts';
import { Front } from './front.ts';
import { CONNECTIONS_MAX } from './limits.ts';
import { resolveSlowServer, type SlowServerOptions, type SlowServerPlan } from './options.ts';
import type { SlowServerStatistics } from './statistics.ts';
import { WorkerPool } from './worker-pool.ts';

/** Longer than clients keep idle connections, so that it is they who close and nobody runs into a closing. */
const KEEP_ALIVE_MS = 75_000;
/** What the kernel may hold before we accept; it takes no more than its own `somaxconn`. */
const ACCEPT_BACKLOG = 4096;

export interface SlowServer {
  /** Without a slash at the end: `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly plan: SlowServerPlan;
  statistics(): SlowServerStatistics;
  /**
   * Drains: accepts no more, answers all that is in flight or queued, ends idle connections, then the
   * workers. Resolves when nothing is left. Harmless when called twice.
   */
  close(): Promise<void>;
  /** Ends everything at once, unanswered. */
  destroy(): Promise<void>;
}

/**
 * Opens the slow API; resolves when it listens and all its workers are ready.
 * @throws ERR_OPTION_… for options, ERR_ENV_PORT when it cannot listen, ERR_ENV_WORKERS when a worker
 * does not start; nothing is left behind then
 */
export async function openSlowServer(options: SlowServerOptions = {}): Promise<SlowServer> {
  const plan = resolveSlowServer(options);
  const clock = systemClock(0); // the machine's own zero: instants mean the same in every process of this host
  const connections = new Connections();
  const pool = new WorkerPool({
    workers: plan.workers,
    clock,
    events: {
      onUp: worker => front.onWorkerUp(worker),
      onDown: worker => front.onWorkerDown(worker),
      onServed: (worker, id, startedMs, endedMs) => front.onServed(worker, id, startedMs, endedMs),
    },
  });
  const front = new Front(plan, { clock, workers: pool, connections });
  const http = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) =>
    front.onRequest(request, response),
  );
  http.maxConnections = CONNECTIONS_MAX;
  http.on('connection', socket => connections.add(socket));
  try {
    // The port first: taken, it costs no start of processes.
    const port = await listen(http, plan);
    await pool.open();
    return handle({ plan, port, http, connections, pool, front });
  } catch (error) {
    connections.destroyAll();
    http.close();
    await pool.close(() => true);
    throw error;
  }
}

function handle(parts: {
  readonly plan: SlowServerPlan;
  readonly port: number;
  readonly http: Server;
  readonly connections: Connections;
  readonly pool: WorkerPool;
  readonly front: Front;
}): SlowServer {
  const { plan, port, http, connections, pool, front } = parts;
  let closed: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    // Not http's own `close`: it cuts connections whose last bytes are still on their way.
    NetServer.prototype.close.call(http, () => resolve());
    connections.drain();
    await promise;
    http.close(); // only stops its watch over slow requests by now
    await pool.close(worker => front.isBusy(worker));
  };
  const close = (): Promise<void> => {
    closed ??= end();
    return closed;
  };
  return {
    url: `http://${plan.host.includes(':') ? `[${plan.host}]` : plan.host}:${port}`,
    host: plan.host,
    port,
    plan,
    statistics: () => front.statistics(),
    close,
    destroy() {
      const done = close();
      connections.destroyAll();
      return done;
    },
  };
}

async function listen(http: Server, plan: SlowServerPlan): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  http.once('error', reject);
  http.listen({ host: plan.host, port: plan.port, backlog: ACCEPT_BACKLOG }, resolve);
  try {
    await promise;
  } catch (error) {
    throw explainListenError(error as NodeJS.ErrnoException, plan);
  } finally {
    http.off('error', reject);
  }
  return (http.address() as AddressInfo).port;
}

function explainListenError(error: NodeJS.ErrnoException, plan: SlowServerPlan): PacelineError {
  const place = `${plan.host}:${plan.port}`;
  const said =
    error.code === 'EADDRINUSE'
      ? `Port ${plan.port} of ${plan.host} is in use. Give another, or --port 0 to have a free one picked.`
      : error.code === 'EACCES'
        ? `This user may not listen on ${place}. Give a port from 1024 up, or --port 0 to have a free one picked.`
        : error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND'
          ? `${plan.host} is no address of this machine. Leave --host out for 127.0.0.1.`
          : `Cannot listen on ${place}: ${error.message}.`;
  return new PacelineError('ERR_ENV_PORT', said, { cause: error });
}
