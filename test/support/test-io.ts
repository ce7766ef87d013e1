// Streams that remember what was written to them, in the place of the process's own.
import { PassThrough, Readable } from 'node:stream';
import type { CommandIo } from '../../src/cli/terminal/io.ts';

class Remembering extends PassThrough {
  constructor() {
    super({ readableHighWaterMark: 1024 ** 3 }); // nobody reads before the end, and nobody is to wait for that
  }

  /** What was written since it was last asked for. */
  text(): string {
    const pieces: Buffer[] = [];
    for (let piece = this.read(); piece !== null; piece = this.read()) pieces.push(piece);
    return Buffer.concat(pieces).toString('utf8');
  }
}

export interface TestIo extends CommandIo {
  readonly stdout: Remembering;
  readonly stderr: Remembering;
}

export function testIo(stdin = '', env: CommandIo['env'] = {}): TestIo {
  return {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: new Remembering(),
    stderr: new Remembering(),
    env,
  };
}
