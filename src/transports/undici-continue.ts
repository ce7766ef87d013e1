// undici takes a `100 Continue` that nobody asked for as a broken connection. A client must pass over any
// interim response (RFC 9110 §15.2), so its parser is told of a 102 instead, which undici hands on as such.
import type { Socket } from 'node:net';
import symbols from 'undici/lib/core/symbols.js';

/** Call when undici has taken the socket over. */
export function passOverContinue(socket: Socket): void {
  const parser = (socket as Socket & { [symbols.kParser]?: Parser | null })[symbols.kParser];
  if (!parser) return; // it has already closed
  const { onHeadersComplete } = parser;
  parser.onHeadersComplete = (status, upgrade, keepAlive) =>
    onHeadersComplete.call(parser, status === 100 ? 102 : status, upgrade, keepAlive);
}

interface Parser {
  onHeadersComplete(status: number, upgrade: boolean, keepAlive: boolean): number;
}
