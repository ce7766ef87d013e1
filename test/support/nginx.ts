// Debian's nginx for tests. The socket it serves is ours: open before nginx starts, on a port that nobody else can
// take in between, and handed down in the way in which nginx hands it to its successor.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Nginx {
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * @param locations the inside of the `server` block
 * @param files names and texts of what lies in its root
 */
export async function startNginx(locations: string, files: Readonly<Record<string, string>>): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-nginx-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, configuration(folder, port, locations));
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle; // Node has no public name for it
  // Debian puts it where only root looks.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin`, NGINX: '3;' };
  const nginx = spawn('nginx', ['-e', join(folder, 'error.log'), '-c', config], {
    stdio: ['ignore', 'ignore', 'inherit', fd],
    env,
  });
  try {
    await once(nginx, 'spawn');
  } finally {
    socket.close(); // or a test that cannot have it never ends
  }
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      await ended(nginx);
      rmSync(folder, { recursive: true });
    },
  };
}

function configuration(folder: string, port: number, locations: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map(kind => `${kind}_temp_path ${join(folder, kind)};`)
    .join(' ');
  // As root its workers would be another user, who may not look into the folder.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `${user} daemon off; worker_processes 2; pid ${join(folder, 'nginx.pid')};
    events { worker_connections 512; }
    http { access_log off; root ${folder}; ${temporary}
      server { listen 127.0.0.1:${port}; ${locations} } }`;
}

async function ended(nginx: ChildProcess): Promise<void> {
  if (nginx.exitCode !== null || nginx.signalCode !== null) return;
  const gone = once(nginx, 'exit');
  nginx.kill('SIGTERM'); // and with it its workers
  await gone;
}
