// T4: every number that stands around a terminal's picture, computed anew from the lines of the record, and held
// against the table for machines.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { formatCount, formatDuration } from '../../src/base/units.ts';
import { main } from '../../src/cli/main.ts';
import type { RequestLine, Summary, TryLine } from '../../src/model/record.ts';
import { openFolder, parseRecord } from '../support/fetch-server.ts';
import { testIo } from '../support/test-io.ts';

const folder = openFolder();
after(() => folder.remove());

const RUNS: Readonly<Record<string, string>> = {
  'nine at once on three workers': '-S async -n 9',
  'nine, three at a time': '-S semaphore -n 9 -c 3 --delay 1s~20%',
  'one after another': '-S sequential -n 5 --delay exp(80ms)',
  'in threads': '-S threads -n 40 -c 8 -w 2 --delay 50ms --rtt 20ms',
  'more requests than rows': '-S semaphore -n 400 -c 40 --server-workers 16 --delay lognormal(200ms,0.8)',
  'a server that refuses': '-S semaphore -n 120 -c 20 --rate-limit 30/s --delay 40ms --retries 1',
  'a short queue': '-S async -n 80 --backlog 6 --delay exp(100ms) --retries 0',
  'too slow for the client':
    '-S semaphore -n 60 -c 20 --delay exp(400ms) --headers-timeout 900ms --retries 1',
  'no time left for some': '-S semaphore -n 60 -c 2 --delay 300ms -m 2s',
};

interface Told {
  /** From the title to the legend, in one line. */
  readonly picture: string;
  readonly lines: readonly RequestLine[];
  readonly summary: Summary;
}

async function told(name: string): Promise<Told> {
  const record = folder.file(`${Object.keys(RUNS).indexOf(name)}.ndjson`);
  const words = ['simulate', '--seed', '7', '-q', ...(RUNS[name] ?? '').split(' ')];
  const [text, json] = [testIo(), testIo()];
  await main([...words, '-o', record], text);
  await main([...words, '--json'], json);
  const { rows } = JSON.parse(json.stdout.text()) as { rows: { summary: Summary }[] };
  const shown = text.stdout.text();
  const picture = shown.slice(shown.lastIndexOf('\n', shown.indexOf('│')));
  return {
    picture:
      shown.slice(shown.search(/^\w+ · /m), shown.indexOf(picture)) +
      picture.replaceAll(/\s*\n {2}(?=\S)/g, ' · '),
    lines: parseRecord(readFileSync(record, 'utf8')).lines,
    summary: rows[0]?.summary as Summary,
  };
}

/** The smallest that half of them do not exceed. */
const median = (spans: readonly number[]): number =>
  spans.toSorted((a, b) => a - b)[Math.ceil(spans.length / 2) - 1] as number;

/** Its stay at the server: as the server tells it, or from the request sent to the first byte. */
function stayOf(one: TryLine): readonly [fromMs: number, toMs: number] | null {
  const { network = 0, queue, service, ttfb = 0 } = one.phasesMs;
  if (one.server && (queue !== undefined || service !== undefined))
    return [
      one.server.arrivedMs,
      // Each is rounded for itself.
      Math.min(one.endedMs, one.server.arrivedMs + (queue ?? 0) + (service ?? 0)),
    ];
  const isWaiting = one.status === null && one.outcome !== 'ok' && one.phasesMs.network !== undefined;
  const fromMs = one.startedMs + network;
  const toMs = isWaiting ? one.endedMs : fromMs + ttfb;
  return toMs > fromMs ? [fromMs, toMs] : null;
}

function peakOf(tries: readonly TryLine[]): number {
  const changes = tries
    .map(stayOf)
    .filter(stay => stay !== null)
    .flatMap(([fromMs, toMs]) => [
      { atMs: Math.round(fromMs * 1000), by: 1 },
      { atMs: Math.round(toMs * 1000), by: -1 },
    ])
    .sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  let now = 0;
  let peak = 0;
  for (const { by } of changes) {
    now += by;
    peak = Math.max(peak, now);
  }
  return peak;
}

/** As the words say a request ended. */
function endingOf({ tries }: RequestLine): string | null {
  const last = tries.at(-1);
  if (last === undefined) return 'not sent';
  if (last.outcome === 'ok') return null;
  if (last.status === 429) return 'told to slow down';
  return last.outcome === 'timeout' ? 'timed out' : last.outcome === 'cancelled' ? 'cancelled' : 'failed';
}

for (const name of Object.keys(RUNS))
  test(`${name}: what the picture says is what the record holds`, async () => {
    const { picture, lines, summary } = await told(name);
    const says = (words: string): void => assert.ok(picture.includes(words), `${words}\n${picture}`);
    const tries = lines.flatMap(line => line.tries);
    const wire = lines.flatMap(line => line.tries.slice(-1)).map(one => one.endedMs - one.startedMs);
    const queues = tries.filter(one => one.phasesMs.queue !== undefined);
    const waits = queues.filter(
      ({ phasesMs: { queue = 0, service = 0 } }) => queue >= 1 && queue >= service * 0.05,
    );
    const wallMs = Math.max(...tries.map(one => one.endedMs));

    says(` · ${formatCount(lines.length)} requests · `);
    says(`wall ${formatDuration(wallMs)} · `);
    const unit = formatDuration(Math.max(...wire)).replace(/.* /, ' ');
    const p50 = formatDuration(median(wire)).replace(new RegExp(`${unit}$`), '');
    says(`on the wire p50 ${p50} max ${formatDuration(Math.max(...wire))}`);
    const longest = formatDuration(Math.max(0, ...queues.map(one => one.phasesMs.queue ?? 0)));
    says(
      `server queue: ${waits.length} of ${queues.length} waited${waits.length > 0 ? `, max ${longest}` : ''}`,
    );
    if (queues.length < tries.length) says(`(${queues.length} of ${tries.length} reported)`);
    const retried = tries.length > lines.length - lines.filter(line => line.tries.length === 0).length;
    assert.equal(picture.includes(` ${tries.length} attempts`), retried, picture);
    for (const words of ['failed', 'timed out', 'told to slow down', 'cancelled', 'not sent']) {
      const count = lines.filter(line => endingOf(line) === words).length;
      if (count > 0) says(`· ${count} ${words}`);
      else assert.doesNotMatch(picture, new RegExp(`· \\d+ ${words}`));
    }
    const workers = /--server-workers (\d+)/.exec(RUNS[name] ?? '')?.[1] ?? '3';
    says(`peak ${peakOf(tries)}, capacity ${workers}`);

    assert.equal(formatDuration(summary.makespanMs), formatDuration(wallMs));
    assert.deepEqual([summary.requests, summary.attempts], [lines.length, tries.length]);
    assert.equal(summary.serverWaited ?? 0, waits.length);
    if (waits.length > 0) assert.equal(formatDuration(summary.serverQueueMs?.max ?? 0), longest);
  });
