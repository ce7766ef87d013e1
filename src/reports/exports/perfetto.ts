// A run as a trace for Perfetto (protocol buffers, `.pftrace`): a group for each run with its counters and lanes in
// their order, and one for each server inside it.
import type { OpenReport } from '../report.ts';
import { PerfettoSink } from './perfetto-sink.ts';
import { ProtoWriter } from './proto-writer.ts';
import { TraceWalk } from './trace-walk.ts';

/** Some 0.4 GB. The viewer's page has 2 GB, and needs two to four times the size of the file. */
export const PERFETTO_ATTEMPTS_MAX = 1_000_000;

export const openPerfetto: OpenReport = perfettoUpTo(PERFETTO_ATTEMPTS_MAX);

export function perfettoUpTo(attemptsMax: number): OpenReport {
  return (write, { warn }) => {
    const writer = new ProtoWriter(write);
    const close = (): void => writer.flush();
    return new TraceWalk(new PerfettoSink(writer), {
      ...{ attemptsMax, warn, close },
      ...{ format: 'Perfetto trace', instead: 'write .html for all of them' },
    });
  };
}
