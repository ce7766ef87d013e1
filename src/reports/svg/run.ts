// A run as a picture is told it.
import type { RunHeader } from '../../model/record.ts';
import type { LimitStep } from '../../timeline/found-limit.ts';
import type { PictureModel } from '../../timeline/picture.ts';
import type { Diagnosis } from '../diagnosis.ts';

export interface PictureRun {
  readonly header: RunHeader;
  /** Tells it from the others; hostile. */
  readonly name: string;
  /** Its title would be that of another one. */
  readonly isNamed: boolean;
  readonly picture: PictureModel;
  /** Attempts in flight at most, over all of it; null for none, or for several one after another. */
  readonly limit: number | null;
  /** The limit that was found, over time; empty where none was looked for. */
  readonly limitSteps: readonly LimitStep[];
  /** What was found of the server's pace, as sentences: hostile. */
  readonly found: readonly string[];
  /** Where it was gone on with, on its own axis. */
  readonly resumedAtMs: readonly number[];
  /** What limited it, and what to try; empty for nothing that is sure. */
  readonly diagnoses: readonly Diagnosis[];
  /** What has to be said of how it ended: `the record was cut off`; null for nothing. */
  readonly ending: string | null;
}
