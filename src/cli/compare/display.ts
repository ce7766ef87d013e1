// What a comparison shows while one of its programs runs: what its record holds so far, as a picture; or a line, where
// there is no room for one, or so many requests that reading along would take time from what is measured.
import type { Clock } from '../../base/clock.ts';
import { KEPT_MAX } from '../../timeline/picture.ts';
import { type CommandIo, canRewrite } from '../terminal/io.ts';
import { hasRoomForPicture, WatchedPicture } from '../terminal/live-picture.ts';
import { LiveTerminal } from '../terminal/live-terminal.ts';
import type { LiveDisplay } from '../terminal/live-view.ts';
import { screenOf } from '../terminal/look.ts';
import { Progress } from '../terminal/progress.ts';
import type { HowFar } from './compare.ts';
import type { Program } from './program.ts';
import type { RecordTail } from './record-tail.ts';
import type { ShowingParts } from './showing.ts';

/** For the pictures of all programs; undefined where they are shown as a line. */
export function terminalFor({
  programs,
  clock,
  flags,
  io,
  onQuit,
}: Omit<ShowingParts, 'cast'>): LiveTerminal | undefined {
  const areFew = programs.some(({ requests }) => requests <= KEPT_MAX);
  return areFew && canRewrite(io.stderr, io.env) && hasRoomForPicture(screenOf(io.stderr))
    ? new LiveTerminal({ io, clock, charset: flags.charset, onQuit })
    : undefined;
}

export interface ProgramDisplayParts {
  readonly program: Program;
  readonly record: RecordTail;
  readonly far: () => HowFar;
  readonly clock: Clock;
  readonly io: CommandIo;
  readonly terminal: LiveTerminal | undefined;
}

export function openProgramDisplay(parts: ProgramDisplayParts): LiveDisplay {
  const { program, record, far, clock, io, terminal } = parts;
  const write = (text: string): boolean => io.stderr.write(text);
  const counts = () => ({ notOk: 0, total: program.requests, ...far() });
  const size = () => screenOf(io.stderr);
  if (terminal === undefined || !hasRoomForPicture(size()) || program.requests > KEPT_MAX)
    return new Progress({
      ...{ clock, write, rewrites: canRewrite(io.stderr, io.env), columns: () => size().columns },
      state: () => ({ label: program.strategy, ...counts() }),
    });
  const beganMs = clock.now();
  const { strategy, limit, findsPace, workers } = program;
  const watched = new WatchedPicture({
    run: {
      strategy,
      concurrency: limit,
      ...(findsPace && { findsPace }),
      ...(workers !== null && { workers }),
    },
    ...{ picture: record.picture, choices: terminal.choices, open: () => [] },
    look: () => terminal.look(),
    hasKeys: () => terminal.hasKeys,
    // Its clock began a little later than ours.
    nowMs: () => Math.max(clock.now() - beganMs, record.picture.extent().endMs),
    state: () => {
      record.look();
      const now = counts();
      return { ...now, done: Math.max(now.done, record.requests) };
    },
  });
  return terminal.open(watched, { clock, write, size });
}
