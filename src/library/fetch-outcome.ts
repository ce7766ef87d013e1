// A request's outcome as a program sees it: data to read, and the body in the form that is wanted.
import type { AttemptEnd, ResponseHeaders } from '../model/attempt.ts';
import type { OutcomeError, OutcomeKind } from '../model/outcome.ts';
import { type HttpRequest, InvalidInput } from '../model/request.ts';
import type { NoRetry, Settled } from '../model/settled.ts';

const NO_BYTES = new Uint8Array(0);

/** Made by `fetchAll`, one for each request. Nothing in it changes any more. */
export class FetchOutcome {
  readonly #settled: Settled<HttpRequest>;

  /** @internal */
  constructor(settled: Settled<HttpRequest>) {
    this.#settled = settled;
  }

  /** Place of the request in the input, from 0. */
  get index(): number {
    return this.#settled.index;
  }

  /** The id that was given with the request, or null. */
  get id(): string | number | null {
    return this.#settled.request.id;
  }

  /** Empty where the input could not be understood. */
  get method(): string {
    const { request } = this.#settled;
    return request instanceof InvalidInput ? '' : request.method;
  }

  /** Without credentials and fragment. */
  get url(): string {
    return this.#settled.request.url;
  }

  /** Where redirects have led; the URL itself where they were not followed or there were none. */
  get finalUrl(): string {
    return this.#last?.url ?? this.url;
  }

  /** How often it was sent, the first time included; 0 when it never was. */
  get attempts(): number {
    return this.#settled.tries.length;
  }

  /** Why it was not sent again, where one might have expected it. */
  get noRetry(): NoRetry | undefined {
    return this.#settled.noRetry;
  }

  /** How it ended, in one word. */
  get outcome(): OutcomeKind {
    return this.#settled.outcome;
  }

  /** A whole response with a status below 400, and a handler that did not throw. */
  get ok(): boolean {
    return this.outcome === 'ok';
  }

  /** Why it is not ok, unless a status tells. */
  get error(): OutcomeError | undefined {
    return this.#settled.error ?? this.#last?.error;
  }

  /** Null where there was no response. */
  get status(): number | null {
    return this.#last?.status ?? null;
  }

  /** Of the last response, by lower-case name; empty where there was none. */
  get headers(): ResponseHeaders {
    return this.#last?.headers ?? {};
  }

  /** The decoded body; empty where there was none or it was not kept. */
  get body(): Uint8Array {
    return this.#last?.body ?? NO_BYTES;
  }

  /** The body as UTF-8. */
  text(): string {
    return new TextDecoder().decode(this.body);
  }

  /** The body as JSON. @throws SyntaxError where it is none */
  json(): unknown {
    return JSON.parse(this.text());
  }

  /** What the handler returned. */
  get value(): unknown {
    return this.#last?.value;
  }

  /** Every attempt in order, with its lane, instants and phases in ms on the run's clock. */
  get tries(): readonly AttemptEnd[] {
    return this.#settled.tries;
  }

  /** When the request became known to the engine, in ms since the run began. */
  get createdMs(): number {
    return this.#settled.createdMs;
  }

  /** When it was final, in ms since the run began. */
  get endedMs(): number {
    return this.#settled.endedMs;
  }

  /** Bytes of the last response's body as they came over the wire; 0 where there was none. */
  get bytes(): number {
    return this.#last?.bytes ?? 0;
  }

  /** What is short enough to be shown: no headers, no body, and the number of tries in their place. */
  toJSON(): Record<string, unknown> {
    const { index, id, method, url, outcome, status, error, value, bytes, createdMs, endedMs } = this;
    const attempts = this.tries.length;
    return { index, id, method, url, outcome, status, attempts, error, value, bytes, createdMs, endedMs };
  }

  /** For `console.log`: everything else of it is behind getters, which are not shown. */
  [Symbol.for('nodejs.util.inspect.custom')](
    depth: number,
    options: object,
    inspect: (value: unknown, options: object) => string,
  ): string {
    return `FetchOutcome ${inspect(this.toJSON(), { ...options, depth })}`;
  }

  get #last(): AttemptEnd | undefined {
    return this.#settled.tries.at(-1);
  }
}
