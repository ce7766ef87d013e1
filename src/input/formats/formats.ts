// The input formats by name, each loaded when it is asked for. A new one is a row here and a file beside this one.
import type { OpenFormat } from './format.ts';
import { openLines } from './lines.ts';

type LoadFormat = () => OpenFormat | Promise<OpenFormat>;

/** `auto` takes a line that begins with `{` as JSON and any other as a URL. */
export const FORMATS = {
  auto: () => openLines('auto'),
  urls: () => openLines('urls'),
  ndjson: () => openLines('ndjson'),
  vegeta: async () => (await import('./vegeta.ts')).openVegeta,
  curl: async () => (await import('./curl.ts')).openCurl,
  har: async () => (await import('./har.ts')).openHar,
} as const satisfies Readonly<Record<string, LoadFormat>>;

export type InputFormat = keyof typeof FORMATS;
