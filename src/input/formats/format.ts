// The one form of every input format: bytes go in as they come, inputs come out as soon as they are whole.
// A reader keeps no more than the input it is in the middle of.
import { InvalidInput } from '../../model/request.ts';
import type { RequestDefaults } from '../defaults.ts';
import type { Input, NeedsFiles } from '../input.ts';
import { LINE_BYTES_MAX, LineSplitter, TOO_LONG } from '../split-lines.ts';

export interface FormatContext {
  /** The source as the user named it, for messages. */
  readonly name: string;
  readonly defaults: RequestDefaults;
}

export interface FormatReader {
  /** The inputs that this chunk completes. It need only stay valid until the call returns. */
  feed(chunk: Uint8Array): readonly (Input | NeedsFiles)[];
  /** What is left when there are no more bytes. */
  end(): readonly (Input | NeedsFiles)[];
}

export type OpenFormat = (context: FormatContext) => FormatReader;

/** Takes an input that is whole. */
export type Emit = (input: Input | NeedsFiles) => void;

/** A format in which an input may span several lines. */
export interface LineReader {
  /** @param text without its line end @param place where the line stands */
  line(text: string, place: string): void;
  /** A line that was too long to keep stood here; whatever it belonged to is lost. */
  lost(place: string): void;
  end(): void;
}

/** The format reader over a line reader. */
export function byLine(name: string, openReader: (emit: Emit) => LineReader): FormatReader {
  const splitter = new LineSplitter();
  let inputs: (Input | NeedsFiles)[] = [];
  let lineNumber = 0;
  const reader = openReader(input => inputs.push(input));
  const read = (lines: readonly (string | null)[]): void => {
    for (const line of lines) {
      const place = `${name} line ${++lineNumber}`;
      if (line === TOO_LONG) reader.lost(place);
      else reader.line(line.endsWith('\r') ? line.slice(0, -1) : line, place);
    }
  };
  const taken = (): (Input | NeedsFiles)[] => {
    const done = inputs;
    inputs = [];
    return done;
  };
  return {
    feed(chunk) {
      read(splitter.push(chunk));
      return taken();
    },
    end() {
      read(splitter.end());
      reader.end();
      return taken();
    },
  };
}

/** The outcome of a line that was too long to keep. */
export function lostLine(place: string): InvalidInput {
  const message = `${place}: longer than ${LINE_BYTES_MAX / 1024 ** 2} MiB; passed over.`;
  return new InvalidInput({ code: 'ERR_INPUT_TOO_LONG', message });
}
