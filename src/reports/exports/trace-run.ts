// One run's groups and tracks while it is written: which track an attempt or a server's work is on, so that no two on
// it overlap, and what the counters are made of.
import { originOf } from '../../model/origin.ts';
import type { RequestLine, TryLine } from '../../model/record.ts';
import { cut } from './attempt-facts.ts';
import { Rows } from './rows.ts';
import { type Step, Steps } from './steps.ts';
import type { TraceSink } from './trace-sink.ts';

/** More tracks of servers than anybody looks at. */
const SERVER_TRACKS_MAX = 1000;
const NAME_CHARS_MAX = 100;
/** A thousandth of a microsecond, the least that trace viewers tell apart. */
const LEAST_US = 0.001;

/** A number of attempts, none, or one that was found during the run. */
export type StatedLimit = number | 'found' | null;

export interface PlacedSpan {
  readonly track: number;
  readonly fromUs: number;
  readonly endUs: number;
}

interface Tracks {
  readonly rows: Rows;
  /** By row. */
  readonly numbers: number[];
}

interface Server {
  readonly group: number;
  readonly workers: Map<string, Tracks>;
}

export class TraceRun {
  readonly #sink: TraceSink;
  readonly #counts: { groups: number; tracks: number; serverTracks: number };
  readonly #lanes = new Map<number, Tracks>();
  readonly #servers = new Map<string, Server>();
  /** By origin: how many workers it says it has. */
  readonly #capacities = new Map<string, number>();
  readonly group: number;
  /** From when on how many attempts could be in flight at most. */
  readonly #limits: { readonly atUs: number; readonly limit: StatedLimit }[];
  readonly inFlight = new Steps();
  readonly atServer = new Steps();
  readonly waiting = new Steps();
  endUs = 0;
  indexMax = -1;

  /** @param before the run before it in the same file: numbers go on from there; null for none */
  constructor(sink: TraceSink, limit: StatedLimit, before: TraceRun | null) {
    this.#sink = sink;
    this.#limits = [{ atUs: 0, limit }];
    this.#counts = before === null ? { groups: 0, tracks: 0, serverTracks: 0 } : before.#counts;
    this.group = before === null ? 0 : ++this.#counts.groups;
  }

  noteServer(line: RequestLine, one: TryLine, toUs: number): void {
    this.endUs = Math.max(this.endUs, toUs);
    const workers = one.server?.workers;
    if (workers === undefined) return;
    const origin = originOf(one.url ?? line.url);
    const isKnown = this.#capacities.has(origin) || this.#capacities.size < 2;
    if (isKnown) this.#capacities.set(origin, Math.max(workers, this.#capacities.get(origin) ?? 0));
  }

  /** A run went on with this one, perhaps with another limit. */
  resume(atUs: number, limit: StatedLimit): void {
    this.#limits.push({ atUs, limit });
  }

  /**
   * The limit over time; empty where there was none for a part of it, which a curve cannot show.
   * @param found what the last part of the run found, if it looked
   */
  limitSteps(found: readonly Step[]): Step[] {
    const steps: Step[] = [];
    for (const { atUs, limit } of this.#limits) {
      if (limit === null) return [];
      // What an earlier part found is not in the record any more; its ceiling was not what held it.
      if (limit === 'found') continue;
      if (steps.at(-1)?.value !== limit) steps.push({ at: atUs, value: limit });
    }
    steps.push(...found);
    if (steps.length === 0) return [];
    return [...steps, { at: this.endUs, value: steps.at(-1)?.value ?? 0 }];
  }

  /** Null where nobody tells, or several do: their workers are no one line to hold the counters against. */
  capacity(): number | null {
    const [capacity, ...others] = this.#capacities.values();
    return capacity === undefined || others.length > 0 ? null : capacity;
  }

  /** Null where it overlaps too many others. */
  onLane(lane: number, fromUs: number, toUs: number): PlacedSpan | null {
    const tracks = tracksOf(this.#lanes, lane);
    return this.#placed(tracks, { fromUs, toUs }, { group: this.group, name: `lane ${lane}`, rank: lane });
  }

  /** Null also for more workers than there are tracks for. */
  onWorker(work: { url: string; worker: string; fromUs: number; toUs: number }): PlacedSpan | null {
    const origin = cut(originOf(work.url), NAME_CHARS_MAX);
    let server = this.#servers.get(origin);
    const isKnown = server?.workers.has(work.worker) ?? false;
    if (!isKnown && this.#counts.serverTracks >= SERVER_TRACKS_MAX) return null;
    if (server === undefined) {
      server = { group: ++this.#counts.groups, workers: new Map() };
      this.#servers.set(origin, server);
      this.#sink.serverGroup(server.group, this.group, `server ${origin} (reported)`);
    }
    const tracks = tracksOf(server.workers, work.worker);
    const name = `worker ${cut(work.worker, NAME_CHARS_MAX)}`;
    // Most servers number their workers; others stand in the order in which they first appear.
    const rank = /^\d{1,6}$/.test(work.worker) ? Number(work.worker) : server.workers.size;
    const before = this.#counts.tracks;
    const placed = this.#placed(tracks, work, { group: server.group, name, rank });
    this.#counts.serverTracks += this.#counts.tracks - before;
    return placed;
  }

  #placed(
    tracks: Tracks,
    { fromUs, toUs }: { fromUs: number; toUs: number },
    { group, name, rank }: { group: number; name: string; rank: number },
  ): PlacedSpan | null {
    const place = tracks.rows.place(fromUs, toUs);
    if (place === null) return null;
    let track = tracks.numbers[place.row];
    if (track === undefined) {
      track = ++this.#counts.tracks;
      tracks.numbers[place.row] = track;
      this.#sink.track(track, { group, name: place.row === 0 ? name : `${name} (overlap)`, rank });
    }
    // What begins in the instant of its end stands in the file already, and would be taken for a part of it.
    const endUs = place.touchesNext ? place.toUs - LEAST_US : place.toUs;
    return { track, fromUs: place.fromUs, endUs };
  }
}

function tracksOf<K>(all: Map<K, Tracks>, key: K): Tracks {
  let tracks = all.get(key);
  if (tracks === undefined) {
    tracks = { rows: new Rows(), numbers: [] };
    all.set(key, tracks);
  }
  return tracks;
}
