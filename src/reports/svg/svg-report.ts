// The report that is a picture: one SVG file without scripts, fonts or links, which renders wherever an image may
// stand.
import type { RunHeader, Summary } from '../../model/record.ts';
import { titleParts } from '../../timeline/caption.ts';
import { PictureModel } from '../../timeline/picture.ts';
import { RunFacts } from '../diagnosis/facts.ts';
import { type Diagnosis, diagnose } from '../diagnosis.ts';
import type { OpenReport } from '../report.ts';
import { drawSvg } from './picture.ts';
import type { PictureRun } from './run.ts';

export const openSvgReport: OpenReport = (write, options) => {
  const runs: Omit<PictureRun, 'isNamed'>[] = [];
  let begun: BegunRun | undefined;
  return {
    begin(header, name) {
      begun = { header, name, picture: new PictureModel(), facts: new RunFacts() };
    },
    resume() {
      if (begun !== undefined) begun.facts = null;
    },
    add(line) {
      begun?.picture.add(line);
      begun?.facts?.add(line, line.url);
    },
    end(summary) {
      if (begun !== undefined) {
        const { header, name, picture } = begun;
        runs.push({
          header,
          name,
          picture,
          ending: endingOf(summary),
          diagnoses: diagnosesOf(begun, summary),
        });
      }
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

interface BegunRun {
  readonly header: RunHeader;
  readonly name: string;
  readonly picture: PictureModel;
  /** Null for a run that was gone on with: its times are those of two, with nobody at work between them. */
  facts: RunFacts | null;
}

function diagnosesOf({ header, facts }: BegunRun, summary: Summary | null): Diagnosis[] {
  return summary === null || facts === null ? [] : diagnose(header, summary, facts);
}

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
