// Everything a picture needs of a run, gathered one request at a time. Up to 2 000 requests are kept and drawn
// exactly; beyond that a grid of fixed size takes over, so that a million requests need no more memory.
import type { EventLoop, Percentiles } from '../model/record.ts';
import { Histogram } from '../trace/histogram.ts';
import { OverlapMax } from '../trace/overlap.ts';
import { waitedAtServer, waitedHere } from '../trace/waiting.ts';
import { Bins } from './bins.ts';
import type { LimitStep } from './found-limit.ts';
import { type Mark, markOf } from './palette.ts';
import type { Extent } from './scale.ts';
import { type DrawnRequest, type DrawnTry, Slices } from './slices.ts';

/** More requests than any terminal has rows, and few enough to keep. */
export const KEPT_MAX = 2000;

/** What the caption says; all of it counted, nothing guessed. */
export interface PictureFacts {
  readonly requests: number;
  readonly attempts: number;
  /** To the end of the last attempt. */
  readonly wallMs: number;
  /** From admission to the end of each request's last attempt. */
  readonly onWireMs: Percentiles | undefined;
  /** Lanes used, which is the most attempts in flight at once. */
  readonly lanes: number;
  /** Attempts that got a status. */
  readonly answered: number;
  /** Attempts whose server told how long they were in its queue. */
  readonly reported: number;
  readonly waited: number;
  readonly queueMsMax: number;
  /** Most requests at the server at once: in its queue, in service, or waited for. */
  readonly atServerPeak: number;
  /** False where more were there than could be counted: the peak is a least. */
  readonly isPeakExact: boolean;
  /** The server's workers, where it says so. */
  readonly capacity: number | null;
  /** Requests that did not end well, by their last attempt's mark. */
  readonly failed: Readonly<Partial<Record<Mark, number>>>;
  /** Requests without any attempt. */
  readonly unsent: number;
  /** Attempts that waited here for a permit, as long as a wait at the server has to be to count as one. */
  readonly heldBack: number;
  readonly permitMsMax: number;
  /** How busy our own event loops were; none where nobody knows. */
  readonly eventLoops: readonly EventLoop[];
  /** The limit that was found, over time; none where nobody looked for one. */
  readonly limitSteps: readonly LimitStep[];
}

export class PictureModel {
  /** To be set once they are known: a summary tells them, behind all requests. */
  eventLoops: readonly EventLoop[] = [];
  limitSteps: readonly LimitStep[] = [];
  #kept: DrawnRequest[] | null = [];
  #bins: Bins | null = null;
  readonly #slices = new Slices();
  readonly #onWire = new Histogram();
  readonly #atServer = new OverlapMax();
  readonly #failed: Partial<Record<Mark, number>> = {};
  #requests = 0;
  #attempts = 0;
  #unsent = 0;
  #wallMs = 0;
  #endMs = 0;
  #laneMax = -1;
  #answered = 0;
  #reported = 0;
  #waited = 0;
  #queueMsMax = 0;
  #heldBack = 0;
  #permitMsMax = 0;
  #capacity = 0;

  /** The requests themselves while they are few, ordered by index; null once they are too many. */
  kept(): readonly DrawnRequest[] | null {
    return this.#kept && [...this.#kept].sort((a, b) => a.index - b.index);
  }

  /** The folded picture of a large run; null while the requests are kept. */
  get bins(): Bins | null {
    return this.#bins;
  }

  add(request: DrawnRequest): void {
    this.#requests++;
    if (request.endedMs > this.#endMs) this.#endMs = request.endedMs;
    const { tries } = request;
    const lastPlace = tries.length - 1;
    const last = tries[lastPlace];
    if (last === undefined) {
      this.#unsent++;
      this.#bins?.addUnsent(request);
    } else {
      this.#onWire.add(last.endedMs - last.startedMs);
      const mark = markOf(last, true);
      if (mark !== null) this.#failed[mark] = (this.#failed[mark] ?? 0) + 1;
      for (let i = 0; i <= lastPlace; i++) this.#addTry(tries[i] as DrawnTry, i === lastPlace);
    }
    if (this.#kept === null) return;
    this.#kept.push(stripped(request));
    if (this.#kept.length > KEPT_MAX) this.#startFolding(this.#kept);
  }

  /** What a scale has to hold for this picture. */
  extent(): Extent {
    return { endMs: this.#endMs, atServerMax: Math.max(this.#atServer.max(), this.#capacity) };
  }

  facts(): PictureFacts {
    return {
      requests: this.#requests,
      attempts: this.#attempts,
      wallMs: this.#wallMs,
      onWireMs: this.#onWire.percentiles(),
      lanes: this.#laneMax + 1,
      answered: this.#answered,
      reported: this.#reported,
      waited: this.#waited,
      queueMsMax: this.#queueMsMax,
      atServerPeak: this.#atServer.max(),
      isPeakExact: this.#atServer.isExact,
      capacity: this.#capacity > 0 ? this.#capacity : null,
      failed: { ...this.#failed },
      unsent: this.#unsent,
      heldBack: this.#heldBack,
      permitMsMax: this.#permitMsMax,
      eventLoops: this.eventLoops,
      limitSteps: this.limitSteps,
    };
  }

  #addTry(one: DrawnTry, wasLast: boolean): void {
    this.#attempts++;
    if (one.status !== null) this.#answered++;
    if (one.lane > this.#laneMax) this.#laneMax = one.lane;
    if (one.endedMs > this.#wallMs) this.#wallMs = one.endedMs;
    if (one.server?.workers !== undefined && one.server.workers > this.#capacity)
      this.#capacity = one.server.workers;
    const slices = this.#slices;
    slices.fill(one);
    const queueMs = one.phasesMs.queue;
    if (slices.split && queueMs !== undefined) {
      this.#reported++;
      if (queueMs > this.#queueMsMax) this.#queueMsMax = queueMs;
      if (waitedAtServer(one.phasesMs)) this.#waited++;
    }
    const permitMs = one.phasesMs.permit ?? 0;
    if (waitedHere(permitMs, one.endedMs - one.startedMs)) this.#heldBack++;
    if (permitMs > this.#permitMsMax) this.#permitMsMax = permitMs;
    const stay = slices.atServer();
    if (stay !== null) this.#atServer.add(stay.fromMs, stay.toMs);
    this.#bins?.add(one, slices, wasLast);
  }

  #startFolding(kept: readonly DrawnRequest[]): void {
    const bins = new Bins(this.#endMs);
    for (const request of kept) {
      const { tries } = request;
      if (tries.length === 0) bins.addUnsent(request);
      for (let i = 0; i < tries.length; i++) {
        this.#slices.fill(tries[i] as DrawnTry);
        bins.add(tries[i] as DrawnTry, this.#slices, i === tries.length - 1);
      }
    }
    this.#bins = bins;
    this.#kept = null;
  }
}

/** Lets go of bodies, headers and whatever else comes with the request. */
function stripped({ index, outcome, createdMs, endedMs, tries }: DrawnRequest): DrawnRequest {
  const bare = tries.map(one => ({
    lane: one.lane,
    ...(one.worker !== undefined && { worker: one.worker }),
    outcome: one.outcome,
    status: one.status,
    startedMs: one.startedMs,
    endedMs: one.endedMs,
    phasesMs: one.phasesMs,
    ...(one.server && { server: one.server }),
  }));
  return { index, outcome, createdMs, endedMs, tries: bare };
}
