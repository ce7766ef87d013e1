// The only way the engine sees time or spends it. A real clock waits; the virtual one jumps.

export interface Timer {
  /** Harmless after it fired, and when called twice. */
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since the run began, with microsecond decimals; never goes backwards. */
  now(): number;
  /**
   * Calls `fire` once, never before `atMs`, and never from inside this call.
   * A real clock polls for input before it fires, so an answer that already lies in the
   * kernel's buffer is read before a deadline is judged.
   */
  schedule(atMs: number, fire: () => void): Timer;
}
