// What a run would have found, from the attempts that its record holds: they are told to finders of their own, in the
// order in which they started and ended. For a record whose last line, which says what was found, was never written.

import type { AttemptEnd } from '../model/attempt.ts';
import { originOf } from '../model/origin.ts';
import { pathPattern } from '../model/path-pattern.ts';
import type { HttpRequest } from '../model/request.ts';
import { openPaceFinder } from './finder/open-pace-finder.ts';
import { FoundPace, type NotedStart } from './found-pace.ts';
import { type FoundOrigin, FoundPaces } from './found-paces.ts';

/** The first so many attempts, with the start-up that told most, and the last so many: a finder needs a few hundred. */
const FIRST_MAX = 2000;
const LAST_MAX = 8000;

/** Those who read it bound what they take from it by what was in flight. */
const LIMIT_MAX = 10_000;

interface Attempt {
  readonly origin: string;
  readonly key: string;
  readonly end: AttemptEnd;
  noted: NotedStart | null;
}

interface Host {
  readonly pace: FoundPace;
  inFlight: number;
}

export class ReplayedPace {
  /** Behind the first of them it is a ring. */
  readonly #attempts: Attempt[] = [];
  #count = 0;

  add(request: Pick<HttpRequest, 'method' | 'url'>, tries: readonly AttemptEnd[]): void {
    for (const end of tries) {
      const url = end.url ?? request.url;
      const key = pathPattern({ method: request.method, url });
      const place =
        this.#count < FIRST_MAX ? this.#count : FIRST_MAX + ((this.#count - FIRST_MAX) % LAST_MAX);
      this.#count++;
      this.#attempts[place] = { origin: originOf(url), key, end, noted: null };
    }
  }

  found(): { readonly origins: readonly FoundOrigin[]; readonly inFlightMax: number } {
    const paces = new FoundPaces(() => openPaceFinder({ maxLimit: LIMIT_MAX }));
    const hosts = new Map<string, Host>();
    const starts = this.#attempts.toSorted((a, b) => a.end.startedMs - b.end.startedMs);
    const ends = this.#attempts.toSorted((a, b) => a.end.endedMs - b.end.endedMs);
    let inFlightMax = 0;
    for (let started = 0, ended = 0; ended < ends.length; ) {
      const start = starts[started];
      const last = ends[ended] as Attempt;
      if (start && (last.noted === null || start.end.startedMs < last.end.endedMs)) {
        const host = hosts.get(start.origin) ?? {
          pace: new FoundPace(paces.openFinder(start.origin)),
          inFlight: 0,
        };
        hosts.set(start.origin, host);
        begin(start, host);
        started++;
        inFlightMax = Math.max(inFlightMax, started - ended);
      } else {
        end(last, hosts.get(last.origin) as Host);
        ended++;
      }
    }
    return { origins: paces.list(), inFlightMax };
  }
}

/** The finder is asked for the next start as the host's gate would: it learns from that when starts were held up. */
function begin(attempt: Attempt, host: Host): void {
  const { startedMs } = attempt.end;
  host.pace.dueMs(startedMs, host.inFlight);
  attempt.noted = host.pace.started(startedMs, ++host.inFlight, attempt.key);
}

function end({ end, noted }: Attempt, host: Host): void {
  host.pace.ended(end, --host.inFlight, noted as NotedStart);
  host.pace.dueMs(end.endedMs, host.inFlight);
}
