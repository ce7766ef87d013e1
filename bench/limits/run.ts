// `npm run bench:limits`: the promises of limits, rates, retries and whole bodies, tried on paceline and on the
// libraries people use, at the versions in package.json beside this file. Prints tables, as Markdown. Words pick cases
// by their titles.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadText, surroundings } from '../report.ts';
import { CASES, type Case } from './cases.ts';
import type { Contestant } from './contestant.ts';
import { startCountingServer } from './counting-server.ts';
import { ours } from './ours.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const CASE_MS_MAX = 120_000;

/** Into this folder, and nowhere else. */
function install(): void {
  if (existsSync(new URL('node_modules', import.meta.url))) return;
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: HERE, stdio: 'inherit' });
}

async function contestants(): Promise<readonly Contestant[]> {
  const load = (name: string) => import(new URL(name, import.meta.url).href);
  const queues = await load('queues.mjs');
  const clients = await load('clients.mjs');
  return [
    ours({}),
    ours({ strategy: 'threads', workers: 4 }),
    ours({ strategy: 'processes', workers: 4 }),
    queues.pQueue(false),
    queues.pQueueNoSignal,
    queues.pQueue(true),
    queues.pLimitFetch,
    queues.pThrottleFetch(false),
    queues.pThrottleFetch(true),
    queues.bottleneck('reservoir'),
    queues.bottleneck('minTime'),
    clients.retryAgent,
    clients.gotAlone,
    queues.pQueueGot,
  ];
}

/** One contestant after another on a server of its own; a case that never ends is told as such. */
async function judge(one: Case, contestant: Contestant): Promise<string> {
  if (one.needs.some(ability => !contestant.abilities.includes(ability))) return '—';
  const server = await startCountingServer();
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<string>(resolve => {
    timer = setTimeout(() => resolve('never ended'), CASE_MS_MAX);
  });
  try {
    return await Promise.race([one.run(contestant, server), tooLong]);
  } finally {
    clearTimeout(timer);
    server.stop();
  }
}

async function main(): Promise<void> {
  install();
  const all = await contestants();
  const words = process.argv.slice(2);
  const cases = CASES.filter(({ title }) => words.every(word => title.includes(word)));
  for (const [what, value] of Object.entries(surroundings())) console.log(`${what.padEnd(10)} ${value}`);
  for (const one of cases) {
    console.log(`\n**${one.title}**; right: ${one.right}\n\n| | |\n| --- | --- |`);
    for (const contestant of all) {
      const told = await judge(one, contestant);
      if (told !== '—') console.log(`| ${contestant.name} | ${told} |`);
    }
  }
  console.log(`\nload ${loadText()}`);
}

await main();
