// The inputs of a run, in order, as batches of requests: files and streams lazily, a chunk at a time,
// and URLs from the command line. A batch, because a promise for each of a million lines is what costs.
import { PacelineError } from '../base/errors.ts';
import { BodyFiles, type ReadFile } from './body-files.ts';
import { NO_DEFAULTS, type RequestDefaults } from './defaults.ts';
import { FORMATS, type InputFormat } from './formats/formats.ts';
import { type Input, NeedsFiles } from './input.ts';
import { LineParser } from './parse-line.ts';

/** Something that requests are read from. */
export interface ByteSource {
  /** As the user named it, for messages. */
  readonly name: string;
  /** False for a stream that can be read only once. */
  readonly isRepeatable: boolean;
  /** Begins at the start, every time. A chunk need only stay valid until the next one is asked for. */
  open(): AsyncIterable<Uint8Array>;
  /** Reads a file that the input names, relative to the input's own folder. @default none can be read */
  readonly readFile?: ReadFile;
}

/** A URL as an argument of the command line. */
export interface UrlArgument {
  readonly url: string;
}

export interface ReadOptions {
  /** @default 'auto' */
  readonly format?: InputFormat;
  readonly defaults?: RequestDefaults;
  /** How many times the whole input is read. @default 1 */
  readonly repeat?: number;
}

/**
 * So much of a source becomes requests at once. What is parsed long before it is sent outlives several collections
 * of the heap: a few kilobytes of lines ahead are cheaper than many.
 */
const PIECE_BYTES = 8 * 1024;
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
  const parser = new LineParser('urls', defaults);
  const urls = sources.filter(source => 'url' in source);
  const parsedUrls = new Map(
    urls.map((source, at) => {
      const place = () => `URL ${at + 1} of the command line`;
      return [source, parser.parseUrl(source.url, place)] as const;
    }),
  );
  if (urls.length === sources.length) return repeated([...parsedUrls.values()], repeat);
  return readAll(sources, { format, defaults, repeat }, parsedUrls);
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
  options: Required<ReadOptions>,
  parsedUrls: ReadonlyMap<ByteSource | UrlArgument, Input>,
): AsyncGenerator<readonly Input[]> {
  for (let round = 0; round < options.repeat; round++) {
    for (const source of sources) {
      if ('open' in source) yield* readSource(source, options);
      else yield [parsedUrls.get(source) as Input];
    }
  }
}

async function* readSource(
  source: ByteSource,
  { format, defaults }: Required<ReadOptions>,
): AsyncGenerator<readonly Input[]> {
  const openReader = await FORMATS[format]();
  const reader = openReader({ name: source.name, defaults });
  const files = new BodyFiles(source.readFile?.bind(source));
  for await (const chunk of source.open()) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES)
      yield* whole(reader.feed(chunk.subarray(at, at + PIECE_BYTES)), files);
  }
  yield* whole(reader.end(), files);
}

/** In one batch, unless files have to be read for some of them. */
function whole(
  inputs: readonly (Input | NeedsFiles)[],
  files: BodyFiles,
): Iterable<readonly Input[]> | AsyncIterable<readonly Input[]> {
  if (inputs.length === 0) return [];
  return inputs.some(input => input instanceof NeedsFiles)
    ? files.fill(inputs)
    : [inputs as readonly Input[]];
}
