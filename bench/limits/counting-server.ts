// The parent's side of the server that counts.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Counted } from './server.ts';

export interface CountingServer {
  /** Two hosts that have nothing in common but the process. */
  readonly origins: readonly [string, string];
  /** What was counted since it was last asked. */
  take(): Promise<Counted>;
  stop(): void;
}

export async function startCountingServer(): Promise<CountingServer> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)));
  const [{ ports }] = (await once(child, 'message')) as [{ ports: [number, number] }];
  return {
    origins: [`http://127.0.0.1:${ports[0]}`, `http://127.0.0.1:${ports[1]}`],
    async take() {
      child.send('take');
      const [counted] = (await once(child, 'message')) as [Counted];
      return counted;
    },
    stop: () => child.disconnect(),
  };
}
