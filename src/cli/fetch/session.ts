// A run under way, as `fetch` lives through it: takes the outcomes, writes them, shows how far it is,
// listens to signals, and at the end says how it went.
import type { Clock } from '../../base/clock.ts';
import type { PacelineError } from '../../base/errors.ts';
import { formatCount } from '../../base/units.ts';
import { type Check, CheckTally } from '../../control/checks.ts';
import type { RunHeader, Summary, Usage } from '../../model/record.ts';
import type { HttpRequest } from '../../model/request.ts';
import type { Settled } from '../../model/settled.ts';
import { processUsage } from '../../platform/usage.ts';
import { RunFacts } from '../../reports/diagnosis/facts.ts';
import type { HttpRun } from '../../run.ts';
import { roundMs } from '../../trace/instants.ts';
import { type RunCost, SummaryBuilder } from '../../trace/summary.ts';
import { exitCodeAfter } from '../exit-codes.ts';
import type { FlagValues } from '../flags/command-line.ts';
import type { ResumedRecord } from '../journal/resume.ts';
import { cannotWrite } from '../output/sinks.ts';
import type { CommandIo } from '../terminal/io.ts';
import { type Speaker, speakerOn } from '../terminal/messages.ts';
import { BodySaver, type BodyStore } from './body-saver.ts';
import type { CountedInputs } from './counted-inputs.ts';
import type { FetchDisplay, StateNow } from './display.ts';
import { warningAfter } from './held-back.ts';
import { howItEnded } from './how-it-ended.ts';
import type { Outputs } from './outputs.ts';
import { paceLines, soleFound } from './pace-lines.ts';
import type { Stopping } from './stopping.ts';
import { OUTPUT_LOST, STRAY, Troubles } from './troubles.ts';
import type { FailureLines } from './verbose.ts';

export interface SessionParts {
  readonly run: HttpRun;
  readonly header: RunHeader;
  readonly outputs: Outputs;
  readonly counted: CountedInputs;
  readonly flags: FlagValues;
  readonly io: CommandIo;
  readonly stopping: Stopping;
  /** Where bodies are saved as files. */
  readonly folder: BodyStore | undefined;
  /** The record that is gone on from; null for a run that begins. */
  readonly resumed: ResumedRecord | null;
  /** What has to hold at the end. */
  readonly checks: readonly Check[];
  /** Shows how far the run is; left out for nothing. */
  readonly openDisplay: ((state: StateNow) => FetchDisplay) | undefined;
  /** Tells each failure as it comes; left out, they are told at the end alone. */
  readonly failureLines?: (clock: Clock, say: (text: string) => void) => FailureLines;
}

export class FetchSession {
  readonly #parts: SessionParts;
  readonly #speaker: Speaker;
  readonly #summary: SummaryBuilder;
  readonly #facts = new RunFacts();
  readonly #troubles: Troubles;
  readonly #display: FetchDisplay | undefined;
  readonly #failures: FailureLines | undefined;
  readonly #saver: BodySaver | undefined;
  readonly #checks: CheckTally;
  /** What ended the run from outside of it: an input that cannot be read, a handler gone astray. */
  #failure: { readonly cause: unknown } | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#summary = parts.resumed?.summary ?? new SummaryBuilder();
    this.#troubles = parts.resumed?.troubles ?? new Troubles();
    this.#speaker = speakerOn(parts.io, { quiet: parts.flags.quiet === true });
    this.#checks = parts.resumed?.checks ?? new CheckTally(parts.checks);
    this.#display = parts.openDisplay?.(() => this.#state());
    parts.stopping.onStop(signal => this.#sayStopping(signal));
    this.#failures = parts.failureLines?.(parts.run.clock, text => this.#sayBetween(text));
    this.#saver = parts.folder && this.#saverInto(parts.folder);
  }

  say(text: string): void {
    this.#speaker.say(text);
  }

  warn(text: string): void {
    this.#speaker.warn(text);
  }

