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

type Changes = readonly (readonly [atMs: number, limit: number, reason: string])[];

/** The limit of an instant rests and looks; its mean over the second half of a part tells what was found. */
function limitsOf(
  changes: Changes,
  fromMs: number,
  toMs: number,
): { readonly mean: number; readonly most: number } {
  const halfMs = (fromMs + toMs) / 2;
  const held = changes.map(([atMs, limit], at) => {
    const untilMs = Math.min(toMs, changes[at + 1]?.[0] ?? Number.POSITIVE_INFINITY);
    return { limit, ms: untilMs - Math.max(atMs, fromMs), lateMs: untilMs - Math.max(atMs, halfMs) };
  });
  const late = held.filter(({ lateMs }) => lateMs > 0);
  return {
    mean: late.reduce((sum, { limit, lateMs }) => sum + limit * lateMs, 0) / (toMs - halfMs),
    most: Math.max(...held.filter(({ ms }) => ms > 0).map(({ limit }) => limit)),
  };
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
  const [first = 0, second = 0, third = 0] = [PART, 2 * PART, 3 * PART].map(count => ends[count - 1]);
  const changes = summary.pace?.[0]?.changes ?? [];
  const said = JSON.stringify(changes.map(([atMs, limit]) => [Math.round(atMs), limit]));
  const [three, six, again] = [
    limitsOf(changes, 0, first),
    limitsOf(changes, first, second),
    limitsOf(changes, second, third),
  ] as const;
  assert.ok(three.mean >= 3 && three.mean < 5.5, `three workers: ${three.mean} of ${said}`);
  assert.ok(six.most >= 6, `six workers: ${six.most} of ${said}`);
  assert.ok(again.mean >= 3 && again.mean < 5.5, `three again: ${again.mean} of ${said}`);
});
