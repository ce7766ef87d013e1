// The report that is a picture: one SVG file without scripts, fonts or links, which renders wherever an image may
// stand.
import type { Summary } from '../../model/record.ts';
import { titleParts } from '../../timeline/caption.ts';
import { PictureModel } from '../../timeline/picture.ts';
import type { OpenReport } from '../report.ts';
import { drawSvg } from './picture.ts';
import type { PictureRun } from './run.ts';

export const openSvgReport: OpenReport = (write, options) => {
  const runs: Omit<PictureRun, 'isNamed'>[] = [];
  let begun: Pick<PictureRun, 'header' | 'name' | 'picture'> | undefined;
  return {
    begin(header, name) {
      begun = { header, name, picture: new PictureModel() };
    },
    add(line) {
      begun?.picture.add(line);
    },
    end(summary, diagnoses) {
      if (begun === undefined) return;
      begun.picture.eventLoops = summary?.eventLoops ?? [];
      runs.push({ ...begun, ending: endingOf(summary), diagnoses });
      begun = undefined;
    },
    finish() {
      const titles = runs.map(({ header, picture }) => titleParts(header, picture.facts()).join());
      const isNamed = (i: number): boolean =>
        titles.indexOf(titles[i] ?? '') !== titles.lastIndexOf(titles[i] ?? '');
      write(
        drawSvg(
          runs.map((run, i) => ({ ...run, isNamed: isNamed(i) })),
          options,
        ),
      );
    },
  };
};

const ENDINGS: Readonly<Partial<Record<string, string>>> = {
  interrupted: 'interrupted',
  deadline: 'ended by its time limit',
  failed: 'ended because too much failed',
  local_failure: 'ended by a failure of this machine',
};

/** A record may come from anybody, and may have ended in a way that nobody knows. */
function endingOf(summary: Summary | null): string | null {
  if (summary === null) return 'the record was cut off: drawn is what it holds';
  return (Object.hasOwn(ENDINGS, summary.ended) && ENDINGS[summary.ended]) || null;
}
