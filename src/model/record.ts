// The record of a run, line by line: its output, and the single source of every picture and number.
// These names are a contract; other people's scripts read them. Times are milliseconds on the run's
// clock with microsecond decimals. What was not measured is left out, never 0. Each line ends in a checksum,
// `"crc"` (src/trace/seal.ts), which is not repeated in these types.
import type { Phases, ServerQuota, ServerReport } from './attempt.ts';
import type { OutcomeError, OutcomeKind } from './outcome.ts';
import type { NoRetry } from './settled.ts';

export const RECORD_VERSION = 1;

/** First line: the plan of the run, without secrets. */
export interface RecordHeader {
  readonly paceline: typeof RECORD_VERSION;
  readonly run: RunHeader;
}

export interface RunHeader {
  /** Version of paceline that wrote it. */
  readonly version: string;
  /** Wall-clock time of the run's start, ISO 8601. */
  readonly started: string;
  readonly strategy: string;
  /** Attempts in flight at most; null for no limit. */
  readonly concurrency: number | null;
  /** How many of them a server bears was found during the run. */
  readonly findsPace?: true;
  /** What an earlier run found, where this one begins. */
  readonly paceFrom?: readonly PaceStart[];
  /** Threads or processes; left out where the strategy has none. */
  readonly workers?: number;
  /** Starts at most, over all hosts and for each of them; left out for no bound. */
  readonly rate?: StatedRate;
  readonly hostRate?: StatedRate;
  /** Starts at once after a quiet time, where there is a rate; left out for 1. */
  readonly burst?: number;
  /** Attempts in flight for one host at most; left out for no such limit. */
  readonly perHost?: number;
  readonly seed: number;
  /** How many requests there will be, where that is known before the input is read. */
  readonly requests?: number;
  /** A modelled server and a virtual clock: nothing was sent. */
  readonly simulated?: true;
  /** What the requests are made from: a run goes on only from a record of the same. */
  readonly inputs?: InputIdentity;
}

/** `count` starts in `windowMs`: `5/15s` is `{"count":5,"windowMs":15000}`. */
export interface StatedRate {
  readonly count: number;
  readonly windowMs: number;
}

/** What must be the same when a run goes on. How fast it goes is not part of it. */
export interface InputIdentity {
  /** In the order of the command line: a file's name without its folders, `-` for stdin, `URL` for each URL given. */
  readonly names: readonly string[];
  readonly format: string;
  readonly repeat: number;
  /** `-X`; null for none. */
  readonly method: string | null;
  /** Of the headers and of the body given for all requests; null for none. 16 bits: enough to see that they
   * changed, too few to guess a secret from. */
  readonly headers: string | null;
  readonly body: string | null;
}

/** Written before an attempt starts that must not be made twice: the bytes of a POST may be on their way. */
export interface Intent {
  readonly index: number;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
}

/** Written before the first new line of a run that goes on from a record. */
export interface Resumed {
  /** Wall-clock time, ISO 8601. */
  readonly started: string;
  /** This instant of the record's axis is the start of the new run's clock: the end of all that was there. */
  readonly atMs: number;
  readonly strategy: string;
  readonly concurrency: number | null;
  readonly findsPace?: true;
  readonly paceFrom?: readonly PaceStart[];
  readonly workers?: number;
  readonly seed: number;
}

/** One attempt in a request's line. */
export interface TryLine {
  readonly lane: number;
  /** What it asked for, where redirects are followed and it is not the first attempt. */
  readonly url?: string;
  readonly worker?: number;
  readonly outcome: OutcomeKind;
  readonly status: number | null;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly phasesMs: Phases;
  /** How long the server asked to be left alone. */
  readonly retryAfterMs?: number;
  /** A `Retry-After` that cannot be understood. */
  readonly retryAfterIgnored?: string;
  readonly quota?: ServerQuota;
  /** Tried in this order for a connection that it opened to a name; once it is sent, the last is the one in use. */
  readonly addresses?: readonly string[];
  /** The body had no length of its own: only the orderly end of its connection says that it was whole. */
  readonly framing?: 'close';
  readonly server?: ServerReport;
  readonly error?: OutcomeError;
}

/** A line for each request that ended. `lane`, `worker` and `startedMs` are those of the last attempt. */
export interface RequestLine {
  readonly index: number;
  /** The user's own id, or null. */
  readonly id: string | number | null;
  readonly method: string;
  readonly url: string;
  readonly outcome: OutcomeKind;
  readonly status: number | null;
  /** All of them, the first included; 0 when none was started. */
  readonly attempts: number;
  readonly lane?: number;
  readonly worker?: number;
  readonly createdMs: number;
  readonly startedMs?: number;
  readonly endedMs: number;
  readonly bytes: number;
  /** The body as text or base64, when the run keeps bodies. */
  readonly body?: string;
  readonly bodyEncoding?: 'base64';
  /** Name of the file that the body was saved in, and the SHA-256 of its bytes in hexadecimal (`--output-dir`). */
  readonly file?: string;
  readonly sha256?: string;
  /** What the handler returned. */
  readonly value?: unknown;
  readonly error?: OutcomeError;
  /** Where redirects have led, when that is somewhere else. */
  readonly finalUrl?: string;
  /** Why it was not sent again, where one might have expected it. */
  readonly noRetry?: NoRetry;
  readonly tries: readonly TryLine[];
}

