// A run as the JSON of Chrome's trace viewer (Trace Event Format), which Perfetto and others read too: a process for
// each run and each server, a thread for each lane and worker. The text is put together by hand, as for a record.
import type { RunHeader } from '../../model/record.ts';
import type { OpenReport } from '../report.ts';
import type { Facts } from './attempt-facts.ts';
import { runWords } from './run-words.ts';
import type { Step } from './steps.ts';
import { jsonString, jsonValue, TextPieces } from './text-pieces.ts';
import type { CounterName, TraceLoop, TraceSink, TraceSlice, TraceTrack, TraceWait } from './trace-sink.ts';
import { TraceWalk } from './trace-walk.ts';

/** Some 230 MB of JSON, which its viewers load whole. */
export const CHROME_ATTEMPTS_MAX = 200_000;
/** Thread numbers from here on are for tracks whose lane has another one, or a larger number than threads have. */
const EXTRA_TIDS = 1_000_000_000;

export const openChromeTrace: OpenReport = chromeTraceUpTo(CHROME_ATTEMPTS_MAX);

export function chromeTraceUpTo(attemptsMax: number): OpenReport {
  return (write, { warn }) => {
    const pieces = new TextPieces(write);
    pieces.put('{"displayTimeUnit":"ms","traceEvents":[');
    const close = (): void => {
      pieces.put('\n]}\n');
      pieces.flush();
    };
    return new TraceWalk(new ChromeSink(pieces), {
      ...{ attemptsMax, warn, close },
      ...{ format: 'Chrome trace', instead: 'write .pftrace for Perfetto in its place' },
    });
  };
}

class ChromeSink implements TraceSink {
  readonly #pieces: TextPieces;
  /** `"pid":1,"tid":1` by track. */
  readonly #places = new Map<number, string>();
  readonly #tids = new Set<string>();
  #extraTids = EXTRA_TIDS;
  #isFirst = true;

  constructor(pieces: TextPieces) {
    this.#pieces = pieces;
  }

  runGroup(group: number, run: RunHeader, name: string): void {
    this.#process(group, runWords(run, name).join(' · '));
  }

  serverGroup(group: number, _ofRun: number, name: string): void {
    this.#process(group, name);
  }

  track(track: number, { group, name, rank }: TraceTrack): void {
    let tid = rank + 1;
    if (tid >= EXTRA_TIDS || this.#tids.has(`${group} ${tid}`)) tid = ++this.#extraTids;
    this.#tids.add(`${group} ${tid}`);
    const place = `"pid":${group},"tid":${tid}`;
    this.#places.set(track, place);
    this.#put(`"ph":"M",${place},"name":"thread_name","args":{"name":${jsonString(name)}}`);
    this.#put(
      `"ph":"M",${place},"name":"thread_sort_index","args":{"sort_index":${Math.min(rank, EXTRA_TIDS)}}`,
    );
  }

  begin(track: number, { category, name, fromUs, endUs, facts, flow }: TraceSlice): void {
    const place = this.#places.get(track);
    const from = Math.round(fromUs);
    const args = facts === undefined ? '' : `,"args":${factsText(facts)}`;
    const span = `"ts":${from},"dur":${Math.round(endUs) - from}`;
    this.#put(`"ph":"X",${place},${span},"cat":"${category}","name":${jsonString(name)}${args}`);
    if (flow === undefined) return;
    const end = flow.side === 'from' ? '"ph":"s"' : '"ph":"f","bp":"e"';
    this.#put(`${end},"id":${flow.id},${place},"ts":${from},"cat":"server","name":"to the worker"`);
  }

  /** A whole slice was written when it began. */
  end(): void {}

  mark(track: number, atUs: number, name: string): void {
    const at = `"ts":${Math.round(atUs)},"s":"t"`;
    this.#put(`"ph":"i",${this.#places.get(track)},${at},"cat":"ending","name":${jsonString(name)}`);
  }

  waited(group: number, { id, fromUs, toUs, facts }: TraceWait): void {
    const same = `"id":${id},"pid":${group},"cat":"permit","name":"waiting room"`;
    this.#put(`"ph":"b",${same},"ts":${fromUs},"args":${factsText(facts)}`);
    this.#put(`"ph":"e",${same},"ts":${toUs}`);
  }

  counter(group: number, name: CounterName, steps: Iterable<Step>): void {
    // The waiting room is drawn one by one.
    if (name === 'waiting for a permit') return;
    for (const { at, value } of steps)
      this.#put(`"ph":"C","pid":${group},"ts":${at},"name":"${name}","args":{"requests":${value}}`);
  }

  busy(group: number, { label }: TraceLoop, steps: Iterable<Step>): void {
    const name = jsonString(`event loop ${label}`);
    for (const { at, value } of steps)
      this.#put(`"ph":"C","pid":${group},"ts":${at},"name":${name},"args":{"busy %":${value}}`);
  }

  #process(pid: number, name: string): void {
    this.#put(`"ph":"M","pid":${pid},"name":"process_name","args":{"name":${jsonString(name)}}`);
    this.#put(`"ph":"M","pid":${pid},"name":"process_sort_index","args":{"sort_index":${pid}}`);
  }

  #put(fields: string): void {
    this.#pieces.put(`${this.#isFirst ? '' : ','}\n{${fields}}`);
    this.#isFirst = false;
  }
}

function factsText(facts: Facts): string {
  let text = '';
  for (const [name, value] of facts) text += `${text === '' ? '' : ','}"${name}":${jsonValue(value)}`;
  return `{${text}}`;
}
