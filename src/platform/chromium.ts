// A Chromium of this machine: where it is, and how it draws a picture of ours into a PNG. It is started without a
// shell, in a folder and with a profile of its own, which are removed again, and it is told to reach no host.
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, win32 } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const NAMES = [
  ...['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'],
  'microsoft-edge',
];
const MAC_PLACES = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
  name => `/Applications/${name}.app/Contents/MacOS/${name}`,
);
const WINDOWS_PLACES = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

export interface Machine {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether there is a program at a path. */
  readonly isProgram: (path: string) => boolean;
}

export const THIS_MACHINE: Machine = { platform: process.platform, env: process.env, isProgram };

/** The path of a Chromium, or of a browser made from it; null for none. */
export function findChromium({ platform, env, isProgram: isThere }: Machine): string | null {
  return placesOn(platform, env).find(isThere) ?? null;
}

function placesOn(platform: string, env: Machine['env']): string[] {
  if (platform === 'win32') {
    const folders = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter(
      folder => folder !== undefined,
    );
    return folders.flatMap(folder => WINDOWS_PLACES.map(place => win32.join(folder, place)));
  }
  // An empty or relative entry would mean whatever lies in the folder that we stand in.
  const folders = (env.PATH ?? '').split(':').filter(folder => folder.startsWith('/'));
  const found = folders.flatMap(folder => NAMES.map(name => posix.join(folder, name)));
  return platform === 'darwin' ? [...MAC_PLACES, ...found] : found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Drawing {
  readonly svg: string;
  /** Of the picture, in its own pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the PNG for each of them. */
  readonly scale: number;
}

/** A browser is many processes. Windows has no groups of them. */
const OWN_GROUP = process.platform !== 'win32';
/** So long it may take; the usual is a second or two. */
const TIMEOUT_MS = 60_000;
const LAST_WORDS_MS = 500;
/** Of what it says, kept for a message. */
const SAID_CHARS = 2000;

/**
 * The bytes that it has written, whatever they are.
 * @throws Error with why there are none; its message holds the browser's own last words
 */
export async function drawWithChromium(
  program: string,
  drawing: Drawing,
  timeoutMs = TIMEOUT_MS,
): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  let child: ChildProcess | undefined;
  const leave = (): void => {
    if (child) endAll(child);
    remove();
  };
  process.once('exit', leave);
  try {
    writeFileSync(join(folder, 'picture.svg'), drawing.svg, { mode: 0o600 });
    child = spawn(program, argumentsFor(folder, drawing), {
      ...{ stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true, detached: OWN_GROUP },
    });
    const ended = await endOf(child, timeoutMs);
    try {
      return readFileSync(join(folder, 'picture.png'));
    } catch (cause) {
      throw new Error(`it has written no picture; ${ended}`, { cause });
    }
  } finally {
    process.off('exit', leave);
    leave();
  }
}

/** Ends it and what it has started. */
function endAll(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (OWN_GROUP) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // all of them have gone
  }
}

function argumentsFor(folder: string, { width, height, scale }: Drawing): string[] {
  return [
    ...['--headless', '--disable-gpu', '--hide-scrollbars', '--mute-audio', '--no-first-run'],
    ...['--no-default-browser-check', '--disable-extensions', '--disable-sync', '--disable-component-update'],
    ...['--disable-background-networking', '--metrics-recording-only', '--no-pings'],
    '--host-resolver-rules=MAP * ~NOTFOUND',
    // Its sandbox refuses to be set up by root; what it draws is ours, and has no scripts.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--user-data-dir=${join(folder, 'profile')}`,
    `--force-device-scale-factor=${scale}`,
    `--window-size=${width},${height}`,
    `--screenshot=${join(folder, 'picture.png')}`,
    pathToFileURL(join(folder, 'picture.svg')).href,
  ];
}

/** How it ended, in words. @throws what starting it throws */
async function endOf(child: ChildProcess, timeoutMs: number): Promise<string> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-SAID_CHARS);
  });
  let isLate = false;
  let timer = setTimeout(() => {
    isLate = true;
    endAll(child);
  }, timeoutMs);
  try {
    const how = await new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        const words = signal === null ? `exit code ${code}` : `ended by ${signal}`;
        // All that it has said is read then; a process of its own that stays behind may hold on to the pipe for good.
        child.once('close', () => resolve(words));
        clearTimeout(timer);
        timer = setTimeout(() => resolve(words), LAST_WORDS_MS);
      });
    });
    if (isLate) return `it had not ended after ${Math.round(timeoutMs / 1000)} s`;
    const words = said.trim().split('\n').at(-1) ?? '';
    return words === '' ? how : `${how}: ${words}`;
  } finally {
    clearTimeout(timer);
    child.stderr?.destroy();
  }
}
