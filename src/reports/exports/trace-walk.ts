// A run as what trace viewers draw: a track for each lane with its attempts and their phases nested, a track for each
// worker that a server names, flows between the two, marks where something ended badly, and counters. Where things
// stand is decided here, once, for every format of such a viewer.
import type { RequestLine, Resumed, RunHeader, Summary, TryLine } from '../../model/record.ts';
import { lineWithoutSecrets } from '../../model/secrets.ts';
import { counted } from '../../timeline/caption.ts';
import { loopStrips } from '../../timeline/event-loops.ts';
import { limitSteps } from '../../timeline/found-limit.ts';
import { PERMIT, QUEUE, SERVICE, SLICE_KINDS, Slices } from '../../timeline/slices.ts';
import type { ReportBuilder } from '../report.ts';
import { attemptFacts, attemptName, endingName, type Facts, requestFacts } from './attempt-facts.ts';
import { busySteps, LOOPS_MAX } from './busy-steps.ts';
import { Cap } from './cap.ts';
import type { Step } from './steps.ts';
import { type PlacedSpan, TraceRun } from './trace-run.ts';
import type { TraceSink } from './trace-sink.ts';

export interface WalkOptions {
  readonly attemptsMax: number;
  /** As people call it. */
  readonly format: string;
  /** What holds more: the end of a sentence. */
  readonly instead: string;
  readonly warn: (sentence: string) => void;
  /** Everything was told to the sink. */
  readonly close: () => void;
}

export class TraceWalk implements ReportBuilder {
  readonly #sink: TraceSink;
  readonly #options: WalkOptions;
  readonly #cap: Cap;
  readonly #slices = new Slices();
  #run: TraceRun;
  #correlationBase = 0;
  #idCount = 0;
  /** Attempts for which their lane had no room: they overlap too many others there, and none of ours do. */
  #unplaced = 0;

  constructor(sink: TraceSink, options: WalkOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#cap = new Cap(options.attemptsMax);
    this.#run = new TraceRun(sink, null, null);
  }

  begin(run: RunHeader, name: string): void {
    this.#run = new TraceRun(this.#sink, run.findsPace ? 'found' : run.concurrency, this.#run);
    this.#sink.runGroup(this.#run.group, run, name);
  }

  resume({ atMs, concurrency, findsPace }: Resumed): void {
    this.#run.resume(microseconds(atMs), findsPace ? 'found' : concurrency);
  }

