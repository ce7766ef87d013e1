// Data on its way into an HTML file: as JSON in which nothing is markup, and as base64.

/** JSON for a script element that is not run: no `<` in it can end the element or open a comment. */
export function jsonInHtml(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, character => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** So many bytes at once; a multiple of 3, so that only the last piece is padded. */
const PIECE_BYTES = 3 * 8192;

/** RFC 4648, with padding. */
export function base64(bytes: Uint8Array): string {
  const native = (bytes as { toBase64?: () => string }).toBase64;
  if (native) return native.call(bytes);
  let text = '';
  for (let from = 0; from < bytes.length; from += PIECE_BYTES)
    text += pieceOf(bytes, from, Math.min(bytes.length, from + PIECE_BYTES));
  return text;
}

function pieceOf(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i += 3) {
    const left = to - i;
    const three =
      ((bytes[i] as number) << 16) |
      (left > 1 ? (bytes[i + 1] as number) << 8 : 0) |
      (left > 2 ? (bytes[i + 2] as number) : 0);
    text += `${ALPHABET[three >>> 18]}${ALPHABET[(three >>> 12) & 63]}`;
    text += left > 1 ? ALPHABET[(three >>> 6) & 63] : '=';
    text += left > 2 ? ALPHABET[three & 63] : '=';
  }
  return text;
}
