// Streams that remember what was written to them, in the place of the process's own.
import { PassThrough, Readable } from 'node:stream';
import type { CommandIo } from '../../src/cli/io.ts';

class Remembering extends PassThrough {
  text(): string {
    return (this.read() as Buffer | null)?.toString('utf8') ?? '';
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
