// The inputs of a run, in order, as batches of requests: files and streams lazily, a chunk at a time,
// and URLs from the command line. A batch, because a promise for each of a million lines is what costs.
import { PacelineError } from '../base/errors.ts';
import type { HttpRequest, InvalidInput } from '../model/request.ts';
import { NO_DEFAULTS, type RequestDefaults } from './defaults.ts';
import { type LineFormat, LineParser } from './parse-line.ts';
import { type Line, LineSplitter } from './split-lines.ts';

/** Something that lines are read from. */
export interface ByteSource {
  /** As the user named it, for messages. */
  readonly name: string;
  /** False for a stream that can be read only once. */
  readonly isRepeatable: boolean;
  /** Begins at the start, every time. A chunk need only stay valid until the next one is asked for. */
  open(): AsyncIterable<Uint8Array>;
}

/** A URL as an argument of the command line. */
export interface UrlArgument {
  readonly url: string;
}

export interface ReadOptions {
  /** @default 'auto' */
  readonly format?: LineFormat;
  readonly defaults?: RequestDefaults;
  /** How many times the whole input is read. @default 1 */
  readonly repeat?: number;
}

export type Input = HttpRequest | InvalidInput;

/** Largest batch made from repeated arguments. */
const BATCH_COUNT_MAX = 1024;

/**
 * All inputs, in order, `repeat` times over.
 * @throws ERR_OPTION_CONFLICT at once when something that can be read only once is to be repeated
 */
export function readRequests(
  sources: readonly (ByteSource | UrlArgument)[],
  { format = 'auto', defaults = NO_DEFAULTS, repeat = 1 }: ReadOptions = {},
): AsyncIterable<readonly Input[]> {
  const once = sources.find(source => 'open' in source && !source.isRepeatable);
  if (repeat > 1 && once && 'open' in once) {
    throw new PacelineError(
      'ERR_OPTION_CONFLICT',
      `-n ${repeat}: ${once.name} can be read only once. Put it into a file first, or leave -n out.`,
    );
  }
  const parser = new LineParser(format, defaults);
  const urls = sources.filter(source => 'url' in source);
  const parsedUrls = new Map(
    urls.map((source, at) => {
      const place = () => `URL ${at + 1} of the command line`;
      return [source, parser.parseUrl(source.url, place)] as const;
    }),
  );
  if (urls.length === sources.length) return repeated([...parsedUrls.values()], repeat);
  return readAll(sources, parser, parsedUrls, repeat);
}

/** Only arguments: they are parsed already, and many repetitions fill large batches. */
async function* repeated(inputs: readonly Input[], repeat: number): AsyncGenerator<readonly Input[]> {
  if (inputs.length === 0) return;
  const perBatch = Math.max(1, Math.floor(BATCH_COUNT_MAX / inputs.length));
  for (let left = repeat; left > 0; left -= perBatch) {
    const times = Math.min(left, perBatch);
    yield times === 1 ? inputs : Array.from({ length: times }, () => inputs).flat();
  }
}

async function* readAll(
  sources: readonly (ByteSource | UrlArgument)[],
  parser: LineParser,
  parsedUrls: ReadonlyMap<ByteSource | UrlArgument, Input>,
  repeat: number,
): AsyncGenerator<readonly Input[]> {
  for (let round = 0; round < repeat; round++) {
    for (const source of sources) {
      if ('open' in source) yield* readSource(source, parser);
      else yield [parsedUrls.get(source) as Input];
    }
  }
}

async function* readSource(source: ByteSource, parser: LineParser): AsyncGenerator<readonly Input[]> {
  const splitter = new LineSplitter();
  let lineNumber = 0;
  const place = () => `${source.name} line ${lineNumber}`;
  const parse = (lines: readonly Line[]): Input[] => {
    const batch: Input[] = [];
    for (const line of lines) {
      lineNumber++;
      const input = parser.parse(line, place);
      if (input !== null) batch.push(input);
    }
    return batch;
  };
  for await (const chunk of source.open()) {
    const batch = parse(splitter.push(chunk));
    if (batch.length > 0) yield batch;
  }
  const rest = parse(splitter.end());
  if (rest.length > 0) yield rest;
}