  /** Ends the run: what is in flight is cancelled, and `finish` throws this after everything was said. */
  fail(error: PacelineError): void {
    if (this.#failure) return;
    this.#failure = { cause: error };
    this.#parts.run.abort({ code: STRAY, message: error.message });
  }

  /** Sees the run to its end. @returns the exit code @throws ERR_IO_WRITE, ERR_IO_READ after everything was said */
  async finish(): Promise<number> {
    const { outputs, run, header, resumed } = this.#parts;
    const outcomes = run.outcomes[Symbol.asyncIterator]();
    // Loaded while the first answers are on their way.
    const reports = Promise.all([
      import('../../reports/summary-text.ts'),
      import('../../reports/diagnosis.ts'),
    ]);
    await this.#takeAll(outcomes);
    await this.#saver?.end();
    this.#display?.pause();
    this.#failures?.end();
    this.#parts.stopping.end();
    const { summary, leavesRecord, seed } = this.#judged();
    await outputs.end(summary, { leavesRecord });
    const { eventLoops = [], pace = [] } = summary;
    await this.#display?.close({ withPicture: !outputs.readerHasLeft, eventLoops, pace });
    const [{ summaryText }, { diagnose }] = await reports;
    if (!outputs.readerHasLeft) {
      // The times of a run that was gone on with are those of two, with nobody at work between them.
      const diagnoses = resumed ? [] : diagnose(header, summary, this.#facts);
      this.#tell(summary, summaryText(summary, this.#columns(), diagnoses), seed);
    }
    outputs.throwFailure();
    this.#throwUnsaved();
    if (this.#failure) throw this.#failure.cause;
    return exitCodeAfter({
      ended: summary.ended,
      signalCode: this.#parts.stopping.exitCode,
      isAllOk: (summary.outcomes.ok ?? 0) === summary.requests,
      doAllChecksHold: summary.checks?.every(({ holds }) => holds) ?? true,
    });
  }

  async #takeAll(outcomes: AsyncIterator<Settled<HttpRequest>>): Promise<void> {
    const { outputs, resumed } = this.#parts;
    const continuation = resumed?.continuation;
    try {
      for (let step = await outcomes.next(); !step.done; step = await outcomes.next()) {
        const settled = continuation ? continuation.settled(step.value) : step.value;
        if (this.#saver) this.#saver.add(settled);
        else this.#take(settled);
        const room = this.#saver?.room() ?? outputs.room();
        if (room) await room;
      }
    } catch (cause) {
      this.#failure ??= { cause };
    }
  }

  #take(settled: Settled<HttpRequest>): void {
    this.#summary.add(settled);
    this.#facts.add(settled, settled.request.url);
    this.#display?.add(settled);
    this.#checks.add(settled);
    this.#troubles.add(settled);
    this.#failures?.add(settled);
    this.#parts.outputs.add(settled);
  }

  #saverInto(store: BodyStore): BodySaver {
    const message = 'Not started: bodies can no longer be saved.';
    return new BodySaver({
      store,
      onSaved: settled => this.#take(settled),
      // What is in flight may be small enough for what is left of the disk.
      onBroken: () => this.#parts.run.drain({ code: OUTPUT_LOST, message }),
    });
  }

  /** @throws ERR_IO_WRITE when any body was not saved */
  #throwUnsaved(): void {
    const failure = this.#saver?.failure;
    if (failure) throw cannotWrite(`bodies to ${this.#parts.folder?.path}`, failure.cause);
  }

