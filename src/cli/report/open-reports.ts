// The files that reports are written to: opened before anything is read, given their names when all of them are whole.
import process from 'node:process';
import { PacelineError } from '../../base/errors.ts';
import { ReplacedFile } from '../../platform/replaced-file.ts';
import type { ReportBuilder, ReportOptions } from '../../reports/report.ts';
import { cannotWrite } from '../output/sinks.ts';
import { onInterrupt } from '../terminal/interrupts.ts';
import { feed, type RecordSource } from './feed.ts';
import { formatOf } from './formats.ts';

export interface ReportFlags extends Omit<ReportOptions, 'width'> {
  /** Left out for what is usual in the format. */
  readonly width?: number;
}

export const USUAL_FLAGS: Omit<ReportFlags, 'warn'> = { theme: 'auto', charset: 'unicode' };

export interface ReportPlan {
  /** At least one. */
  readonly paths: readonly string[];
  /** `-o` or `--report`. */
  readonly written: string;
  readonly flags: ReportFlags;
  /** Files that are read, as `device:inode`; none of them is overwritten. */
  readonly inputKeys: ReadonlySet<string>;
}

/** Tells the records to all reports and gives them their names; a failure leaves every file as it was. */
export async function writeReports(plan: ReportPlan, sources: readonly RecordSource[]): Promise<void> {
  const reports: OpenedReport[] = [];
  const abandon = (): void => {
    for (const { file } of reports) file.abandon();
  };
  const leave = (): void => process.exit(interrupts.exitCode() ?? undefined);
  const interrupts = onInterrupt(process, { drain: leave, abort: leave, exit: leave });
  process.once('exit', abandon);
  try {
    for (const path of plan.paths) reports.push(await openReport(path, plan));
    await feed(
      sources,
      reports.map(({ builder }) => builder),
      plan.flags.warn,
    );
    for (const { builder } of reports) await builder.finish();
    for (const { path, file } of reports) orCannotWrite(path, () => file.commit());
  } finally {
    abandon();
    process.off('exit', abandon);
    interrupts.stop();
  }
}

/** Finds out what would fail at the end: an ending that means nothing, what it needs, a path that cannot be written. */
export async function checkReports({ paths, written, inputKeys }: Omit<ReportPlan, 'flags'>): Promise<void> {
  const seen = new Set<string>();
  for (const path of paths) {
    await formatOf(path, written).load();
    if (seen.has(path)) {
      throw new PacelineError('ERR_OPTION_CONFLICT', `${written} ${path}: this file is named twice.`);
    }
    seen.add(path);
    openFile(path, written, inputKeys).abandon();
  }
}

interface OpenedReport {
  readonly path: string;
  readonly file: ReplacedFile;
  readonly builder: ReportBuilder;
}

async function openReport(path: string, { written, flags, inputKeys }: ReportPlan): Promise<OpenedReport> {
  const format = formatOf(path, written);
  const width = widthFor(format, path, flags.width);
  const open = await format.load();
  const file = openFile(path, written, inputKeys);
  const write = (piece: string | Uint8Array): void => orCannotWrite(path, () => file.write(piece));
  return { path, file, builder: open(write, { ...flags, width }) };
}

function widthFor(format: ReturnType<typeof formatOf>, path: string, width: number | undefined): number {
  const { fallback, min, unit } = format.width ?? { fallback: 0, min: 0, unit: 'pixels' };
  if (width === undefined) return fallback;
  if (width >= min) return width;
  throw new PacelineError('ERR_OPTION_INVALID', `--width ${width}: ${path} needs at least ${min} ${unit}.`);
}

function openFile(path: string, written: string, inputKeys: ReadonlySet<string>): ReplacedFile {
  const file = orCannotWrite(path, () => ReplacedFile.open(path));
  if (file.key === null || !inputKeys.has(file.key)) return file;
  file.abandon();
  throw new PacelineError('ERR_OPTION_CONFLICT', `${written} ${path}: this file is also read as input.`);
}

function orCannotWrite<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}
