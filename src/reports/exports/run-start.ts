// When a run began, for formats that count from 1970.
import { parseIsoTime } from '../../model/iso-time.ts';
import type { RunHeader } from '../../model/record.ts';

/** What the record says as the run's start; 1970 and a warning where that is no date. */
export function startOf(run: RunHeader, name: string, warn: (sentence: string) => void): number {
  const startedMs = parseIsoTime(run.started);
  if (startedMs === null) warn(`${name} does not say when it was started: its times count from 1970.`);
  return startedMs ?? 0;
}
