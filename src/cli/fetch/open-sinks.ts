// Where a run's data will go, opened before anything is sent: a record that cannot be written is found at once.
import type { Sink } from '../output/buffered-writer.ts';
import { openFileSink, streamSink } from '../output/sinks.ts';
import type { CommandIo } from '../terminal/io.ts';
import type { DataFormat, FetchPlan } from './plan.ts';

export const STDOUT = 'stdout';

export interface OpenSink {
  /** As a message calls it. */
  readonly name: string;
  readonly format: DataFormat;
  readonly sink: Sink;
}

/** Nothing is written yet. @param resumed a record to go on from. @throws ERR_IO_WRITE, ERR_OPTION_CONFLICT */
export async function openSinks(
  { recordPath, stdout }: FetchPlan,
  inputKeys: ReadonlySet<string>,
  io: CommandIo,
  resumed: Sink | null = null,
): Promise<readonly OpenSink[]> {
  const sinks: OpenSink[] = [];
  if (recordPath !== null) {
    const sink = resumed ?? (await openFileSink(recordPath, inputKeys));
    sinks.push({ name: recordPath, format: 'ndjson', sink });
  }
  if (stdout !== null) sinks.push({ name: STDOUT, format: stdout, sink: streamSink(io.stdout) });
  return sinks;
}
