// What can be drawn on a terminal: the picture of a run that has ended, or of one that goes on, with what is in flight.
import type { Bins } from './bins.ts';
import type { PictureFacts, PictureModel } from './picture.ts';
import type { Extent } from './scale.ts';
import type { DrawnRequest, DrawnTry } from './slices.ts';

export interface Drawable {
  kept(): readonly DrawnRequest[] | null;
  readonly bins: Bins | null;
  extent(): Extent;
  facts(): PictureFacts;
  /** How many requests there will be, where it is drawn before they are all there. */
  readonly expected?: number | null;
  /** What is in flight, and until when it is drawn; left out for a run that has ended. */
  readonly open?: OpenRequests;
}

export interface OpenRequests {
  readonly requests: readonly DrawnRequest[];
  readonly nowMs: number;
}

/** An attempt in flight, as the engine tells it. */
export interface OpenAttempt {
  readonly index: number;
  readonly lane: number;
  readonly createdMs: number;
  /** When it was due, and when it got its permit. */
  readonly dueMs: number;
  readonly admittedMs: number;
  /** Its attempts before this one. */
  readonly tries: readonly DrawnTry[];
}

/** The axis of a run that goes on begins with this much time, and grows by a quarter when it is full. */
const FIRST_WINDOW_MS = 2000;
const GROWTH = 1.25;

/** The end of the axis of a run that goes on. In steps, so that not all of the picture moves all the time. */
export function liveWindowMs(nowMs: number): number {
  let windowMs = FIRST_WINDOW_MS;
  while (windowMs <= nowMs) windowMs *= GROWTH;
  return windowMs;
}

/** The axis of a run that goes on. One that begins later than the run moves on by a quarter when it is full. */
export function liveAxis(nowMs: number, lastMs: number | null): { fromMs: number; endMs: number } {
  const wholeMs = liveWindowMs(nowMs);
  if (lastMs === null || lastMs >= wholeMs) return { fromMs: 0, endMs: wholeMs };
  const stepMs = lastMs / 4;
  const endMs = Math.max(lastMs, (Math.floor(nowMs / stepMs) + 1) * stepMs);
  return { fromMs: endMs - lastMs, endMs };
}

/** A run that goes on: what has ended, and on top of it what is in flight. Nobody knows yet what that waits for. */
export class LivePicture implements Drawable {
  readonly #picture: PictureModel;
  #facts: PictureFacts | undefined;
  readonly expected: number | null;
  readonly open: OpenRequests;
  readonly #lastMs: number | null;

  constructor(
    picture: PictureModel,
    now: {
      readonly attempts: readonly OpenAttempt[];
      readonly nowMs: number;
      readonly expected: number | null;
      /** Only about so much of it is drawn, up to now; left out or null for all of it. */
      readonly lastMs?: number | null;
    },
  ) {
    this.#picture = picture;
    this.expected = now.expected;
    this.#lastMs = now.lastMs ?? null;
    this.open = { requests: now.attempts.map(one => openRequest(one, now.nowMs)), nowMs: now.nowMs };
  }

  kept(): readonly DrawnRequest[] | null {
    const kept = this.#picture.kept();
    if (kept === null || this.open.requests.length === 0) return kept;
    return [...kept, ...this.open.requests].sort((a, b) => a.index - b.index);
  }

  get bins(): Bins | null {
    return this.#picture.bins;
  }

  extent(): Extent {
    const { atServerPeak, capacity } = this.facts();
    return {
      ...liveAxis(this.open.nowMs, this.#lastMs),
      atServerMax: Math.max(atServerPeak, capacity ?? 0),
    };
  }

  /** Counted once for a frame: percentiles and peaks of a large run take a while. */
  facts(): PictureFacts {
    this.#facts ??= this.#count();
    return this.#facts;
  }

  #count(): PictureFacts {
    const facts = this.#picture.facts();
    let { lanes } = facts;
    for (const { tries } of this.open.requests) lanes = Math.max(lanes, (tries.at(-1)?.lane ?? 0) + 1);
    const requests = Math.max(this.expected ?? 0, facts.requests + this.open.requests.length);
    // What is in flight is drawn as waiting for the server, all of it now.
    const atServerPeak = Math.max(facts.atServerPeak, this.open.requests.length);
    return { ...facts, lanes, requests, atServerPeak };
  }
}

function openRequest(
  { index, lane, createdMs, dueMs, admittedMs, tries }: OpenAttempt,
  nowMs: number,
): DrawnRequest {
  const permit = admittedMs - dueMs;
  const ttfb = Math.max(0, nowMs - admittedMs);
  const one: DrawnTry = {
    ...{ lane, outcome: 'ok', status: null, startedMs: admittedMs, endedMs: nowMs },
    phasesMs: { permit, network: 0, ttfb },
  };
  return { index, outcome: 'ok', createdMs, endedMs: nowMs, tries: [...tries, one] };
}
