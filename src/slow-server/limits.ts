// What the slow API never does, whoever asks: every bound with its name.

/** The longest that one request may be made to take. */
export const DELAY_MS_MAX = 60_000;
/** The largest body it can be asked for. */
export const BODY_BYTES_MAX = 64_000_000;
/** The longest that a dripping body may take. */
export const DRIP_MS_MAX = 600_000;
/** Connections open at once; further ones are closed unanswered. */
export const CONNECTIONS_MAX = 10_000;
/** Requests waiting for a worker at once, where `--backlog` does not say: as many as there may be connections. */
export const BACKLOG_USUAL = CONNECTIONS_MAX;
/** The most that `--backlog` may say. */
export const BACKLOG_MAX = 1_000_000;
/** Worker processes. */
export const WORKERS_MAX = 256;
