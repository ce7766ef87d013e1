// Streams that remember what was written to them, in the place of the process's own.
import { PassThrough, Readable } from 'node:stream';
import type { CommandIo } from '../../src/cli/terminal/io.ts';

class Remembering extends PassThrough {
  /** What was written since it was last asked for. */
  text(): string {
    let text = '';
    for (let chunk = this.read(); chunk !== null; chunk = this.read()) text += chunk.toString('utf8');
    return text;
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
