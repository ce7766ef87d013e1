// URLs and JSON objects, a line each. Whole chunks are split and parsed in one loop: a long list of URLs is the
// usual input, and a line of it must cost next to nothing.
import type { Input } from '../input.ts';
import { type LineFormat, LineParser } from '../parse-line.ts';
import { type Line, LineSplitter } from '../split-lines.ts';
import type { FormatContext, FormatReader, OpenFormat } from './format.ts';

export function openLines(format: LineFormat): OpenFormat {
  return context => new LinesReader(format, context);
}

class LinesReader implements FormatReader {
  readonly #splitter = new LineSplitter();
  readonly #parser: LineParser;
  readonly #place: () => string;
  #lineNumber = 0;

  constructor(format: LineFormat, { name, defaults }: FormatContext) {
    this.#parser = new LineParser(format, defaults);
    this.#place = () => `${name} line ${this.#lineNumber}`;
  }

  feed(chunk: Uint8Array): Input[] {
    return this.#parse(this.#splitter.push(chunk));
  }

  end(): Input[] {
    return this.#parse(this.#splitter.end());
  }

  #parse(lines: readonly Line[]): Input[] {
    const inputs: Input[] = [];
    for (const line of lines) {
      this.#lineNumber++;
      const input = this.#parser.parse(line, this.#place);
      if (input !== null) inputs.push(input);
    }
    return inputs;
  }
}
