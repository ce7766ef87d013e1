// What every contestant does for the bench, whatever it is made of: send these requests under these limits, and say
// of each attempt when it started and of each request how it ended.
export interface Sent {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly body?: string;
}

export interface Limits {
  /** In flight at most. */
  readonly limit: number;
  /** Of each attempt, from its start. */
  readonly timeoutMs?: number;
  /** Starts in a time. */
  readonly rate?: { readonly count: number; readonly windowMs: number };
  readonly retries?: number;
  /** Called as each attempt starts, as near to the wire as the library lets us look. */
  readonly onStart?: (url: string, atMs: number) => void;
}

export interface Ended {
  readonly url: string;
  /** The caller was handed a response with a status below 400 and its whole body, without an error. */
  readonly ok: boolean;
  readonly bytes: number;
  /** What the caller is told otherwise. */
  readonly why: string;
  readonly atMs: number;
}

/** What there is an option or a documented way for; a case that needs another is not run. */
export type Ability = 'limit' | 'timeout' | 'rate' | 'retries' | 'http';

export interface Contestant {
  readonly name: string;
  readonly abilities: readonly Ability[];
  /** An end for each, as they end. Requests may come over time. */
  send(requests: Iterable<Sent> | AsyncIterable<Sent>, limits: Limits): Promise<readonly Ended[]>;
}
