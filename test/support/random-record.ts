// Records as runs leave them, drawn from a seed: outcomes of every kind in the order in which they ended, ids and URLs
// of any script, intents, places where a run went on, lines that were taken back, with a summary or killed before it.
import type { Random } from '../../src/base/random.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';
import { OUTCOMES, type OutcomeKind } from '../../src/model/outcome.ts';
import type { RunHeader } from '../../src/model/record.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import type { Settled } from '../../src/model/settled.ts';
import { footerLine, headerLine, intentLine, requestLine, resumedLine } from '../../src/trace/line.ts';
import { sealed } from '../../src/trace/seal.ts';
import { SummaryBuilder } from '../../src/trace/summary.ts';
import { aRequest, aSettled, aTry } from './record-lines.ts';

export const A_RUN: RunHeader = {
  ...{ version: '0.1.0', started: '2026-11-23T00:00:00Z', strategy: 'semaphore', concurrency: 10, seed: 7 },
  inputs: { names: ['urls.txt'], format: 'auto', repeat: 1, method: null, headers: null, body: null },
};

export interface DrawnLine {
  readonly text: string;
  /** Of a request that has this line. */
  readonly settled?: Settled<HttpRequest>;
  /** An intent of it. */
  readonly intentOf?: number;
}

export interface DrawnRecord {
  /** Sealed, without line feeds, the first line included. */
  readonly lines: readonly DrawnLine[];
  /** The input it was made from, by index. */
  readonly inputs: readonly HttpRequest[];
}

const PATHS = ['', 'a', 'b?c=1&d=%20', 'x'.repeat(90), '\u20ac\u{1f600}', 'q"\\\u2028\u0007'];
const IDS = [null, null, 0, 17.5, 'plain', '\u00e9"\n\u0085', ''];
const BODIES = [undefined, 'hi', '{"crc":"00000000"}', '\u{1f600}\n\t"'];

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random.next() * from.length)] as T;
}

export function drawRecord(random: Random, most = 12): DrawnRecord {
  const inputs = Array.from({ length: 1 + Math.floor(random.next() * most) }, () =>
    aRequest({
      url: `http://h/${pick(random, PATHS)}`,
      id: pick(random, IDS),
      method: pick(random, ['GET', 'GET', 'POST']),
    }),
  );
  const summary = new SummaryBuilder();
  const lines: DrawnLine[] = [{ text: sealed(headerLine(A_RUN)) }];
  let nowMs = 0;
  for (const index of shuffledABit(random, inputs.length)) {
    const request = inputs[index] as HttpRequest;
    if (random.next() < 0.1) lines.push({ text: pick(random, ['', ' '.repeat(40)]) });
    if (random.next() < 0.05) {
      const { started, strategy, concurrency, seed } = A_RUN;
      lines.push({ text: sealed(resumedLine({ started, atMs: nowMs, strategy, concurrency, seed })) });
    }
    if (request.method === 'POST')
      lines.push({ text: sealed(intentLine({ index, attempt: 1 })), intentOf: index });
    if (random.next() < 0.15) continue; // it was in flight when the run was killed
    nowMs += random.next() * 5;
    const settled = drawSettled(random, { index, request, nowMs });
    summary.add(settled);
    lines.push({ text: sealed(requestLine(settled, 'auto')), settled });
  }
  if (random.next() < 0.5) lines.push({ text: sealed(footerLine(summary.summary('complete'))) });
  return { lines, inputs };
}

function drawSettled(
  random: Random,
  { index, request, nowMs }: { index: number; request: HttpRequest; nowMs: number },
): Settled<HttpRequest> {
  const outcome: OutcomeKind = random.next() < 0.6 ? 'ok' : pick(random, OUTCOMES);
  const wasStarted = outcome !== 'cancelled' || random.next() < 0.5;
  const tries: AttemptEnd[] = [];
  for (let left = wasStarted ? 1 + Math.floor(random.next() * 2) : 0; left > 0; left--) {
    const isLast = left === 1;
    const bodyText = pick(random, BODIES);
    const isRefused = !isLast && random.next() < 0.5;
    const failure =
      isRefused || (isLast && outcome === 'ok')
        ? {}
        : { error: { code: 'UNKNOWN', message: 'as "they" say' } };
    const phasesMs = {
      ...(tries.length > 0 && { backoff: random.next() }),
      permit: random.next(),
      ...(random.next() < 0.5 && { queue: 2, service: 3.25 }),
    };
    tries.push(
      aTry({
        ...{
          lane: Math.floor(random.next() * 5),
          startedMs: nowMs,
          endedMs: nowMs + random.next(),
          phasesMs,
        },
        outcome: isLast ? outcome : isRefused ? 'http_error' : 'network_error',
        status: isLast && outcome === 'ok' ? pick(random, [200, 204, 304]) : isRefused ? 429 : null,
        ...((isRefused || random.next() < 0.05) && { retryAfterMs: 100 * random.next() }),
        ...(random.next() < 0.1 && { addresses: ['::1', '127.0.0.1'], framing: 'close' as const }),
        ...(random.next() < 0.3 && { server: { workers: 3, arrivedMs: nowMs, doubtMs: 0.5 } }),
        ...(bodyText !== undefined && { body: Buffer.from(bodyText), bytes: bodyText.length }),
        ...(random.next() < 0.2 && { value: { a: [1, { crc: '12345678' }], 'tries"': '}' } }),
        ...failure,
      }),
    );
  }
  return aSettled({
    ...{ index, request, outcome, tries, createdMs: nowMs - 0.5, endedMs: tries.at(-1)?.endedMs ?? nowMs },
    ...(outcome !== 'ok' && random.next() < 0.3 && { noRetry: 'attempts' as const }),
    ...(tries.length === 0 && outcome !== 'ok' && { error: { code: 'INTERRUPTED', message: 'no' } }),
  });
}

/** In the order of a run: nearly that of the input. */
function shuffledABit(random: Random, count: number): number[] {
  return Array.from({ length: count }, (_, index) => ({ index, at: index + random.next() * 3 }))
    .sort((a, b) => a.at - b.at)
    .map(({ index }) => index);
}
