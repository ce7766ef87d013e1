// A run as a picture is told it.
import type { RunHeader } from '../../model/record.ts';
import type { PictureModel } from '../../timeline/picture.ts';

export interface PictureRun {
  readonly header: RunHeader;
  /** Tells it from the others; hostile. */
  readonly name: string;
  /** Its title would be that of another one. */
  readonly isNamed: boolean;
  readonly picture: PictureModel;
  /** What has to be said of how it ended: `the record was cut off`; null for nothing. */
  readonly ending: string | null;
}
