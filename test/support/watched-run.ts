// A simulated run with a live view beside it on the same virtual clock, and everything that was written.
import { hasRoomForPicture, OPEN_MAX, rowsFor, WatchedPicture } from '../../src/cli/terminal/live-picture.ts';
import { LiveView, type ScreenSize } from '../../src/cli/terminal/live-view.ts';
import { ViewChoices } from '../../src/cli/terminal/view-choices.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import type { FaultPlan } from '../../src/simulation/faults.ts';
import { openSimulation } from '../../src/simulation/run.ts';
import type { Charset, ColorDepth } from '../../src/timeline/palette.ts';
import { PictureModel } from '../../src/timeline/picture.ts';
import { drawTerminal } from '../../src/timeline/terminal.ts';

export interface WatchOptions {
  readonly requests: number;
  readonly limit: number | null;
  readonly workers?: number;
  readonly serviceMs?: number;
  readonly faults?: FaultPlan;
  readonly charset?: Charset;
  readonly color?: ColorDepth;
  /** Of the screen at an instant. */
  readonly size?: (nowMs: number) => ScreenSize;
  /** Called before each write. */
  readonly onSize?: (nowMs: number) => void;
  readonly choices?: ViewChoices;
  /** Pressed at these instants. */
  readonly keys?: readonly { readonly atMs: number; readonly key: string }[];
  /** Said above the picture, at these instants. */
  readonly says?: readonly number[];
}

export interface Write {
  readonly atMs: number;
  readonly text: string;
}

export function watchedRun(options: WatchOptions): { writes: Write[]; final: readonly string[] } {
  const { requests, limit, workers = 3, serviceMs = 1000, says = [] } = options;
  const size = options.size ?? (() => ({ columns: 90, rows: 30 }));
  const look = { charset: options.charset ?? 'unicode', color: options.color ?? '256' } as const;
  const request: HttpRequest = {
    ...{ url: 'http://api.test/', method: 'GET', headers: [], body: null, id: null, timeoutMs: null },
  };
  const picture = new PictureModel();
  const simulation = openSimulation(
    {
      requests: Array.from({ length: requests }, () => request),
      limit: limit ?? Number.POSITIVE_INFINITY,
      network: { rttMs: 2, ...(options.faults && { faults: options.faults }) },
      server: {
        ...{ workers, workerClass: 'sync', serviceTime: { kind: 'exponential', meanMs: serviceMs } },
        ...{ backlog: Number.POSITIVE_INFINITY, rateLimit: null, seed: 7 },
      },
    },
    settled => picture.add(settled),
  );
  const { clock } = simulation;
  const run = { strategy: limit === null ? 'async' : 'semaphore', concurrency: limit };
  const writes: Write[] = [];
  const choices = options.choices ?? new ViewChoices();
  const watched = new WatchedPicture({
    ...{ run, picture, choices, look: () => look },
    open: () => simulation.lookIn(OPEN_MAX),
    nowMs: () => clock.now(),
    state: () => {
      const { settled, inFlight, notOk } = simulation.result().engine;
      return { done: settled, inFlight, notOk, total: requests };
    },
  });
  const view = new LiveView({
    clock,
    size: () => {
      options.onSize?.(clock.now());
      return size(clock.now());
    },
    write: text => writes.push({ atMs: clock.now(), text }),
    draw: screen => watched.draw(screen),
  });
  for (const { atMs, key } of options.keys ?? [])
    clock.schedule(atMs, () => {
      if (watched.press(key)) view.redraw();
    });
  for (const atMs of says) clock.schedule(atMs, () => view.say(`said at ${atMs}\n`));
  while (simulation.advance(1));
  view.pause();
  const screen = size(clock.now());
  const final = drawTerminal(
    { run, picture },
    {
      ...look,
      width: screen.columns - 1,
      ...rowsFor(screen, choices, picture.facts().capacity),
      caption: [],
    },
  );
  if (hasRoomForPicture(screen)) view.finish(final);
  return { writes, final };
}
