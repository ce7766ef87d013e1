// What went wrong in a run, for people: the first few bad inputs with their place, and the other failures
// counted by kind with one example each. Bounded, however much goes wrong.
import { formatCount } from '../../base/units.ts';
import type { HttpRequest } from '../../model/request.ts';
import type { Settled } from '../../model/settled.ts';
import { INTERRUPTED } from './stopping.ts';

/** Codes of requests that were cancelled from here: the reason is told once, not for each of them. */
export const OUTPUT_LOST = 'OUTPUT_LOST';
export const STRAY = 'HANDLER_STRAY';
const TOLD_ONCE: ReadonlySet<string> = new Set([
  ...[INTERRUPTED, OUTPUT_LOST, STRAY, 'RUN_DEADLINE', 'RUN_FAILED'],
]);

const INPUTS_SHOWN_MAX = 5;
const KINDS_MAX = 50;
const KINDS_SHOWN_MAX = 5;

interface Kind {
  count: number;
  readonly example: string;
}

export class Troubles {
  #invalidCount = 0;
  readonly #invalid: string[] = [];
  readonly #kinds = new Map<string, Kind>();

  add(settled: Settled<HttpRequest>): void {
    const { outcome, request, tries } = settled;
    if (outcome === 'ok') return;
    const error = settled.error ?? tries.at(-1)?.error;
    if (isToldOnce(error?.code)) return;
    if (outcome === 'invalid_input') {
      this.#invalidCount++;
      const isNew = error && !this.#invalid.includes(error.message); // with -n the same one comes again
      if (isNew && this.#invalid.length < INPUTS_SHOWN_MAX) this.#invalid.push(error.message);
      return;
    }
    const status = tries.at(-1)?.status ?? null;
    const key = outcome === 'http_error' ? `${outcome} ${status}` : `${outcome} ${error?.code ?? ''}`;
    const known = this.#kinds.get(key);
    if (known) known.count++;
    else if (this.#kinds.size < KINDS_MAX) {
      const why = outcome === 'http_error' || !error ? '' : ` (${error.message.slice(0, 200)})`;
      this.#kinds.set(key, { count: 1, example: `${request.url}${why}` });
    }
  }

  /** A line each; none when all went well. */
  lines(): string[] {
    const kinds = [...this.#kinds].sort(([, a], [, b]) => b.count - a.count);
    const more = this.#invalidCount - this.#invalid.length;
    return [
      ...this.#invalid.map(message => `invalid input: ${message}`),
      ...(more > 0 ? [`and ${formatCount(more)} more invalid inputs`] : []),
      ...kinds
        .slice(0, KINDS_SHOWN_MAX)
        .map(([key, { count, example }]) => `${formatCount(count)} × ${key.trim()}, first: ${example}`),
      ...(kinds.length > KINDS_SHOWN_MAX
        ? [`and ${kinds.length - KINDS_SHOWN_MAX} more kinds of failure`]
        : []),
    ];
  }
}

/** Whether a code stands for the one reason why the whole run ends, which is told once. */
export function isToldOnce(code: string | undefined): boolean {
  return code !== undefined && TOLD_ONCE.has(code);
}

/** `request 3: http_error 503 http://a/`, as it happened; null when it went well. */
export function troubleLine({ index, outcome, request, tries, error }: Settled<HttpRequest>): string | null {
  if (outcome === 'ok') return null;
  const last = tries.at(-1);
  const why = error ?? last?.error;
  const which = outcome === 'http_error' ? `${last?.status ?? ''}` : (why?.code ?? '');
  const where = outcome === 'invalid_input' ? '' : ` ${request.url}`; // its message quotes it, with its place
  const message = why ? ` (${why.message.slice(0, 200)})` : '';
  return `request ${index + 1}: ${outcome} ${which}${where}${message}`;
}
