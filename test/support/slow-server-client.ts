// A client for the tests of the slow API: one connection for each request unless an agent is given,
// and events instead of waits.
import { type Agent, type ClientRequest, type IncomingHttpHeaders, request } from 'node:http';
import type { SlowServer } from '../../src/slow-server/server.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** `ok`, or the code of the error that ended it. */
  readonly ending: string;
}

export interface Asked {
  readonly request: ClientRequest;
  readonly answer: Promise<Answer>;
}

interface AskOptions {
  readonly agent?: Agent;
  readonly method?: string;
  readonly body?: string;
}

/** Sends a request. Its answer never rejects: an error is an ending. */
export function ask(server: SlowServer, path = '/', options: AskOptions = {}): Asked {
  const { promise: answer, resolve } = Promise.withResolvers<Answer>();
  const outgoing = request(`${server.url}${path}`, {
    agent: options.agent ?? false,
    method: options.method ?? 'GET',
  });
  outgoing.on('error', (error: NodeJS.ErrnoException) =>
    resolve({ status: 0, headers: {}, body: '', ending: error.code ?? error.message }),
  );
  outgoing.on('response', response => {
    const pieces: Buffer[] = [];
    const end = (ending: string): void =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(pieces).toString(),
        ending,
      });
    response.on('data', piece => pieces.push(piece));
    response.on('end', () => end('ok'));
    response.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
  outgoing.end(options.body);
  return { request: outgoing, answer };
}

/** Lets everything else of this process go on until it holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(next => setImmediate(next));
}

/** Sends a request and resolves when the server has it. */
export async function askSeen(server: SlowServer, path = '/', options: AskOptions = {}): Promise<Asked> {
  const { seen } = server.statistics();
  const asked = ask(server, path, options);
  await until(() => server.statistics().seen > seen);
  return asked;
}

export interface Times {
  readonly arrivedMs: number;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly worker: string;
  readonly workers: string;
}

const TIMING =
  /^queue;dur=(\d+\.\d{3});t0=(\d+\.\d{3}), app;dur=(\d+\.\d{3}), worker;desc="(\d+)", workers;desc="(\d+)"$/;

/** The server's own times, as its answer tells them. */
export function timesOf(answer: Answer): Times {
  const match = TIMING.exec(String(answer.headers['server-timing']));
  if (!match) throw new Error(`not our Server-Timing: ${answer.headers['server-timing']}`);
  const [, queue, t0, app, worker = '', workers = ''] = match;
  const arrivedMs = Number(t0);
  const startedMs = arrivedMs + Number(queue);
  return { arrivedMs, startedMs, endedMs: startedMs + Number(app), worker, workers };
}
