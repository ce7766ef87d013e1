// The report that is a picture: one SVG file without scripts, fonts or links, which renders wherever an image may
// stand.
import type { Summary } from '../../model/record.ts';
import { titleParts } from '../../timeline/caption.ts';
import { limitSteps } from '../../timeline/found-limit.ts';
import { PictureModel } from '../../timeline/picture.ts';
import { paceText } from '../pace-text.ts';
import type { OpenReport } from '../report.ts';
import { drawSvg } from './picture.ts';
import type { PictureRun } from './run.ts';

/** Of more there is nothing to say. */
const RESUMED_MAX = 5;

export const openSvgReport: OpenReport = (write, options) => {
  const runs: Omit<PictureRun, 'isNamed'>[] = [];
  let begun: Omit<PictureRun, 'isNamed' | 'ending' | 'diagnoses'> | undefined;
  return {
    begin(header, name) {
      // A ceiling that nobody came near is no line to look at.
      const limit = header.findsPace ? null : header.concurrency;
      begun = { header, name, picture: new PictureModel(), limit, ...NOTHING_FOUND, resumedAtMs: [] };
    },
    resume({ atMs, concurrency }) {
      if (begun === undefined) return;
      const limit = begun.limit === concurrency ? concurrency : null;
      begun = { ...begun, limit, resumedAtMs: [...begun.resumedAtMs, atMs].slice(0, RESUMED_MAX) };
    },
    add(line) {
      begun?.picture.add(line);
    },
    end(summary, diagnoses) {
      if (begun === undefined) return;
      begun.picture.eventLoops = summary?.eventLoops ?? [];
      const { pace = [] } = summary ?? {};
      const found = { limitSteps: limitSteps(pace), found: summary ? paceText(summary) : [] };
      runs.push({ ...begun, ...found, ending: endingOf(summary), diagnoses });
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

const NOTHING_FOUND = { limitSteps: [], found: [] };

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
