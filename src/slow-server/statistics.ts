// What `GET /_stats` answers. Always: seen = served + refused + gone + failed + in flight + in the queue.

export interface SlowServerStatistics {
  /** Requests that came in; those for `/_stats` are not counted anywhere. */
  readonly seen: number;
  /** Answered by a worker, with whatever status or fault they had asked for. */
  readonly served: number;
  /** Answered 400, 429 or 503 without a worker. */
  readonly refused: number;
  /** Their client left before the answer. */
  readonly gone: number;
  /** Answered 502: their worker died. */
  readonly failed: number;
  /** With a worker. One whose client has gone stays with its worker, and in here, to its end. */
  readonly inFlight: { readonly now: number; readonly max: number };
  /** Waiting for a worker. */
  readonly queue: { readonly now: number; readonly max: number };
  readonly workers: readonly WorkerStatistics[];
}

export interface WorkerStatistics {
  /** As in `Server-Timing`, from 1. */
  readonly id: number;
  /** Null while it is being replaced. */
  readonly pid: number | null;
  readonly served: number;
  readonly busy: boolean;
  readonly restarts: number;
}
