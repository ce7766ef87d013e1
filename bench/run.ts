// `npm run bench -- NAME…`: builds, measures, prints tables and verdicts; `--json FILE` keeps every round.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bulk } from './groups/bulk.ts';
import { exports } from './groups/exports.ts';
import { found } from './groups/found.ts';
import { handover } from './groups/handover.ts';
import { html } from './groups/html.ts';
import { live } from './groups/live.ts';
import { memory } from './groups/memory.ts';
import { pace } from './groups/pace.ts';
import { shared } from './groups/shared.ts';
import { simulate } from './groups/simulate.ts';
import { start, startOwn } from './groups/start.ts';
import { unseen } from './groups/unseen.ts';
import { type BenchResult, goalText, json, loadText, surroundings, tableText } from './report.ts';
import { exitOnSignals } from './servers.ts';
import { type BenchOptions, ROOT, withDirectory } from './workspace.ts';

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<BenchResult>>> = {
  start,
  'start-own': startOwn,
  bulk,
  memory,
  handover,
  simulate,
  exports,
  html,
  pace,
  unseen,
  found,
  shared,
  live,
};
const USAGE = `npm run bench -- NAME…   one or more of ${Object.keys(BENCHES).join(', ')}, or all
  --rounds N    measured rounds, after one to warm up (7)
  --json FILE   keeps every round`;

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '7' }, json: { type: 'string' } },
  });
  const names = positionals.includes('all') ? Object.keys(BENCHES) : positionals;
  const unknown = names.find(name => !Object.hasOwn(BENCHES, name));
  if (unknown !== undefined) throw new Error(`There is no bench ${unknown}.`);
  if (names.length === 0) throw new Error('Name a bench.');
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1.');
  return { names, rounds, jsonFile: values.json };
}

async function main(): Promise<void> {
  exitOnSignals();
  const { names, rounds, jsonFile } = readArguments();
  execFileSync(process.execPath, [join(ROOT, 'tools/build.ts')], { stdio: 'inherit' });
  const started = surroundings();
  for (const [what, value] of Object.entries(started)) console.log(`${what.padEnd(10)} ${value}`);
  const results: Record<string, BenchResult> = {};
  for (const name of names) {
    process.stderr.write(`${name}, ${rounds} rounds: `);
    const result = await withDirectory(directory => (BENCHES[name] ?? bulk)({ rounds, directory }));
    results[name] = result;
    for (const text of [...result.tables.map(tableText), ...(result.texts ?? [])]) console.log(`\n${text}`);
    console.log(`\n${result.goals.map(goalText).join('\n')}\nload ${loadText()}`);
    if (jsonFile !== undefined) writeFileSync(jsonFile, json(results, started));
  }
}

main().catch((error: Error) => {
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 1;
});
