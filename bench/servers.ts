// The servers of the benches, each on a free port of 127.0.0.1 and with its files in a directory of the bench;
// stopped, with their workers, when the bench ends, also by a signal.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './workspace.ts';

const PEERS = fileURLToPath(new URL('peers/', import.meta.url));
const START_MS_MAX = 20_000;
const ASK_AGAIN_MS = 20;
/** As root nginx's workers would be another user, who may not look into our folders. */
const AS_ROOT = process.getuid?.() === 0 ? 'user root;' : '';

export interface Server {
  /** Without a slash at its end. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** Lets a signal end this process by way of `exit`, at which its servers and their files are let go of. */
export function exitOnSignals(): void {
  for (const [signal, code] of [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => process.exit(code));
  }
}

/** gunicorn with three sync workers and the slow API of the talk. */
export function startGunicorn(): Promise<Server> {
  return start('gunicorn', port => [
    'gunicorn',
    ...['-w', '3', '-b', `127.0.0.1:${port}`, '--chdir', PEERS, '--log-level', 'error', 'slow_app:app'],
  ]);
}

/** paceline's own slow API, as built. */
export function startServe(): Promise<Server> {
  return start('paceline serve', port => [
    process.execPath,
    ...[join(ROOT, 'bin/paceline.cjs'), 'serve', '-w', '3', '--delay', '1s', '--port', String(port)],
  ]);
}

/** gunicorn with an answer of about so long from each of its workers. @param args how many, and of which class */
export function startTimedGunicorn(args: readonly string[], sleepMs: number): Promise<Server> {
  return start('gunicorn', port => [
    ...['env', `SLEEP_MS=${sleepMs}`, 'gunicorn', ...args, '-b', `127.0.0.1:${port}`, '--chdir', PEERS],
    ...['--log-level', 'error', 'timed_app:app'],
  ]);
}

/** A Node server whose one thread is busy for 5 ms with each answer. */
export function startBusyNode(): Promise<Server> {
  return start('node', port => [process.execPath, join(PEERS, 'busy-server.mjs'), String(port)]);
}

/** nginx with one worker that answers everything with 200 and no body, and keeps its connections. */
export function startNginx(directory: string): Promise<Server> {
  return startNginxWith(directory, '', 'return 200;');
}

/** @param inHttp configuration of the `http` block @param inLocation that of its one location */
export function startNginxWith(directory: string, inHttp: string, inLocation: string): Promise<Server> {
  writeFileSync(join(directory, 'index.html'), 'a page');
  return start('nginx', port => {
    const file = join(directory, 'nginx.conf');
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map(kind => `${kind}_temp_path ${join(directory, kind)};`)
      .join(' ');
    writeFileSync(
      file,
      `${AS_ROOT} daemon off; worker_processes 1; pid ${join(directory, 'nginx.pid')};
      events { worker_connections 1024; }
      http { access_log off; keepalive_requests 1000000000; ${temporary} ${inHttp}
        server { listen 127.0.0.1:${port}; location / { ${inLocation} } } }`,
    );
    return ['nginx', '-e', join(directory, 'nginx-error.log'), '-c', file];
  });
}

/** What it loads lies there in Debian. */
const APACHE_MODULES = '/usr/lib/apache2/modules';
const SLOW_SCRIPT = `#!/bin/sh
sleep 0.25
printf 'Content-Type: text/plain\\nContent-Length: 3\\n\\nok\\n'
`;

/** Apache with five processes, each of which has one connection as long as it is kept: an answer takes 250 ms. */
export async function startApachePrefork(): Promise<Server> {
  // As root its processes are another user, who may not look into the folders of the bench.
  const directory = mkdtempSync(join(tmpdir(), 'paceline-apache-'));
  chmodSync(directory, 0o755);
  writeFileSync(join(directory, 'slow.cgi'), SLOW_SCRIPT, { mode: 0o755 });
  const server = await start('apache2', port => {
    const file = join(directory, 'apache.conf');
    writeFileSync(file, apacheConfiguration(directory, port));
    return ['apache2', '-D', 'FOREGROUND', '-d', directory, '-f', file];
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(directory, { recursive: true });
  };
  return { origin: server.origin, stop };
}

function apacheConfiguration(directory: string, port: number): string {
  const modules = ['mpm_prefork', 'authz_core', 'cgi', 'alias'];
  return [
    ...modules.map(name => `LoadModule ${name}_module ${APACHE_MODULES}/mod_${name}.so`),
    ...(AS_ROOT === '' ? [] : ['User www-data', 'Group www-data']),
    `ServerRoot ${directory}`,
    'ServerName localhost',
    `Listen 127.0.0.1:${port}`,
    `PidFile ${join(directory, 'apache.pid')}`,
    `DefaultRuntimeDir ${directory}`,
    `ErrorLog ${join(directory, 'error.log')}`,
    ...['StartServers', 'MinSpareServers', 'MaxSpareServers', 'ServerLimit', 'MaxRequestWorkers'].map(
      name => `${name} 5`,
    ),
    'KeepAlive On',
    'KeepAliveTimeout 5',
    `ScriptAlias / ${join(directory, 'slow.cgi')}/`,
    `<Directory ${directory}>`,
    'Require all granted',
    '</Directory>\n',
  ].join('\n');
}

async function start(name: string, commandFor: (port: number) => readonly string[]): Promise<Server> {
  const port = await freePort();
  const [program = '', ...args] = commandFor(port);
  // Debian puts nginx where only root looks.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  // Apache ends its whole group of processes, to which we must not belong.
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let words = '';
  child.stderr.on('data', (piece: Buffer) => {
    words = (words + piece.toString()).slice(-2000);
  });
  child.on('error', error => {
    words = error.message;
  });
  const kill = (): void => void child.kill();
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    await stopped(child);
    process.removeListener('exit', kill);
  };
  const lastMs = performance.now() + START_MS_MAX;
  while (!(await answers(port))) {
    if (child.exitCode === null && child.pid !== undefined && performance.now() < lastMs) continue;
    await stop();
    throw new Error(`${name} did not start: ${words}`);
  }
  return { origin: `http://127.0.0.1:${port}`, stop };
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address.port;
}

/** Whether somebody listens there; waits a little when nobody does. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const listening = await new Promise<boolean>(resolve => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  if (!listening) await new Promise(resolve => setTimeout(resolve, ASK_AGAIN_MS));
  return listening;
}
