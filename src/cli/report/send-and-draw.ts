// A run that is drawn at its end, also where it came to a bad one: what its record holds is then the picture.
import { basename } from 'node:path';
import type { Speaker } from '../terminal/messages.ts';
import type { RunReports } from './run-reports.ts';

/**
 * @param send the run, given the path of its record
 * @returns what the run did @throws what the run threw, or else what drawing threw
 */
export async function sendAndDraw(
  reports: RunReports,
  recordPath: string | null,
  speaker: Speaker,
  send: (recordPath: string) => Promise<number>,
): Promise<number> {
  try {
    const path = await reports.recordPath(recordPath);
    const draw = () => reports.write([{ name: basename(path), path }], speaker);
    let code: number;
    try {
      code = await send(path);
    } catch (error) {
      await draw().catch(() => undefined); // the run's own failure is what matters
      throw error;
    }
    await draw();
    return code;
  } finally {
    reports.close();
  }
}
