// The report that is a picture: one SVG file without scripts, fonts or links, which renders wherever an image may
// stand.
import type { RunHeader, Summary } from '../../model/record.ts';
import { PictureModel } from '../../timeline/picture.ts';
import type { OpenReport } from '../report.ts';
import { drawSvg } from './picture.ts';
import type { PictureRun } from './run.ts';

export const openSvgReport: OpenReport = (write, options) => {
  const runs: PictureRun[] = [];
  let begun:
    | { readonly header: RunHeader; readonly name: string; readonly picture: PictureModel }
    | undefined;
  return {
    begin(header, name) {
      begun = { header, name, picture: new PictureModel() };
    },
    add(line) {
      begun?.picture.add(line);
    },
    end(summary) {
      if (begun !== undefined) runs.push({ ...begun, ending: endingOf(summary) });
      begun = undefined;
    },
    finish() {
      write(drawSvg(runs, options));
    },
  };
};

const ENDINGS: Readonly<Record<Summary['ended'], string | null>> = {
  complete: null,
  interrupted: 'interrupted',
  deadline: 'ended by its time limit',
  failed: 'ended because too much failed',
  local_failure: 'ended by a failure of this machine',
};

function endingOf(summary: Summary | null): string | null {
  return summary === null
    ? 'the record was cut off: drawn is what it holds'
    : (ENDINGS[summary.ended] ?? null);
}
