// Which requests cost their server about the same, as far as their addresses tell: those of one method whose paths
// differ in nothing but numbers and identifiers. `GET /items/17` and `GET /items/4f1c…` are one kind, `GET /items` is
// another. The query is left out: it mostly says which, not what.
import type { HttpRequest } from './request.ts';

/** Longer ones are cut: whoever keeps something for each kind keeps a bounded text. */
const CHARS_MAX = 96;
/** Digits; or hexadecimal digits and dashes from so many on, which no word is made of. */
const NAMES_ONE = /[0-9a-f-]{16,}|[0-9]+/gi;

/** `GET /items/*` for `GET http://host/items/17?full=1`, of a normalised URL. */
export function pathPattern({ method, url }: Pick<HttpRequest, 'method' | 'url'>): string {
  const pathAt = url.indexOf('/', url.indexOf('//') + 2);
  if (pathAt < 0) return `${method} /`;
  const queryAt = url.indexOf('?', pathAt);
  const end = Math.min(queryAt < 0 ? url.length : queryAt, pathAt + 2 * CHARS_MAX);
  return `${method} ${url.slice(pathAt, end).replace(NAMES_ONE, '*').slice(0, CHARS_MAX)}`;
}

/** As `pathPattern`; it costs a comparison when the request's address is that of the one before. */
export function pathPatterns(): (request: Pick<HttpRequest, 'method' | 'url'>) => string {
  let lastUrl = '';
  let lastMethod = '';
  let last = '';
  return request => {
    if (request.url === lastUrl && request.method === lastMethod) return last;
    lastUrl = request.url;
    lastMethod = request.method;
    last = pathPattern(request);
    return last;
  };
}
