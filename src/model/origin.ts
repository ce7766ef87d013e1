// The origin of a request: scheme, name and port, as one text. It names the host that limits and pauses are kept for.
import type { HttpRequest } from './request.ts';

const SLASH = 47;

/**
 * A function that gives the origin of a normalised URL. It costs a comparison when it is the origin of the one
 * before, and then gives the very same text.
 */
export function originNames(): (request: Pick<HttpRequest, 'url'>) => string {
  let last = '';
  return ({ url }) => {
    if (last !== '' && url.charCodeAt(last.length) === SLASH && url.startsWith(last)) return last;
    last = originOf(url);
    return last;
  };
}

/** `https://host:port` of a normalised URL; parsing happened long ago. */
export function originOf(url: string): string {
  const pathAt = url.indexOf('/', url.indexOf('//') + 2);
  return pathAt < 0 ? url : url.slice(0, pathAt);
}