  add(given: RequestLine): void {
    if (!this.#cap.takes(given.tries.length)) return;
    const line = lineWithoutSecrets(given);
    this.#run.indexMax = Math.max(this.#run.indexMax, line.index);
    for (let place = 0; place < line.tries.length; place++) this.#addTry(line, place);
    if (line.tries.length === 0 && line.outcome === 'cancelled')
      this.#addWait(microseconds(line.createdMs), microseconds(line.endedMs), requestFacts(line));
  }

  /** The run's counters: only now is it known how long it was and how high they go. */
  end(summary: Summary | null): void {
    const run = this.#run;
    const level = (value: number): Step[] => [
      { at: 0, value },
      { at: run.endUs, value },
    ];
    this.#sink.counter(run.group, 'in flight', run.inFlight.steps());
    this.#sink.counter(run.group, 'at server', run.atServer.steps());
    const found = limitSteps(summary?.pace ?? []);
    const limit = run.limitSteps(found.map(step => ({ at: microseconds(step.fromMs), value: step.limit })));
    if (limit.length > 0) this.#sink.counter(run.group, 'limit', limit);
    const capacity = run.capacity();
    if (capacity !== null) this.#sink.counter(run.group, 'capacity', level(capacity));
    this.#sink.counter(run.group, 'waiting for a permit', run.waiting.steps());
    const loops = loopStrips(summary?.eventLoops ?? [], run.endUs / 1000, LOOPS_MAX);
    for (const [rank, strip] of loops.entries())
      this.#sink.busy(run.group, { label: strip.label, rank }, busySteps(strip, run.endUs));
    this.#correlationBase += run.indexMax + 1;
  }

  finish(): void {
    const { format, instead, warn, close } = this.#options;
    close();
    this.#cap.warn(format, instead, warn);
    if (this.#unplaced === 0) return;
    const few = counted(this.#unplaced, 'attempt');
    warn(`${few} of the record overlap too many others on their lane to be drawn in the ${format}.`);
  }

  #addTry(line: RequestLine, place: number): void {
    const one = line.tries[place] as TryLine;
    const run = this.#run;
    const slices = this.#slices;
    slices.fill(one);
    const fromUs = microseconds(slices.admittedMs);
    const toUs = Math.max(fromUs, microseconds(one.endedMs));
    const facts = attemptFacts(line, place, slices);
    if (slices.count > 0 && slices.kinds[0] === PERMIT)
      this.#addWait(microseconds(slices.fromsMs[0] as number), fromUs, facts.slice(0, 2));
    run.inFlight.add(fromUs, toUs);
    const stay = slices.atServer();
    if (stay !== null) run.atServer.add(microseconds(stay.fromMs), microseconds(stay.toMs));
    run.noteServer(line, one, toUs);
    const span = run.onLane(one.lane, fromUs, toUs);
    if (span === null) {
      this.#unplaced++;
      return;
    }
    const correlation = this.#correlationBase + line.index;
    const service = this.#serviceSpan(line, one);
    const flow = service === null ? null : ++this.#idCount;
    const { track, endUs } = span;
    const name = attemptName(line, one);
    this.#sink.begin(track, { ...span, category: 'attempt', name, facts, correlation });
    const flows = this.#addPhases(span, correlation, flow);
    const ending = endingName(one);
    if (ending !== null) this.#sink.mark(track, endUs, ending);
    this.#sink.end(track, endUs);
    if (service === null) return;
    this.#sink.begin(service.track, {
      ...{ category: 'server', name, facts: facts.slice(0, 2), correlation },
      ...{ fromUs: service.fromUs, endUs: service.endUs },
      ...(flows && flow !== null && { flow: { id: flow, side: 'to' } }),
    });
    this.#sink.end(service.track, service.endUs);
  }

  /** @returns whether the flow has left from one of them */
  #addPhases({ track, fromUs, endUs }: PlacedSpan, correlation: number, flow: number | null): boolean {
    const { kinds, fromsMs, tosMs, count } = this.#slices;
    const leavesFrom = kinds.subarray(0, count).includes(QUEUE) ? QUEUE : SERVICE;
    let flows = false;
    for (let i = 0; i < count; i++) {
      const kind = kinds[i] as number;
      if (kind === PERMIT) continue;
      const from = Math.max(fromUs, microseconds(fromsMs[i] as number));
      const to = Math.min(endUs, microseconds(tosMs[i] as number));
      if (to <= from) continue;
      const leaves = flow !== null && kind === leavesFrom;
      flows ||= leaves;
      this.#sink.begin(track, {
        ...{ category: 'phase', name: SLICE_KINDS[kind] as string, fromUs: from, endUs: to, correlation },
        ...(leaves && { flow: { id: flow, side: 'from' } }),
      });
      this.#sink.end(track, to);
    }
    return flows;
  }

  /** Where the server's worker served it; null where the server does not name one. */
  #serviceSpan(line: RequestLine, one: TryLine): PlacedSpan | null {
    const { kinds, fromsMs, tosMs, count } = this.#slices;
    const at = kinds.subarray(0, count).indexOf(SERVICE);
    const worker = one.server?.worker;
    if (at === -1 || worker === undefined) return null;
    const [fromUs, toUs] = [microseconds(fromsMs[at] as number), microseconds(tosMs[at] as number)];
    return this.#run.onWorker({ url: one.url ?? line.url, worker, fromUs, toUs });
  }

  #addWait(fromUs: number, toUs: number, facts: Facts): void {
    if (toUs <= fromUs) return;
    const { group, waiting } = this.#run;
    waiting.add(fromUs, toUs);
    this.#sink.waited(group, { id: ++this.#idCount, fromUs, toUs, facts });
  }
}

/** What a record says lies before the run's zero (a clock's residue) is drawn at its zero. */
function microseconds(ms: number): number {
  return Math.max(0, Math.round(ms * 1000));
}
