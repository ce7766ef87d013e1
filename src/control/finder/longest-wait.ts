// For how long a word of the server, or what a clock that jumps makes of it, keeps anybody waiting.

/** In ms; then it is asked again. The gate of a host may wait for longer. */
export const WAIT_MS_MAX = 3_600_000;