  #sayStopping(signal: string): void {
    void this.#parts.outputs.synced();
    const { inFlight } = this.#parts.run.statistics();
    const again = signal === 'SIGINT' ? '; ^C again ends them now' : '';
    const rest = inFlight === 0 ? '' : ` ${formatCount(inFlight)} in flight may finish${again}.`;
    this.#sayBetween(`Stopping.${rest}`);
  }

  #state(): ReturnType<StateNow> {
    const { run, counted, resumed } = this.#parts;
    const { settled, inFlight, notOk } = run.statistics();
    const isStopping = run.endedEarlyBy() !== null;
    const total = isStopping ? null : counted.total();
    const cancelled = isStopping ? (this.#summary.outcomes.cancelled ?? 0) : 0;
    return {
      ...(isStopping && { label: 'stopping' }),
      done: (resumed?.scanned.done.count ?? 0) + settled - cancelled,
      inFlight,
      paused: run.pausedHosts(),
      ...soleFound(run.foundPaces()),
      notOk: Math.max(0, notOk - cancelled),
      total: total?.count ?? null,
      isEstimate: total?.isEstimate ?? false,
    };
  }

  /**
   * The numbers of the run, and what the checks say to them. A record that is finished, and has got no new line,
   * stays as it is, its summary too.
   */
  #judged(): { summary: Summary; leavesRecord: boolean; seed: number } {
    const { outputs, run, checks, resumed } = this.#parts;
    const ended = howItEnded({
      hasFailed: this.#failure !== undefined || this.#saver?.isBroken === true,
      outputsFailed: outputs.hasFailed,
      readerHasLeft: outputs.readerHasLeft,
      endedEarlyBy: run.endedEarlyBy(),
    });
    const old = resumed?.scanned.summary;
    const leavesRecord = outputs.isRecordAsItWas && (ended !== 'complete' || old?.ended === 'complete');
    const summary =
      leavesRecord && old && ended === 'complete' ? old : this.#summary.summary(ended, this.#cost());
    const seed = summary === old ? (resumed?.scanned.run.seed ?? 0) : run.plan.seed;
    const judged = checks.length === 0 ? summary : { ...summary, checks: this.#checks.verdicts(summary) };
    return { summary: judged, leavesRecord, seed };
  }

  /** What the machine spent. The event loops are those of this run; of one that it goes on from, nothing is kept. */
  #cost(): RunCost {
    const { run, resumed } = this.#parts;
    const fromMs = roundMs(resumed?.scanned.lastMs ?? 0);
    const eventLoops = run.eventLoops().map(loop => (fromMs > 0 ? { ...loop, fromMs } : loop));
    return { usage: this.#usage(), eventLoops, pace: paceLines(run.foundPaces(), fromMs) };
  }

  /** This process and its workers. */
  #usage(): Usage {
    const own = processUsage();
    const workers = this.#parts.run.workerUsage();
    return {
      realMs: own.realMs,
      userMs: own.userMs + workers.userMs,
      sysMs: own.sysMs + workers.sysMs,
      peakMemoryBytes: own.peakMemoryBytes + workers.peakMemoryBytes,
      processes: 1 + workers.processes,
      threads: 1 + workers.threads,
    };
  }

  #tell(summary: Summary, text: readonly string[], seed: number): void {
    if (summary.requests === 0 && summary.ended === 'complete')
      this.#speaker.warn('the input holds no requests.');
    const heldBack = warningAfter(this.#parts.run.heldBack, summary.inFlightMax);
    if (heldBack !== null) this.#speaker.warn(heldBack);
    for (const trouble of this.#troubles.lines()) this.#speaker.say(trouble);
    const early = this.#parts.run.endedEarlyBy();
    if (summary.ended === 'deadline' || summary.ended === 'failed') this.#speaker.say(early?.message ?? '');
    for (const sentence of text) this.#speaker.say(sentence);
    this.#speaker.say(`seed ${seed}`);
  }

  /** While something may be shown that is rewritten. */
  #sayBetween(text: string): void {
    if (this.#display) this.#display.say(text);
    else this.#speaker.say(text);
  }

  /** One column of a terminal stays free: some wrap when the last one is written. */
  #columns(): number {
    const { isTTY, columns } = this.#parts.io.stderr;
    return (columns || 80) - (isTTY ? 1 : 0);
  }
}
