// The body that curl's data options make together: pieces of text and of files, joined by `&`.
import type { PacelineError } from '../../base/errors.ts';

/** How the content of a file is changed on its way into the body. */
type Change = 'none' | 'no line ends' | 'encoded';

interface Piece {
  readonly text: string;
  /** Follows the text. */
  readonly file: { readonly path: string; readonly change: Change } | null;
  readonly joint: '&' | '';
}

export type DataOption = 'data' | 'data-raw' | 'data-binary' | 'data-urlencode' | 'json';

const KEPT = /[A-Za-z0-9._~-]/;

export class CurlData {
  readonly #pieces: Piece[] = [];
  /** What was joined last: the URLs of an operation share their body. */
  #joined: { readonly contents: readonly Uint8Array[]; readonly body: string | Uint8Array } | null = null;
  readonly #refuse: (message: string) => PacelineError;

  constructor(refuse: (message: string) => PacelineError) {
    this.#refuse = refuse;
  }

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  /** Files that `join` wants the contents of. */
  get paths(): string[] {
    return this.#pieces.flatMap(({ file }) => (file === null ? [] : [file.path]));
  }

  add(option: DataOption, value: string): void {
    this.#joined = null;
    const joint = this.isEmpty || option === 'json' ? '' : '&';
    if (option === 'data-urlencode') this.#addEncoded(value, joint);
    else if (value.startsWith('@') && option !== 'data-raw') {
      const change = option === 'data' ? 'no line ends' : 'none';
      this.#pieces.push({ text: '', file: { path: this.#path(value.slice(1)), change }, joint });
    } else this.#pieces.push({ text: value, file: null, joint });
  }

  /** @param contents of `paths`, in their order */
  join(contents: readonly Uint8Array[]): string | Uint8Array {
    const known = this.#joined;
    if (known?.contents.every((content, at) => content === contents[at])) return known.body;
    const body = this.#joinAnew(contents);
    this.#joined = { contents, body };
    return body;
  }

  #joinAnew(contents: readonly Uint8Array[]): string | Uint8Array {
    if (contents.length === 0) return this.#pieces.map(({ text, joint }) => joint + text).join('');
    let next = 0;
    const parts = this.#pieces.map(({ text, file, joint }) => {
      const start = Buffer.from(joint + text);
      return file === null ? start : Buffer.concat([start, changed(contents[next++], file.change)]);
    });
    return Buffer.concat(parts);
  }

  /** `content`, `=content`, `name=content`, `@file` or `name@file`. */
  #addEncoded(value: string, joint: Piece['joint']): void {
    const equals = value.indexOf('=');
    const at = equals === -1 ? value.indexOf('@') : -1;
    const split = Math.max(equals, at);
    const name = split > 0 ? `${value.slice(0, split)}=` : '';
    const rest = value.slice(split + 1);
    if (at === -1) this.#pieces.push({ text: name + encoded(Buffer.from(rest)), file: null, joint });
    else this.#pieces.push({ text: name, file: { path: this.#path(rest), change: 'encoded' }, joint });
  }

  #path(path: string): string {
    if (path === '-') throw this.#refuse('@- reads stdin, which has no body for it here.');
    if (path === '') throw this.#refuse('@ needs the name of a file.');
    return path;
  }
}

function changed(content: Uint8Array = new Uint8Array(0), change: Change): Uint8Array {
  if (change === 'encoded') return Buffer.from(encoded(content));
  return change === 'none' ? content : content.filter(byte => byte !== 10 && byte !== 13 && byte !== 0);
}

/** As curl does: bytes that are not unreserved as %XX, a space as `+`. */
function encoded(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    if (KEPT.test(char)) text += char;
    else text += byte === 32 ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}
