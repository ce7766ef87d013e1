// `fetch` inside the test's own process, against the scripted server: a run takes milliseconds.
import { main } from '../../src/cli/main.ts';
import type { Folder, ScriptedServer } from './fetch-server.ts';
import { testIo } from './test-io.ts';

export interface FetchEnded {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function fetchHere(...argv: string[]): Promise<FetchEnded> {
  return await fetchHereFrom('', ...argv);
}

/** Each request is sent once: these tests count what reaches the server. */
export async function fetchHereFrom(stdin: string, ...argv: string[]): Promise<FetchEnded> {
  const io = testIo(stdin);
  const code = await main(['fetch', '--retries', '0', ...argv], io);
  return { code, stdout: io.stdout.text(), stderr: io.stderr.text() };
}

/** Paths that the server was asked for while `act` went on. */
export async function sentBy(server: ScriptedServer, act: () => Promise<unknown>): Promise<string[]> {
  const before = server.raw.requests.length;
  await act();
  return server.raw.requests.slice(before).map(({ head }) => head.split(' ')[1] ?? '');
}

/** Lines of a list of these paths of the server. */
export function listText(server: ScriptedServer, paths: readonly string[]): string {
  return paths.map(path => `${server.origin}${path}\n`).join('');
}

let lists = 0;

/** A new file with them. */
export function listFile(server: ScriptedServer, folder: Folder, ...paths: string[]): string {
  return folder.file(`list-${lists++}.txt`, listText(server, paths));
}
