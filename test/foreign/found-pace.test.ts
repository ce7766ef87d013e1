// Debian's gunicorn gets twice as many workers in the middle of a run, and loses them again: `-c auto` follows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startPaceline } from '../support/command.ts';
import { parseRecord } from '../support/fetch-server.ts';
import { type Gunicorn, startGunicorn, WORKERS } from '../support/gunicorn.ts';

const SERVICE_MS = 50;
/** Requests to each of three numbers of workers: enough to find it on a busy machine, too. */
const PART = 280;

/** Some requests apart: signals that come together count as one. */
const SIGNALS = ([PART, 2 * PART] as const).flatMap(from =>
  Array.from({ length: WORKERS }, (_, i) => ({
    at: from + 10 * i,
    name: from === PART ? ('SIGTTIN' as const) : ('SIGTTOU' as const),
  })),
);

let gunicorn: Gunicorn;
before(async () => {
  gunicorn = await startGunicorn(SERVICE_MS);
});
after(() => gunicorn?.stop());

/** The last limit of each of so many parts of the requests. */
function limits(
  changes: readonly (readonly [number, number, string])[],
  untilMs: readonly number[],
): number[] {
  return untilMs.map(ms => changes.findLast(([atMs]) => atMs <= ms)?.[1] ?? 0);
}

test('three workers, then six, then three', async () => {
  const argv = ['fetch', '-n', String(3 * PART), `${gunicorn.origin}/`];
  const { child, ended } = startPaceline(argv);
  child.stdin.end();
  let lines = 0;
  child.stdout.on('data', (text: string) => {
    const before = lines;
    lines += text.split('\n').length - 1;
    for (const { at, name } of SIGNALS) if (before < at && lines >= at) gunicorn.signal(name);
  });
  const { code, stdout, stderr } = await ended;
  assert.equal(code, 0, stderr);
  const { summary, lines: requests } = parseRecord(stdout);
  assert.equal(summary.outcomes.ok, 3 * PART, 'nothing is lost on the way');
  const ends = requests.map(({ endedMs }) => endedMs).toSorted((a, b) => a - b);
  const partEnds = [PART, 2 * PART, 3 * PART].map(count => ends[count - 1] as number);
  const found = limits(summary.pace?.[0]?.changes ?? [], partEnds);
  const [first = 0, second = 0, third = 0] = found;
  assert.ok(first >= 3 && first <= 5, `three workers: ${found}`);
  assert.ok(second >= 5 && second <= 9, `six workers: ${found}`);
  assert.ok(third >= 3 && third <= 5, `three again: ${found}`);
});
