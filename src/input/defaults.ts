// What the command line says for every request, and how a request is put together from it.
import type { HeaderList, HttpRequest } from '../model/request.ts';
import { hasHeader, mergeHeaders } from './headers.ts';
import type { CheckedUrl } from './urls.ts';

export interface RequestDefaults {
  /** Null for GET, or POST when there is a body. */
  readonly method: string | null;
  readonly headers: HeaderList;
  readonly body: Uint8Array | string | null;
  /** Content type of `body`, unless a header says otherwise. */
  readonly bodyType: string | null;
}

export const NO_DEFAULTS: RequestDefaults = { method: null, headers: [], body: null, bodyType: null };

/** What one input says for itself; null or empty where it leaves the defaults. */
export interface OwnParts {
  readonly method?: string | null;
  readonly headers?: HeaderList;
  readonly body?: Uint8Array | string | null;
  readonly bodyType?: string | null;
  readonly id?: string | number | null;
  readonly timeoutMs?: number | null;
}

/** A complete request: own parts first, then the defaults; an explicit header beats what is derived. */
export function completeRequest(to: CheckedUrl, own: OwnParts, defaults: RequestDefaults): HttpRequest {
  const hasOwnBody = own.body !== undefined && own.body !== null;
  const body = hasOwnBody ? (own.body ?? null) : defaults.body;
  const bodyType = hasOwnBody ? (own.bodyType ?? null) : defaults.bodyType;
  const given = mergeHeaders(defaults.headers, own.headers ?? []);
  const derived: string[] = [];
  if (to.authorization !== undefined && !hasHeader(given, 'authorization')) {
    derived.push('authorization', to.authorization);
  }
  if (body !== null && bodyType !== null && !hasHeader(given, 'content-type')) {
    derived.push('content-type', bodyType);
  }
  return {
    url: to.url,
    method: own.method ?? defaults.method ?? (body === null ? 'GET' : 'POST'),
    headers: derived.length === 0 ? given : [...given, ...derived],
    body,
    id: own.id ?? null,
    timeoutMs: own.timeoutMs ?? null,
  };
}
