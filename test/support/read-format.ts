// Reads inputs of a format from text, cut into pieces as unkindly as asked.

import { PacelineError } from '../../src/base/errors.ts';
import type { Input } from '../../src/input/input.ts';
import { type ByteSource, type ReadOptions, readRequests } from '../../src/input/read-requests.ts';
import { InvalidInput } from '../../src/model/request.ts';

export interface FormatText {
  readonly text: string | Uint8Array;
  readonly format: NonNullable<ReadOptions['format']>;
  readonly pieceBytes?: number;
  /** Contents by path; any other path cannot be read. */
  readonly files?: Readonly<Record<string, string>>;
  readonly defaults?: NonNullable<ReadOptions['defaults']>;
}

export async function readFormat({
  text,
  format,
  pieceBytes,
  files = {},
  defaults,
}: FormatText): Promise<Input[]> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const size = pieceBytes ?? 65_536;
  const memory = new Uint8Array(size);
  const source: ByteSource = {
    name: 'list',
    isRepeatable: true,
    async *open() {
      for (let at = 0; at < bytes.length; at += size) {
        const piece = bytes.subarray(at, at + size);
        memory.set(piece); // always the same memory, as a file is read
        yield memory.subarray(0, piece.length);
      }
    },
    async readFile(path) {
      const content = files[path];
      if (content === undefined) throw new PacelineError('ERR_INPUT_FILE', `no file ${path}`);
      return new TextEncoder().encode(content);
    },
  };
  const inputs: Input[] = [];
  for await (const batch of readRequests([source], { format, ...(defaults && { defaults }) }))
    inputs.push(...batch);
  return inputs;
}

/** Inputs in short: `POST http://a/ x-a=1 "body"`, or `! message`. */
export function inShort(inputs: readonly Input[]): string[] {
  return inputs.map(input => {
    if (input instanceof InvalidInput) return `! ${input.message}`;
    const headers: string[] = [];
    for (let at = 0; at < input.headers.length; at += 2)
      headers.push(`${input.headers[at]}=${input.headers[at + 1]}`);
    const body = input.body === null ? [] : [JSON.stringify(Buffer.from(input.body).toString())];
    return [input.method, input.url, ...headers, ...body].join(' ');
  });
}
