// What `-v` adds to `fetch`: what is about to happen, all defaults filled in, and a line for each request that
// does not go well, as it happens. The lines are bounded in rate: a server that is down must not flood a terminal.
import type { Clock } from '../../base/clock.ts';
import { formatCount, formatDuration, formatSize } from '../../base/units.ts';
import type { RunPlan } from '../../engine/plan.ts';
import type { ConnectionOptions } from '../../model/plan.ts';
import type { HttpRequest } from '../../model/request.ts';
import type { Settled } from '../../model/settled.ts';
import { counted } from '../../timeline/caption.ts';
import type { Word } from '../flags/command-line.ts';
import type { FetchPlan } from './plan.ts';
import { isToldOnce, troubleLine } from './troubles.ts';

/** The plan of a run, for people. Holds no header and no body: those may be secret. */
export function planLines(run: RunPlan, plan: FetchPlan, words: readonly Word[]): string[] {
  const { connectMs, headersMs, bodyMs, bodyBytesMax } = run.attempt.limits;
  const files = words.flatMap(({ flag, text }) => (flag === 'input' ? [text === '-' ? 'stdin' : text] : []));
  const urls = words.filter(({ flag }) => flag === null).length;
  const inputs = [...files, ...(urls > 0 ? [counted(urls, 'URL')] : [])];
  const limit = Number.isFinite(run.limit) ? `at most ${formatCount(run.limit)} in flight` : 'no limit';
  const bodies = plan.outputDir === null ? plan.bodies : plan.savedBodies;
  const outputs = [
    ...(plan.recordPath === null ? [] : [`record to ${plan.recordPath}`]),
    ...(plan.outputDir === null ? [] : [`bodies as files to ${plan.outputDir}`]),
    ...(plan.stdout === null ? [] : [`${plan.stdout} to stdout`]),
  ];
  return [
    `strategy  ${run.strategy}, ${limit}${run.workers > 0 ? `, ${counted(run.workers, 'worker')}` : ''}`,
    `timeouts  connect ${span(connectMs)}, headers ${span(headersMs)}, body ${span(bodyMs)}, ` +
      `request ${span(run.timeoutMs)}; bodies up to ${formatSize(bodyBytesMax)}`,
    ...wayLines(run.attempt.connection),
    `input     ${inputs.join(', ')}${plan.inputFormat === 'auto' ? '' : ` as ${plan.inputFormat}`}` +
      `${plan.repeat > 1 ? `, ${formatCount(plan.repeat)} times` : ''}`,
    `output    ${outputs.join(', ') || 'none'}; bodies kept: ${bodies}` +
      `${run.order === 'input' ? '; in the order of the input' : ''}`,
    `seed      ${run.seed}`,
  ];
}

/** How connections are made, where not in the usual way. The credentials of a proxy are not told. */
function wayLines({ proxy, unixSocket, caCert }: ConnectionOptions): string[] {
  const ways = [
    ...(proxy === null ? [] : [`by way of the proxy ${proxy.host}:${proxy.port}`]),
    ...(unixSocket === null ? [] : [`to the socket ${unixSocket}`]),
    ...(caCert === null ? [] : ['authorities from --cacert alone']),
  ];
  return ways.length === 0 ? [] : [`network   ${ways.join(', ')}`];
}

function span(ms: number): string {
  return Number.isFinite(ms) ? formatDuration(ms) : 'none';
}

const WINDOW_MS = 1000;
const LINES_PER_WINDOW = 20;

/** Tells failures as they come, at most 20 in a second; the rest of a second is counted. */
export class FailureLines {
  readonly #clock: Clock;
  readonly #say: (text: string) => void;
  #windowEndsMs = 0;
  #told = 0;
  #untold = 0;

  constructor(clock: Clock, say: (text: string) => void) {
    this.#clock = clock;
    this.#say = say;
  }

  add(settled: Settled<HttpRequest>): void {
    if (settled.outcome === 'ok') return;
    if (isToldOnce((settled.error ?? settled.tries.at(-1)?.error)?.code)) return;
    const nowMs = this.#clock.now();
    if (nowMs >= this.#windowEndsMs) {
      this.end();
      this.#windowEndsMs = nowMs + WINDOW_MS;
      this.#told = 0;
    }
    if (this.#told >= LINES_PER_WINDOW) {
      this.#untold++;
      return;
    }
    this.#told++;
    this.#say(troubleLine(settled) ?? '');
  }

  /** Tells what is left to tell. */
  end(): void {
    if (this.#untold > 0) this.#say(`… and ${formatCount(this.#untold)} more that were not ok`);
    this.#untold = 0;
  }
}
