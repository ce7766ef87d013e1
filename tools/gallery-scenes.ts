// The pictures of the gallery, made by the command itself: each scene is simulated, so that it is the same on every
// machine, and drawn from its record. Nothing in them is typed by hand.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { main } from '../src/cli/main.ts';

export interface Scene {
  readonly name: string;
  /** What it shows, for the page of pictures. */
  readonly says: string;
  /** A run each: the words after `paceline simulate`. */
  readonly runs: readonly string[];
}

const LIGHT_WORK = '--rtt 40ms --cpu 30ms';
const HEAVY_WORK = '-n 6 --delay 500ms --cpu 400ms --rtt 40ms';
const ALL_AT_ONCE = '-S async -n 9 --rtt 40ms';
const THREE_AT_ONCE = '-S semaphore -c 3 -n 9 --rtt 40ms';

/** The seven pictures of the talk, and two of them side by side. */
export const GALLERY: readonly Scene[] = [
  {
    name: 'sequential',
    says: 'three requests, one after another',
    runs: [`-S sequential -n 3 ${LIGHT_WORK}`],
  },
  {
    name: 'threads',
    says: 'a thread for each of three requests',
    runs: [`-S threads -n 3 -w 3 ${LIGHT_WORK}`],
  },
  { name: 'async', says: 'three requests at once in one thread', runs: [`-S async -n 3 ${LIGHT_WORK}`] },
  {
    name: 'without-semaphore',
    says: 'nine at once on three workers: six wait in the server',
    runs: [ALL_AT_ONCE],
  },
  {
    name: 'with-semaphore',
    says: 'at most three at once: nobody waits in the server',
    runs: [THREE_AT_ONCE],
  },
  {
    name: 'cpu-one-loop',
    says: 'work for the processor piles up in one thread',
    runs: [`-S async ${HEAVY_WORK}`],
  },
  {
    name: 'cpu-processes',
    says: 'three processes do the same work side by side',
    runs: [`-S processes -w 3 -c 6 ${HEAVY_WORK}`],
  },
  {
    name: 'semaphore',
    says: 'without and with a semaphore, on one axis',
    runs: [ALL_AT_ONCE, THREE_AT_ONCE],
  },
];

export const THEMES = ['light', 'dark'] as const;
export const TEXT_WIDTHS = [40, 80, 120, 200] as const;
export const CHARSETS = ['unicode', 'ascii'] as const;

export interface DrawnScene {
  /** By theme. */
  readonly pictures: Readonly<Record<(typeof THEMES)[number], string>>;
  /** By character set: the picture of the terminal in all widths, one below the other. */
  readonly texts: Readonly<Record<(typeof CHARSETS)[number], string>>;
}

/** Runs and draws one scene. @throws when the command does not end well */
export async function drawScene({ name, runs }: Scene): Promise<DrawnScene> {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-gallery-'));
  try {
    const records: string[] = [];
    for (const [place, words] of runs.entries()) {
      const path = join(folder, `${name}-${place + 1}.ndjson`);
      await paceline(['simulate', ...words.split(' '), '--seed', '7', '-q', '-o', path]);
      records.push(path);
    }
    const report = async (ending: string, ...flags: string[]): Promise<string> => {
      const path = join(folder, `picture${ending}`);
      await paceline(['report', ...records, '-o', path, '-q', ...flags]);
      return readFileSync(path, 'utf8');
    };
    const text = async (charset: string): Promise<string> => {
      const widths: string[] = [];
      for (const width of TEXT_WIDTHS)
        widths.push(await report('.txt', '--width', String(width), '--charset', charset));
      return widths.join(`${'~'.repeat(20)}\n`);
    };
    return {
      pictures: {
        light: await report('.svg', '--theme', 'light'),
        dark: await report('.svg', '--theme', 'dark'),
      },
      texts: { unicode: await text('unicode'), ascii: await text('ascii') },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function paceline(argv: readonly string[]): Promise<void> {
  const said = new PassThrough();
  const stdout = new PassThrough().resume();
  const code = await main(argv, { stdin: Readable.from([]), stdout, stderr: said, env: {} });
  if (code !== 0) throw new Error(`paceline ${argv.join(' ')} ended with ${code}: ${said.read() ?? ''}`);
}
