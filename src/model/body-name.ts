// The name of the file that a body is saved in. It follows from the request and its index alone, never from what a
// server says, and two requests of a run never get the same one, however a file system compares names: no memory of
// names is needed for that. Three kinds, told apart by their form:
//
//   first.pdf              an id that is a safe name as it is: small ASCII letters, digits, `.`, `_`, `-`
//   Summer-2024~000004.pdf any other id, made safe; its index keeps it apart from ids that look alike
//   000017-report.pdf      no id: the index, and the last part of the URL's path, or else its host
//
// What is not a letter, a digit or one of `._-` becomes `_`: list what may stay, and nothing is forgotten. (Names that
// must not be taken as paths, options or devices: CVE-2016-0754, CVE-2020-8177, and "Naming Files, Paths, and
// Namespaces" of the Windows documentation.)

/** Longest name in bytes of UTF-8. File systems take 255; some that encrypt names a good deal less. */
export const NAME_BYTES_MAX = 200;

const INDEX_DIGITS = 6;
/** Room for `~` or `-`, an index, and the number of a further try. */
const ADDED_BYTES_MAX = 40;

/** No `~`, which stands only before an index; no capitals, which some disks do not tell from small letters. */
const PLAIN_ID = /^[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_-])?$/;
/** As the names of requests without an id begin. */
const LIKE_INDEXED = /^\d{6,}-/;
/** Devices on Windows, with any ending: `con`, `NUL.txt`, `lpt1.tar.gz`. */
const DEVICE = /^(?:con|prn|aux|nul|clock_|conin_|conout_|(?:com|lpt)[0-9¹²³])(?:\.|$)/i;

/** Letters and digits of all scripts, with their marks, but none that is invisible (filler letters, joiners). */
const UNSAFE = /[^\p{L}\p{M}\p{N}._-]|\p{Default_Ignorable_Code_Point}/gu;
const EXTENSION = /^(.+)(\.[a-z0-9]{1,12})$/i;

/** What names a request: `HttpRequest` has it. */
export interface NamedRequest {
  /** Absolute. */
  readonly url: string;
  readonly id: string | number | null;
}

/**
 * @param index of the request in the input, from 0
 * @param tries how many names of this request were taken already, by files that were there before
 * @returns one component of a path: at most 200 bytes, in Normalization Form C, safe on every common system
 */
export function bodyName({ id, url }: NamedRequest, index: number, tries = 0): string {
  const number = String(index).padStart(INDEX_DIGITS, '0');
  if (id === null) {
    const [stem, extension] = split(safeText(lastPart(url)));
    return `${number}-${stem}${numbered(tries)}${extension}`;
  }
  const text = String(id);
  if (tries === 0 && isPlain(text)) return text;
  const [stem, extension] = split(safeText(text));
  const further = isPlain(text) ? tries - 1 : tries;
  return `${DEVICE.test(stem) ? '_' : ''}${stem}~${number}${numbered(further)}${extension}`;
}

/** The name to fall back on where the disk takes no long ones: `000017-`, or `~000017`. */
export function shortBodyName({ id }: NamedRequest, index: number, tries: number): string {
  const number = String(index).padStart(INDEX_DIGITS, '0');
  return id === null ? `${number}-body${numbered(tries)}` : `id~${number}${numbered(tries)}`;
}

function isPlain(id: string): boolean {
  return id.length <= NAME_BYTES_MAX && PLAIN_ID.test(id) && !LIKE_INDEXED.test(id) && !DEVICE.test(id);
}

/** ``, `-2`, `-3` … */
function numbered(tries: number): string {
  return tries <= 0 ? '' : `-${tries + 1}`;
}

/** The last part of the path that is not empty, decoded; the host where there is none. Nothing of the query. */
function lastPart(url: string): string {
  const afterScheme = url.slice(url.indexOf('//') + 2);
  const [whole = ''] = afterScheme.split(/[?#]/, 1);
  const [host = '', ...parts] = whole.split('/');
  const last = parts.findLast(part => part !== '');
  if (last === undefined) return host;
  try {
    return decodeURIComponent(last);
  } catch {
    return last; // not UTF-8
  }
}

/** Never empty; begins and ends with a letter or a digit. */
function safeText(text: string): string {
  // Cut first: an id may be a megabyte long, and no more than this can be left of it.
  const short = text.slice(0, 4 * NAME_BYTES_MAX);
  const safe = short.normalize('NFC').replace(UNSAFE, '_').replace(/__+/g, '_');
  return trimmed(safe) || 'body';
}

function trimmed(text: string): string {
  return text.replace(/^[._-]+|[._-]+$/g, '');
}

/** Stem and extension (empty when there is none), together short enough for all that is added to them. */
function split(name: string): [stem: string, extension: string] {
  const [, stem = name, extension = ''] = EXTENSION.exec(name) ?? [];
  return [trimmed(shortened(stem, NAME_BYTES_MAX - ADDED_BYTES_MAX - extension.length)) || 'body', extension];
}

/** Cut between characters. */
function shortened(text: string, bytesMax: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > bytesMax) break;
    kept += character;
  }
  return kept;
}
