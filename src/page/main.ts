// The program of a report's page: shows the preview before the blocks are parsed, then everything.
import { hashOf } from '../timeline/codec/dataset.ts';
import type { ReportHead } from '../timeline/large/report-head.ts';
import { App } from './app.ts';
import { Controls } from './controls.ts';
import { byId, el } from './dom.ts';
import { type DecodedRun, loadRun, readHead, readPreview } from './load.ts';
import { Look } from './look.ts';
import { RunView } from './run-view.ts';
import { View } from './view.ts';

/** What a test, or a curious reader, can ask of the page. */
interface Probe {
  readonly app: App;
  readonly controls: Controls;
  readonly head: ReportHead;
  readonly hashes: () => string[];
}

async function start(): Promise<void> {
  const head = readHead();
  byId('loading').hidden = false;
  byId('filter-form').hidden = false;
  const runs = head.runs.map(run => new RunView(run, head.runs.length === 1));
  const extentUs = Math.max(1, ...head.runs.map(run => run.extentUs));
  const view = new View(extentUs);
  let app: App | undefined;
  const look = new Look(head.theme, () => app?.draw());
  app = new App(runs, view, look);
  const loading = parsed().then(() => Promise.all(head.runs.map(loadRun)));
  await Promise.all(runs.map(async run => run.showPreview(await readPreview(run.head))));
  app.draw();
  performance.mark('paceline:preview');
  const loaded = await loading;
  for (const [place, run] of runs.entries()) run.load(loaded[place] as DecodedRun);
  const controls = new Controls(app);
  app.moveCursor(0);
  controls.applyHash();
  app.draw();
  byId('loading').remove();
  performance.mark('paceline:ready');
  document.documentElement.dataset.ready = 'true';
  const hashes = (): string[] => runs.map(run => (run.loaded ? hashOf(run.loaded.pieces.data) : ''));
  const probe: Probe = { app, controls, head, hashes };
  Object.assign(globalThis, { paceline: probe });
}

function parsed(): Promise<void> {
  if (document.readyState !== 'loading') return Promise.resolve();
  return new Promise(resolve =>
    document.addEventListener('DOMContentLoaded', () => resolve(), { once: true }),
  );
}

start().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  byId('loading').replaceWith(
    el('p', { class: 'note problem', role: 'alert' }, `This report cannot be drawn here: ${text}`),
  );
});