/** Of one kind of span; absent when nothing was measured. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** What the whole run cost the machine, workers counted in. */
export interface Usage {
  /** From the start of the process to the end of the run. */
  readonly realMs: number;
  readonly userMs: number;
  readonly sysMs: number;
  /** Largest resident memory of each process, added up. */
  readonly peakMemoryBytes: number;
  readonly processes: number;
  /** Threads that ran JavaScript of ours, the main one included. */
  readonly threads: number;
}

/**
 * How busy one event loop was. One that is busy waits for nothing: it runs code, ours or the user's, or would if it
 * had a processor.
 */
export interface EventLoop {
  /** Of this process, which reads, decides and writes; or of a worker. */
  readonly of: 'main' | 'thread' | 'process';
  /** Which worker, as in the lines of requests; left out for `main`. */
  readonly worker?: number;
  /** Where on the record's axis the first share begins, behind the runs that this one went on from; left out for 0. */
  readonly fromMs?: number;
  /** Each share is of so long a time. */
  readonly everyMs: number;
  /** From 0 to 1, in thousandths; null where nothing was measured, as before a worker has begun. */
  readonly busy: readonly (number | null)[];
}

/** What was found of the pace of an origin. */
export interface OriginPace {
  readonly origin: string;
  /** What limits it: `in flight`, `rate`, `quota`, `refusing`; `starting` where the run ended before that was known. */
  readonly mode: string;
  /** Attempts in flight at most, at the end. */
  readonly limit: number;
  /** The server's own capacity in requests in flight, as it was proved or measured. */
  readonly capacity?: number;
  /** Starts per second at most. */
  readonly ratePerSecond?: number;
  /** Requests per window of time, where the server said so by 429s. */
  readonly quota?: number;
  /** How long such a window is. */
  readonly windowMs?: number;
  /** Requests that are taken at once after a pause, beside a rate. */
  readonly depth?: number;
  /** Mean time on the wire when nothing waits. */
  readonly serviceMs?: number;
  /** Overtakings that prove the capacity. */
  readonly proofs?: number;
  /** More are in flight than it holds, since it answers sooner than a turn of our own event loop takes. */
  readonly filled?: true;
  /** Why the limit is what it is. */
  readonly reason: string;
  /** All of it in words: `3 at a time, 1 s each: 3.0 requests/s (proved by 41 overtakings)`. */
  readonly says: string;
  /** From when on there was which limit, and why. Of many that follow close upon each other the last is kept. */
  readonly changes: readonly PaceChange[];
  /** What it began with, where that was found before. */
  readonly from?: Pick<OriginPace, 'limit' | 'ratePerSecond' | 'quota'>;
}

/** Where a run begins with an origin, because an earlier one found it; the fields are those of `OriginPace`. */
export type PaceStart = Pick<OriginPace, 'origin' | 'mode' | 'limit' | PaceMeasure>;

/** What of it is a number above 0 where it is known. */
export const PACE_MEASURES = ['capacity', 'ratePerSecond', 'depth', 'quota', 'windowMs'] as const;

export type PaceMeasure = (typeof PACE_MEASURES)[number];

export type PaceChange = readonly [atMs: number, limit: number, reason: string];

/**
 * `interrupted` by a signal, or because the reader of stdout left; `deadline` by `--max-duration`; `failed` by too
 * many failures; `local_failure` because something of this machine gave out: an input, an output, the workers,
 * the handler.
 */
export type RunEnding = 'complete' | 'interrupted' | 'deadline' | 'failed' | 'local_failure';

/** Last line. */
export interface RecordFooter {
  readonly summary: Summary;
}

/** A condition of the user's, and what came of it. */
export interface CheckLine {
  /** As the user wrote it. */
  readonly text: string;
  readonly holds: boolean;
  /** What it looked at: `2.31 s`, `14 of 1000`, `not measured`. */
  readonly saw: string;
}

export interface Summary {
  readonly ended: RunEnding;
  /** From the start of the run to the end of its last attempt. */
  readonly makespanMs: number;
  readonly requests: number;
  readonly attempts: number;
  /** Only outcomes that occurred. */
  readonly outcomes: Readonly<Partial<Record<OutcomeKind, number>>>;
  /** Only statuses that occurred. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly bytes: number;
  /** Most attempts in flight at once. */
  readonly inFlightMax: number;
  /** Answers that said the client is too fast: 429, or 503 with a wait. */
  readonly refused?: number;
  /** The longest wait that a server asked for. */
  readonly waitAskedMsMax?: number;
  /** Requests that were not sent again, by the reason; only reasons that occurred. */
  readonly noRetry?: Readonly<Partial<Record<NoRetry, number>>>;
  /** Waiting for a permit, per request. */
  readonly queueingMs?: Percentiles;
  /** Waiting to be sent again, per request that was. */
  readonly backoffMs?: Percentiles;
  /** From admission to the end of an attempt: what the server's neighbours feel. */
  readonly serviceMs?: Percentiles;
  /** From known to final: what a user feels. */
  readonly responseMs?: Percentiles;
  /** In the server's own queue, where the server says so. */
  readonly serverQueueMs?: Percentiles;
  /** Most requests in the server's queue at once, where the server says so and there were not too many to count. */
  readonly serverQueueMax?: number;
  /** How many attempts found no free worker there and waited, where the server says so. */
  readonly serverWaited?: number;
  /** How many workers the server has, where it says so. */
  readonly serverWorkers?: number;
  readonly usage?: Usage;
  /** Of the run that wrote this line, the main one first; left out where nothing was measured. */
  readonly eventLoops?: readonly EventLoop[];
  /** Where the pace was found, by origin: those that had the most attempts. */
  readonly pace?: readonly OriginPace[];
  /** What was given as `--check`, in that order. */
  readonly checks?: readonly CheckLine[];
}
