// What the live picture of a run costs: a simulated run whose settled requests are told to the picture, and whose
// frames are drawn as on a terminal. The clock of the frames goes on by what they cost, so that they come as seldom as
// in earnest; their cost is that of the process, its collector of garbage and its compiler included.
// Usage: node live.ts REQUESTS PER_SECOND COLUMNSxROWS [KEYS]; prints JSON
import process from 'node:process';
import type { Clock } from '../../src/base/clock.ts';
import { ADD_MS, OPEN_MAX, WatchedPicture } from '../../src/cli/terminal/live-picture.ts';
import { LiveView } from '../../src/cli/terminal/live-view.ts';
import { ViewChoices } from '../../src/cli/terminal/view-choices.ts';
import { openSimulation } from '../../src/simulation/run.ts';
import { PictureModel } from '../../src/timeline/picture.ts';
import { request } from '../../test/property/scenario.ts';

const [, , countText = '', rateText = '', sizeText = '', keys = ''] = process.argv;
const count = Number(countText);
const perSecond = Number(rateText);
const [columns = 80, rows = 24] = sizeText.split('x').map(Number);
const LIMIT = 50;
/** Told to the picture together, so that the clock is asked seldom. */
const BATCH = 500;

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function* requests() {
  for (let index = 0; index < count; index++) yield request(index);
}

const picture = new PictureModel();
let batch: Parameters<PictureModel['add']>[0][] = [];
let addMs = 0;
const addAll = (): void => {
  const startedMs = cpuMs();
  for (const settled of batch) picture.add(settled);
  addMs += cpuMs() - startedMs;
  batch = [];
};
const simulation = openSimulation(
  {
    ...{ requests: requests(), limit: LIMIT, network: { rttMs: 0 } },
    server: {
      ...{ workers: LIMIT, workerClass: 'sync', backlog: Number.POSITIVE_INFINITY, rateLimit: null, seed: 1 },
      serviceTime: { kind: 'exponential', meanMs: (LIMIT / perSecond) * 1000 },
    },
  },
  settled => {
    if (batch.push(settled) === BATCH) addAll();
  },
);
const { clock } = simulation;
let drawMs = 0;
let frames = 0;
const slowed: Clock = {
  now: () => clock.now() + drawMs,
  schedule: (atMs, fire) => clock.schedule(Math.max(clock.now(), atMs - drawMs), fire),
};
const choices = new ViewChoices();
const watched = new WatchedPicture({
  ...{ run: { strategy: 'semaphore', concurrency: LIMIT }, picture, choices },
  look: () => ({ charset: 'unicode', color: '256' }),
  open: () => simulation.lookIn(OPEN_MAX),
  nowMs: () => clock.now(),
  state: () => {
    const { settled, inFlight, notOk } = simulation.result().engine;
    return { done: settled, inFlight, notOk, total: count };
  },
});
for (const key of keys) watched.press(key);
const view = new LiveView({
  clock: slowed,
  keepingMs: () => simulation.result().engine.settled * ADD_MS,
  size: () => ({ columns, rows }),
  write: () => {},
  draw: size => {
    addAll();
    const startedMs = cpuMs();
    const lines = watched.draw(size);
    drawMs += cpuMs() - startedMs;
    frames++;
    return lines;
  },
});
let runMs = 0;
while (simulation.advance(1)) {
  runMs = slowed.now();
  if (simulation.result().engine.settled === count) break;
}
view.stop();
process.stdout.write(`${JSON.stringify({ runMs, frames, drawMs, addMs })}\n`);
