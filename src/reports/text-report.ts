// The terminal's picture as a text file: no colours, no escapes, all runs on one scale.
import type { RunHeader } from '../model/record.ts';
import { limitSteps } from '../timeline/found-limit.ts';
import { PictureModel } from '../timeline/picture.ts';
import { type DrawnRun, drawTerminals } from '../timeline/terminal.ts';
import type { OpenReport } from './report.ts';

export const openTextReport: OpenReport = (write, { width, charset }) => {
  const runs: DrawnRun[] = [];
  let picture = new PictureModel();
  let begun: RunHeader | undefined;
  return {
    begin(run) {
      begun = run;
      picture = new PictureModel();
    },
    add(line) {
      picture.add(line);
    },
    end(summary) {
      picture.eventLoops = summary?.eventLoops ?? [];
      picture.limitSteps = limitSteps(summary?.pace ?? []);
      if (begun !== undefined) runs.push({ run: begun, picture });
    },
    finish() {
      for (const line of drawTerminals(runs, { width, charset, color: 'none' })) write(`${line}\n`);
    },
  };
};
