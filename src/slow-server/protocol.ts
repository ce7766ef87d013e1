// The conversation between the slow API's front and its workers. Only spans and instants cross: sockets
// stay with the front, so a worker that dies takes no connection with it.

export type ToWorker = {
  readonly type: 'serve';
  /** Names the request in the answer. */
  readonly id: number;
  readonly serviceMs: number;
  /** Burn CPU for that long in place of sleeping. */
  readonly burn: boolean;
};

export type FromWorker =
  | { readonly type: 'ready' }
  | {
      readonly type: 'served';
      readonly id: number;
      /** On the machine's monotonic clock. */
      readonly startedMs: number;
      readonly endedMs: number;
    };
