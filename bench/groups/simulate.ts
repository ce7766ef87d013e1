// How many requests a second of CPU simulates: the engine on its virtual clock, with and without its invariants
// checked at every event, and the whole command with its table and picture.
import { join } from 'node:path';
import { type Contestant, runInTurn } from '../harness.ts';
import { type BenchResult, cpuMs, medianOf } from '../report.ts';
import { type BenchOptions, PROBES, paceline } from '../workspace.ts';

const OFF = 'engine alone';
const ON = 'engine, invariants checked';
/** So many that the start of the process is a small part of them. */
const MANY = 4_000_000;
const WATCHED = 1_000_000;

export async function simulate({ rounds }: BenchOptions): Promise<BenchResult> {
  const probe = (name: string, invariants: string, requestCount: number): Contestant => ({
    name,
    command: [process.execPath, join(PROBES, 'simulate.ts'), invariants, String(requestCount)],
    requestCount,
  });
  const args = ['simulate', '-S', 'semaphore', '-c', '50', '--server-workers', '50', '--delay', '20ms'];
  const command = paceline(...args, '-n', String(MANY));
  const measured = await runInTurn(
    [
      probe(OFF, 'off', MANY),
      probe(ON, 'on', WATCHED),
      { name: 'paceline simulate', command, requestCount: MANY },
    ],
    rounds,
  );
  const perSecond = (name: string, count: number): number => count / (medianOf(measured, name, cpuMs) / 1000);
  return {
    tables: [{ title: 'simulated requests', measured, reference: OFF }],
    goals: [
      {
        what: 'simulated requests for each second of CPU, invariants off',
        value: perSecond(OFF, MANY),
        unit: '/s',
        atLeast: 500_000,
      },
      {
        what: 'the same, invariants on',
        value: perSecond(ON, WATCHED),
        unit: '/s',
        atLeast: 150_000,
      },
      {
        what: 'the whole command',
        value: perSecond('paceline simulate', MANY),
        unit: '/s',
        atLeast: 500_000,
      },
    ],
  };
}
