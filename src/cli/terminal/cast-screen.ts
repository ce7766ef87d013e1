// Streams that are recorded: one that is also shown somewhere, and one that is shown nowhere else.
import { Writable } from 'node:stream';
import type { OutputStream } from './io.ts';
import type { ScreenSize } from './live-view.ts';

/** The same stream, of which every piece of text is told as it is written. */
export function teed(stream: OutputStream, tell: (text: string) => void): OutputStream {
  return new Proxy(stream, {
    get(target, name) {
      if (name === 'write') {
        return (...words: [piece: string, ...rest: unknown[]]): unknown => {
          tell(String(words[0]));
          return Reflect.apply(target.write, target, words);
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A terminal that nobody looks at. */
export class CastScreen extends Writable implements OutputStream {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows: number;
  readonly #tell: (text: string) => void;

  constructor({ columns, rows }: ScreenSize, tell: (text: string) => void) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
    this.#tell = tell;
  }

  override _write(piece: unknown, _encoding: string, done: () => void): void {
    this.#tell(String(piece));
    done();
  }
}
