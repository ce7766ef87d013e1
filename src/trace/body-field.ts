// What the record keeps of a body: a field of JSON text, or nothing.
import type { BodyPolicy } from '../model/plan.ts';
import { quoted } from './json-text.ts';

/** `auto` keeps bodies up to this size. */
export const AUTO_BODY_BYTES_MAX = 64 * 1024;
/** Up to this size, looking at each byte here beats a call of the decoder. */
const SHORT_BYTES = 64;
const CHUNK_BYTES = 8192;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The fields for a body, beginning with a comma, or an empty string.
 * `auto`: text when it is UTF-8 and at most 64 KiB, else nothing. `text`: always text, U+FFFD for what is not
 * UTF-8. `base64`: always, exact. `none`: nothing.
 */
export function bodyFields(body: Uint8Array, policy: BodyPolicy): string {
  switch (policy) {
    case 'none':
      return '';
    case 'base64':
      return `,"body":"${base64(body)}","bodyEncoding":"base64"`;
    case 'text':
      return `,"body":${plainAscii(body) ?? quoted(lenient.decode(body))}`;
    case 'auto': {
      if (body.length > AUTO_BODY_BYTES_MAX) return '';
      const text = plainAscii(body) ?? utf8(body);
      return text === undefined ? '' : `,"body":${text}`;
    }
  }
}

/** In quotes, when the body is short and needs no escape; undefined when that is not so. */
function plainAscii(body: Uint8Array): string | undefined {
  if (body.length > SHORT_BYTES) return undefined;
  let text = '"';
  for (const byte of body) {
    if (byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c) return undefined;
    text += String.fromCharCode(byte);
  }
  return `${text}"`;
}

function utf8(body: Uint8Array): string | undefined {
  try {
    return quoted(strict.decode(body));
  } catch {
    return undefined;
  }
}

function base64(body: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < body.length; at += CHUNK_BYTES)
    binary += String.fromCharCode(...body.subarray(at, at + CHUNK_BYTES));
  return btoa(binary);
}
