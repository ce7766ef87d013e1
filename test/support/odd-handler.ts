// A handler that misbehaves in the way its path asks for.
import type { HandlerResponse } from '../../src/index.ts';

export default function oddHandler({ url, text }: HandlerResponse): unknown {
  if (url.endsWith('/throws')) throw new Error('thrown at once');
  if (url.endsWith('/null')) throw null;
  if (url.endsWith('/rejects')) return Promise.reject(undefined);
  return { length: text().length };
}
