// A URL as it goes into a request: what inputs and redirects have in common.

/** The URL's normal form, without credentials and fragment: neither is ever sent as part of it. Changes `url`. */
export function sendableHref(url: URL): string {
  // Each of these parses the URL anew, so none of them is set for nothing.
  if (url.username !== '') url.username = '';
  if (url.password !== '') url.password = '';
  if (url.hash !== '' || url.href.endsWith('#')) url.hash = '';
  return url.href;
}
