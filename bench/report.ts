// Turns samples into what people read (a table for each set of contestants, a verdict for each goal) and into
// JSON with every round in it.
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release } from 'node:os';
import type { Measured, Sample } from './harness.ts';
import { pairedRatio, type Spread, spreadOf } from './statistics.ts';

/** A figure; with a bound it is a goal, and there is a verdict. */
export interface Goal {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Contestants that ran in turn. */
export interface Table {
  readonly title: string;
  readonly measured: readonly Measured[];
  /** The contestant whom all others are compared with, round by round. */
  readonly reference: string;
}

export interface BenchResult {
  readonly tables: readonly Table[];
  /** Tables of another kind, as they are printed. */
  readonly texts?: readonly string[];
  readonly goals: readonly Goal[];
}

export const cpuMs = (sample: Sample): number => sample.userMs + sample.sysMs;
export const wallMs = (sample: Sample): number => sample.wallMs;
export const memoryBytes = (sample: Sample): number => sample.treePeakBytes ?? sample.largestProcessBytes;

/** @throws when nobody of that name took part */
export function samplesOf(measured: readonly Measured[], name: string): readonly Sample[] {
  const found = measured.find(({ contestant }) => contestant.name === name);
  if (!found) throw new Error(`${name} did not take part`);
  return found.samples;
}

/** Median of one contestant. */
export function medianOf(
  measured: readonly Measured[],
  name: string,
  of: (sample: Sample) => number,
): number {
  return spreadOf(samplesOf(measured, name).map(of)).median;
}

/** Median of the quotients, round by round. */
export function ratioOf(
  measured: readonly Measured[],
  name: string,
  reference: string,
  of: (sample: Sample) => number,
): number {
  return pairedRatio(samplesOf(measured, name).map(of), samplesOf(measured, reference).map(of)).median;
}

/** Where and when: a figure means little without. */
export function surroundings(): Readonly<Record<string, string | number>> {
  return {
    date: new Date().toISOString(),
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    kernel: release(),
    node: process.version,
    revision: git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', 'src', 'bin') ? '+' : ''),
    load: loadText(),
  };
}

export function loadText(): string {
  return loadavg()
    .map(load => load.toFixed(2))
    .join(' ');
}

export function tableText({ title, measured, reference }: Table): string {
  const rows = measured.map(one => rowOf(one, measured, reference));
  const head = ['', 'wall ms: median', 'least … most', 'CPU ms', 'per request', 'peak MB'];
  return `${title}\n${columns([[...head, 'wall ×', 'CPU ×'], ...rows])}`;
}

function rowOf(one: Measured, all: readonly Measured[], reference: string): string[] {
  const { name, requestCount } = one.contestant;
  const wall = spreadOf(one.samples.map(wallMs));
  const cpu = spreadOf(one.samples.map(cpuMs));
  return [
    name,
    wall.median.toFixed(0),
    borders(wall),
    cpu.median.toFixed(0),
    requestCount < 1000 ? '' : `${((cpu.median / requestCount) * 1000).toFixed(1)} µs`,
    (spreadOf(one.samples.map(memoryBytes)).median / 1e6).toFixed(0),
    ratioOf(all, name, reference, wallMs).toFixed(2),
    ratioOf(all, name, reference, cpuMs).toFixed(2),
  ];
}

function borders({ min, max }: Spread): string {
  return `${min.toFixed(0)} … ${max.toFixed(0)}`;
}

export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)));
  return rows
    .map(row =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

export function goalText({ what, value, unit, atMost, atLeast }: Goal): string {
  const figure = `${what}: ${value.toFixed(value < 10 ? 3 : value < 1000 ? 1 : 0)} ${unit}`;
  if (atMost !== undefined) return `${value <= atMost ? 'reached' : 'MISSED '}  ${figure}, at most ${atMost}`;
  if (atLeast !== undefined)
    return `${value >= atLeast ? 'reached' : 'MISSED '}  ${figure}, at least ${atLeast}`;
  return `         ${figure}`;
}

export function json(results: Readonly<Record<string, BenchResult>>, started: unknown): string {
  const tables = (result: BenchResult) =>
    result.tables.map(({ title, reference, measured }) => ({
      title,
      reference,
      contestants: measured.map(({ contestant, samples }) => ({ ...contestant, samples })),
    }));
  const benches = Object.entries(results).map(([name, result]) => ({
    name,
    tables: tables(result),
    ...(result.texts && { texts: result.texts }),
    goals: result.goals,
  }));
  return `${JSON.stringify({ started, loadAtEnd: loadText(), benches }, null, 1)}\n`;
}

function git(...args: readonly string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
