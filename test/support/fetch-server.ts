// What tests of `fetch` share: a scripted server whose path says how it answers, a folder, and the record read back.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { RequestLine, Summary } from '../../src/model/record.ts';
import { type RawServer, startRawServer } from './raw-server.ts';

export function answer(socket: Socket, status: number, body: string): void {
  socket.write(`HTTP/1.1 ${status} X\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

export interface ScriptedServer {
  readonly raw: RawServer;
  readonly origin: string;
  /** Connections whose request for /held has not been answered. */
  readonly held: Socket[];
  /** Resolves when `count` requests for /held wait for their answer. */
  untilHeld(count: number): Promise<void>;
  /** Called for each request. */
  onRequest: () => void;
}

/**
 * `/held` waits, `/500` fails, `/429` asks to wait a minute, `/escape` and `/echo` say what they are named after, all
 * others give their path.
 */
async function startScriptedServer(): Promise<ScriptedServer> {
  const held: Socket[] = [];
  let onHeld = (): void => undefined;
  const raw = await startRawServer((socket, { head, body }) => {
    const path = head.split(' ')[1] ?? '';
    server.onRequest();
    if (path === '/held') {
      held.push(socket);
      onHeld();
    } else if (path === '/429') {
      socket.write('HTTP/1.1 429 X\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n');
    } else if (path === '/escape') answer(socket, 200, 'a\x1b]8;;x\x07b\nc\n');
    else if (path === '/echo') answer(socket, 200, head + body.toString());
    else answer(socket, path === '/500' ? 500 : 200, `body of ${path}`);
  });
  const server: ScriptedServer = {
    raw,
    origin: raw.origin,
    held,
    onRequest: () => undefined,
    async untilHeld(count) {
      while (held.length < count) {
        await new Promise<void>(resolve => {
          onHeld = resolve;
        });
      }
    },
  };
  return server;
}

/** A server and a folder for one test file; both are gone when its tests have ended. */
export async function serverAndFolder(): Promise<{ server: ScriptedServer; folder: Folder }> {
  const server = await startScriptedServer();
  const folder = openFolder();
  after(async () => {
    folder.remove();
    await server.raw.close();
  });
  return { server, folder };
}

export interface Folder {
  readonly path: string;
  /** The path of a file in it, written first when there is text for it. */
  file(name: string, text?: string): string;
  remove(): void;
}

export function openFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'paceline-fetch-'));
  return {
    path,
    file(name, text = '') {
      const full = join(path, name);
      if (text !== '') writeFileSync(full, text);
      return full;
    },
    remove: () => rmSync(path, { recursive: true }),
  };
}

/** A whole record, in its three parts. */
export function parseRecord(text: string): {
  header: Record<string, unknown>;
  lines: RequestLine[];
  summary: Summary;
} {
  assert.ok(text.endsWith('\n'));
  const [header, ...rest] = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  const { summary } = rest.pop();
  return { header: header.run, lines: rest, summary };
}
