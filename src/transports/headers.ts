// The request headers we add: who asks, and that any type will do; each only where the user says nothing.
//
// No `Accept-Encoding`: a compressed body costs us more CPU than it saves on a fast network, and a
// measurement should see the bytes the server would send by itself. Whoever sets it gets decoded bodies.
import { VERSION } from '../base/version.ts';
import type { HeaderList } from '../model/request.ts';

const USER_AGENT = `paceline/${VERSION}`;
const ALONE: HeaderList = ['user-agent', USER_AGENT, 'accept', '*/*'];

/**
 * The list as sent. Equal for equal arguments, so the caller may keep it for the next request.
 * @param toProxy value of `Proxy-Authorization`, where a proxy reads the request itself; the user's own goes first
 */
export function withDefaults(headers: HeaderList, toProxy?: string | null): HeaderList {
  if (toProxy) {
    const names = headers.filter((_, i) => i % 2 === 0).map(name => name.toLowerCase());
    const own = names.includes('proxy-authorization') ? [] : ['proxy-authorization', toProxy];
    return withDefaults([...headers, ...own]);
  }
  if (headers.length === 0) return ALONE;
  let hasAgent = false;
  let hasAccept = false;
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (name === 'user-agent') hasAgent = true;
    else if (name === 'accept') hasAccept = true;
  }
  if (hasAgent && hasAccept) return headers;
  return [
    ...headers,
    ...(hasAgent ? [] : ['user-agent', USER_AGENT]),
    ...(hasAccept ? [] : ['accept', '*/*']),
  ];
}
