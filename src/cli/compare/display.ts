// What a comparison shows while one of its programs runs: what its record holds so far, as a picture; or a line, where
// there is no room for one, or so many requests that reading along would take time from what is measured.
import type { Clock } from '../../base/clock.ts';
import { KEPT_MAX } from '../../timeline/picture.ts';
import type { FlagValues } from '../flags/command-line.ts';
import { type CommandIo, canRewrite } from '../terminal/io.ts';
import { hasRoomForPicture, pictureOf } from '../terminal/live-picture.ts';
import { type LiveDisplay, LiveView } from '../terminal/live-view.ts';
import { lookOf, screenOf } from '../terminal/look.ts';
import { Progress } from '../terminal/progress.ts';
import type { HowFar } from './compare.ts';
import type { Program } from './program.ts';
import type { RecordTail } from './record-tail.ts';

export interface ProgramDisplayParts {
  readonly program: Program;
  readonly record: RecordTail;
  readonly far: () => HowFar;
  readonly clock: Clock;
  readonly flags: FlagValues;
  readonly io: CommandIo;
}

export function openProgramDisplay({
  program,
  record,
  far,
  clock,
  flags,
  io,
}: ProgramDisplayParts): LiveDisplay {
  const write = (text: string): boolean => io.stderr.write(text);
  const counts = () => ({ notOk: 0, total: program.requests, ...far() });
  const rewrites = canRewrite(io.stderr, io.env);
  const size = () => screenOf(io.stderr);
  if (!rewrites || !hasRoomForPicture(size()) || program.requests > KEPT_MAX)
    return new Progress({
      ...{ clock, write, rewrites, columns: () => size().columns },
      state: () => ({ label: program.strategy, ...counts() }),
    });
  const beganMs = clock.now();
  const { strategy, limit, workers } = program;
  const draw = pictureOf({
    run: { strategy, concurrency: limit, ...(workers !== null && { workers }) },
    picture: record.picture,
    look: lookOf(io.stderr, io.env, flags.charset),
    open: () => [],
    // Its clock began a little later than ours.
    nowMs: () => Math.max(clock.now() - beganMs, record.picture.extent().endMs),
    state: () => {
      const now = counts();
      return { ...now, done: Math.max(now.done, record.requests) };
    },
  });
  return new LiveView({
    ...{ clock, write, size },
    draw: screen => {
      record.look();
      return draw(screen);
    },
  });
}
