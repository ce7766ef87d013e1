// A URL as it goes into a request: what inputs and redirects have in common.

/** The URL's normal form, without credentials and fragment: neither is ever sent as part of it. Changes `url`. */
export function sendableHref(url: URL): string {
  // Each of these parses the URL anew, so none of them is set for nothing.
  if (url.username !== '') url.username = '';
  if (url.password !== '') url.password = '';
  if (url.hash !== '' || url.href.endsWith('#')) url.hash = '';
  return url.href;
}

/** The value of a header that carries the credentials of this URL; null where it has none (RFC 7617). */
export function basicAuthorization(url: URL): string | null {
  if (url.username === '' && url.password === '') return null;
  const pair = `${decode(url.username)}:${decode(url.password)}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

/** A stray `%` that encodes nothing stands for itself. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
