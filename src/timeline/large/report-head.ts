// What stands at the head of a report, as JSON: all that its page needs to say before the first block is decoded.
import type { RunFacts } from './facts.ts';

export const REPORT_VERSION = 1;

export interface ReportHead {
  readonly version: typeof REPORT_VERSION;
  /** The finding, which is also the page's heading. */
  readonly caption: string;
  readonly theme: 'auto' | 'light' | 'dark';
  readonly runs: readonly RunHead[];
}

/** Of a run's facts, what a page shows before it has counted them itself. */
export type HeadFacts = Pick<RunFacts, 'requests' | 'attempts' | 'failed' | 'wallUs'>;

/** How busy one event loop of ours was, or the mean of many. */
export interface LoopHead {
  /** `main`, `thread 2`, `processes 1–12`. */
  readonly label: string;
  /** `4 % busy` */
  readonly says: string;
  /** Where the first share begins, and how long a time each of them stands for. */
  readonly fromUs: number;
  readonly everyUs: number;
  /** In thousandths; null where nothing was measured. */
  readonly busy: readonly (number | null)[];
}

export interface RunHead {
  /** Tells it from the others. */
  readonly name: string;
  /** `async`, `9 requests`, `no limit`, … */
  readonly title: readonly string[];
  readonly finding: string;
  /** What limited the run, and what to try: sentences. */
  readonly diagnoses: readonly string[];
  /** Beside the slowest of several: ` · 1.98× faster`; empty where there is nothing to say. */
  readonly faster: string;
  readonly facts: HeadFacts;
  /** To the end of the last attempt. */
  readonly extentUs: number;
  /** Attempts in flight at most; null for no limit. */
  readonly limit: number | null;
  /** The limit that was found, over time, in µs; empty where none was looked for. */
  readonly limitSteps: readonly (readonly [fromUs: number, limit: number])[];
  readonly capacity: number;
  readonly doubtUs: number;
  /** Our own event loops, the main one first, at most 8; none where nothing was measured. */
  readonly loops: readonly LoopHead[];
  /** What a lane is called: `permit`, `thread`, … */
  readonly lane: string;
  /** Sentences that have to be said of this run: cut off, modelled, texts left out. */
  readonly notes: readonly string[];
  /** Of the columns, so that a page can tell that it has read what was written. */
  readonly hash: string;
  readonly blocks: number;
  /** Deflated and in base64. */
  readonly preview: string;
}
