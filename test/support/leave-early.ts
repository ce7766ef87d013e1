// A program as a user would write it: reads three outcomes of an endless run, leaves, and has nothing else to
// do. Says on stdout what of the run still keeps it from ending; a clean one ends by itself.
// Arguments: the server's URL, the strategy, and how it leaves: `break`, `throw` or `abort`.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fetchAll, type StrategyName } from '../../src/index.ts';

const [url = '', strategy = 'semaphore', way = 'break'] = process.argv.slice(2);
const controller = new AbortController();
const endless = (function* () {
  for (;;) yield url;
})();
const options = { strategy: strategy as StrategyName, concurrency: 4, workers: 2, signal: controller.signal };
let read = 0;
const seen = new Set<string>();
try {
  for await (const outcome of fetchAll(endless, options)) {
    seen.add(outcome.outcome);
    if (++read < 3) continue;
    if (way === 'break') break;
    if (way === 'throw') throw new Error('the reader threw');
    controller.abort();
  }
} catch (error) {
  seen.add((error as Error).message);
}
await nextTurn();
await nextTurn(); // handles closed in one turn of the event loop are gone at its end
const left = process.getActiveResourcesInfo().filter(name => name !== 'PipeWrap'); // its own stdin, stdout, stderr
process.stdout.write(JSON.stringify({ seen: [...seen], left }));
