// Content codings taken off a body while it arrives: gzip, deflate, br and zstd, up to five on top of each
// other. A coding must reach its own end with its checks right, and nothing may follow it; else the body
// is not whole, however right its framing was. An empty body is empty under any coding.
//
// `node:zlib` is loaded only when a coded body comes. It works on other threads, a piece at a time, and says
// when it has enough: memory stays at some hundred kB for each coding, whatever a bomb unpacks to.
import type { Transform } from 'node:stream';
import type { EarlyEnd } from '../engine/ports.ts';
import { bodyTooLarge, failure } from './failures.ts';

const CODING_COUNT_MAX = 5;
/** Largest zstd window, as RFC 9659 asks of web content: 8 MiB. */
const ZSTD_WINDOW_LOG_MAX = 23;

/** Told what comes out, in order; after a failure nothing more. */
export interface DecoderSink {
  onDecoded(chunk: Uint8Array): void;
  onDecodedEnd(): void;
  onDecodeFailed(cause: EarlyEnd): void;
  /** There is room again after `write` said no. */
  onDrain(): void;
}

export interface BodyDecoder {
  /** Takes the chunk in any case; false asks for a pause until `onDrain`. */
  write(chunk: Uint8Array): boolean;
  /** No more will come. */
  end(): void;
  destroy(): void;
}

type Coding = 'gzip' | 'deflate' | 'br' | 'zstd';

const CODINGS: Readonly<Record<string, Coding>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
  zstd: 'zstd',
};

/**
 * @param header the value of `Content-Encoding`
 * @param bytesMax bound of what comes out of each coding
 * @returns null when there is nothing to take off, or a coding nobody here knows: then the body stays as it is
 */
export function openDecoder(
  header: string | readonly string[],
  bytesMax: number,
  sink: DecoderSink,
): BodyDecoder | null {
  const names = String(header)
    .toLowerCase()
    .split(',')
    .map(name => name.trim());
  const coded = names.filter(name => name !== '' && name !== 'identity');
  if (coded.length === 0) return null;
  if (coded.length > CODING_COUNT_MAX) return new TooManyCodings(coded.length, sink);
  if (!coded.every(name => Object.hasOwn(CODINGS, name))) return null;
  return new CodingChain(coded.map(name => CODINGS[name] as Coding).reverse(), bytesMax, sink);
}

class TooManyCodings implements BodyDecoder {
  readonly #count: number;
  readonly #sink: DecoderSink;

  constructor(count: number, sink: DecoderSink) {
    this.#count = count;
    this.#sink = sink;
  }

  write(): boolean {
    const message = `The body has ${this.#count} content codings; at most ${CODING_COUNT_MAX} are taken off.`;
    this.#sink.onDecodeFailed(failure('protocol_error', 'BAD_ENCODING', message));
    return true;
  }

  end(): void {}
  destroy(): void {}
}

/** The outermost coding first; each feeds the next, the last one the sink. */
class CodingChain implements BodyDecoder {
  readonly #stages: Stage[] = [];
  readonly #sink: DecoderSink;
  #dead = false;

  constructor(codings: readonly Coding[], bytesMax: number, sink: DecoderSink) {
    this.#sink = sink;
    for (const coding of codings) this.#stages.push(new Stage(coding, bytesMax, this, this.#stages.length));
  }

  write(chunk: Uint8Array): boolean {
    return this.#dead || this.#stage(0).write(chunk);
  }

  end(): void {
    if (!this.#dead) this.#stage(0).end();
  }

  destroy(): void {
    this.#dead = true;
    for (const stage of this.#stages) stage.destroy();
  }

  // Called by the stages.

  out(from: number, chunk: Uint8Array): void {
    if (this.#dead) return;
    if (from + 1 === this.#stages.length) this.#sink.onDecoded(chunk);
    else if (!this.#stage(from + 1).write(chunk)) this.#stage(from).pause();
  }

  drained(at: number): void {
    if (this.#dead) return;
    if (at === 0) this.#sink.onDrain();
    else this.#stage(at - 1).resume();
  }

  ended(at: number): void {
    if (this.#dead) return;
    if (at + 1 === this.#stages.length) this.#sink.onDecodedEnd();
    else this.#stage(at + 1).end();
  }

  failed(cause: EarlyEnd): void {
    if (this.#dead) return;
    this.destroy();
    this.#sink.onDecodeFailed(cause);
  }

  #stage(at: number): Stage {
    return this.#stages[at] as Stage;
  }
}

/** One coding taken off by one zlib stream, opened when the first byte is there. */
class Stage {
  readonly #coding: Coding;
  readonly #bytesMax: number;
  readonly #chain: CodingChain;
  readonly #place: number;
  #stream: (Transform & { readonly bytesWritten: number }) | null = null;
  #inBytes = 0;
  #outBytes = 0;

  constructor(coding: Coding, bytesMax: number, chain: CodingChain, place: number) {
    this.#coding = coding;
    this.#bytesMax = bytesMax;
    this.#chain = chain;
    this.#place = place;
  }

  write(chunk: Uint8Array): boolean {
    if (chunk.byteLength === 0) return true;
    const stream = this.#stream ?? this.#open(chunk[0] as number);
    this.#inBytes += chunk.byteLength;
    if (stream.readableEnded) {
      this.#failTrailing();
      return true;
    }
    return stream.write(chunk);
  }

  end(): void {
    if (this.#stream === null) this.#chain.ended(this.#place);
    else this.#stream.end();
  }

  pause(): void {
    this.#stream?.pause();
  }

  resume(): void {
    this.#stream?.resume();
  }

  destroy(): void {
    this.#stream?.destroy();
  }

  #open(firstByte: number): Transform & { readonly bytesWritten: number } {
    const stream = openStream(this.#coding, firstByte);
    stream.on('data', (chunk: Uint8Array) => {
      this.#outBytes += chunk.byteLength;
      if (this.#outBytes > this.#bytesMax) this.#chain.failed(bodyTooLarge(this.#bytesMax));
      else this.#chain.out(this.#place, chunk);
    });
    stream.on('drain', () => this.#chain.drained(this.#place));
    stream.on('end', () => {
      // zlib stops at the coding's end and leaves the rest: then it has taken less than it was given.
      if (stream.bytesWritten < this.#inBytes) this.#failTrailing();
      else this.#chain.ended(this.#place);
    });
    stream.on('error', error => this.#chain.failed(this.#failureOf(error)));
    this.#stream = stream;
    return stream;
  }

  #failTrailing(): void {
    const message = `Bytes follow the end of the ${this.#coding} coding.`;
    this.#chain.failed(failure('protocol_error', 'BAD_ENCODING', message));
  }

  #failureOf(error: Error): EarlyEnd {
    return (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR'
      ? failure('protocol_error', 'TRUNCATED_ENCODING', `The body ends inside its ${this.#coding} coding.`)
      : failure('protocol_error', 'BAD_ENCODING', `The ${this.#coding} coding is damaged: ${error.message}.`);
  }
}

function openStream(coding: Coding, firstByte: number): Transform & { readonly bytesWritten: number } {
  const zlib = process.getBuiltinModule('node:zlib');
  switch (coding) {
    case 'gzip':
      return zlib.createGunzip();
    case 'deflate': // meant is zlib's wrapper, which starts with an 8 in the low half; some servers leave it out
      return (firstByte & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      return zlib.createZstdDecompress({
        params: { [zlib.constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX },
      });
  }
}
