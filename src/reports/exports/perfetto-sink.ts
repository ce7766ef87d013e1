// A walked run as packets of a Perfetto trace: descriptors of tracks, slices as pairs of begin and end, marks and
// counters. Names that come again are numbered once (interned).
import type { RunHeader } from '../../model/record.ts';
import { SLICE_KINDS } from '../../timeline/slices.ts';
import { FACT_NAMES, type Facts } from './attempt-facts.ts';
import { LOOPS_MAX } from './busy-steps.ts';
import {
  COUNTER,
  COUNTER_VALUE,
  EVENT,
  FACT,
  INSTANT,
  INTERNED,
  MERGE_NONE,
  ORDER_EXPLICIT,
  PACKET,
  SEQUENCE_GOES_ON,
  SEQUENCE_ID,
  SEQUENCE_STARTS,
  SLICE_BEGIN,
  SLICE_END,
  TRACE_PACKET,
  TRACK,
  UNIT_COUNT,
} from './perfetto-fields.ts';
import type { ProtoWriter } from './proto-writer.ts';
import { runWords } from './run-words.ts';
import type { Step } from './steps.ts';
import type { CounterName, TraceLoop, TraceSink, TraceSlice, TraceTrack } from './trace-sink.ts';

const CATEGORIES = ['attempt', 'phase', 'server', 'ending'] as const;
/** Names that are numbered when they first occur; rarer ones are written out. */
const NAMES_MAX = 1000;
const RANK_MAX = 0x7fff_ffff;

const COUNTERS: Readonly<Record<CounterName, string>> = {
  'in flight': 'Attempts between admission and end. In a long run each value is the most of a short time.',
  'at server': "Attempts in the server's queue or in service, as it says; waited for, where it says nothing.",
  limit: 'Attempts that may be in flight.',
  capacity: 'Workers that the server says it has.',
  'waiting for a permit': 'Requests that are known and may not start yet: our own waiting room.',
};
const RANKS = Object.keys(COUNTERS);
/** Behind the counters stand those of event loops, and then lanes. */
const LANES_RANK = RANKS.length + LOOPS_MAX;

export class PerfettoSink implements TraceSink {
  readonly #writer: ProtoWriter;
  readonly #nameIids = new Map<string, number>();
  /** Of tracks and groups alike: a number for each, by their own. */
  readonly #trackUuids = new Map<number, number>();
  readonly #groupUuids = new Map<number, number>();
  #uuidCount = 0;
  readonly #root: number;

  constructor(writer: ProtoWriter) {
    this.#writer = writer;
    this.#packet(SEQUENCE_STARTS).open(PACKET.internedData);
    for (const [place, name] of CATEGORIES.entries()) this.#interned(INTERNED.categories, place + 1, name);
    for (const [place, name] of FACT_NAMES.entries()) this.#interned(INTERNED.factNames, place + 1, name);
    for (const name of SLICE_KINDS) this.#intern(name);
    writer.close().close();
    this.#root = this.#descriptor({ name: 'paceline', parent: null, rank: 0, isGroup: true });
  }

  runGroup(group: number, run: RunHeader, name: string): void {
    const [title = '', ...words] = runWords(run, name);
    this.#groupUuids.set(
      group,
      this.#descriptor({
        ...{ name: `${title} · ${words[0]}`, parent: this.#root, rank: group, isGroup: true },
        description: `${words.join(' · ')}. Times count from the run's start.`,
      }),
    );
  }

  serverGroup(group: number, ofRun: number, name: string): void {
    const parent = this.#groupUuids.get(ofRun) ?? this.#root;
    const description =
      "The server's own times, placed on our clock; an attempt's serverDoubtMs tells how far off they may be.";
    this.#groupUuids.set(
      group,
      this.#descriptor({ name, parent, rank: RANK_MAX, isGroup: true, description }),
    );
  }

  track(track: number, { group, name, rank }: TraceTrack): void {
    const parent = this.#groupUuids.get(group) ?? this.#root;
    const place = Math.min(LANES_RANK + rank, RANK_MAX - 1);
    this.#trackUuids.set(track, this.#descriptor({ name, parent, rank: place }));
  }

  begin(track: number, { category, name, fromUs, facts, flow, correlation }: TraceSlice): void {
    const iid = this.#nameIid(name);
    const writer = this.#event(SLICE_BEGIN, this.#trackUuids.get(track), fromUs);
    writer.number(EVENT.categoryIid, CATEGORIES.indexOf(category) + 1);
    if (iid === null) writer.text(EVENT.name, name);
    else writer.number(EVENT.nameIid, iid);
    if (facts !== undefined) this.#facts(facts);
    if (flow !== undefined) writer.fixed64(flow.side === 'from' ? EVENT.flow : EVENT.flowEnd, flow.id);
    if (category === 'attempt') writer.number(EVENT.correlation, correlation);
    writer.close().close();
  }

  end(track: number, atUs: number): void {
    this.#event(SLICE_END, this.#trackUuids.get(track), atUs).close().close();
  }

  mark(track: number, atUs: number, name: string): void {
    const iid = this.#nameIid(name);
    const writer = this.#event(INSTANT, this.#trackUuids.get(track), atUs);
    writer.number(EVENT.categoryIid, CATEGORIES.indexOf('ending') + 1);
    if (iid === null) writer.text(EVENT.name, name);
    else writer.number(EVENT.nameIid, iid);
    writer.close().close();
  }

  /** A track for each that waits would be a million of them; the counter tells how many do. */
  waited(): void {}

  counter(group: number, name: CounterName, steps: Iterable<Step>): void {
    const uuid = this.#descriptor({
      ...{ name, parent: this.#groupUuids.get(group) ?? this.#root, rank: RANKS.indexOf(name) },
      ...{ description: COUNTERS[name], counterUnit: 'requests' },
      // One scale for all that the limit and the capacity are held against.
      shareKey: name === 'waiting for a permit' ? `waiting ${group}` : `requests ${group}`,
    });
    for (const { at, value } of steps)
      this.#event(COUNTER_VALUE, uuid, at).number(EVENT.value, value).close().close();
  }

  busy(group: number, { label, rank }: TraceLoop, steps: Iterable<Step>): void {
    const uuid = this.#descriptor({
      ...{ name: `event loop ${label} busy %`, parent: this.#groupUuids.get(group) ?? this.#root },
      ...{ rank: RANKS.length + rank, counterUnit: '%', shareKey: `busy ${group}` },
      description: 'Share of the time in which this event loop of ours waited for nothing.',
    });
    for (const { at, value } of steps)
      this.#event(COUNTER_VALUE, uuid, at).double(EVENT.doubleValue, value).close().close();
  }

  #facts(facts: Facts): void {
    const writer = this.#writer;
    for (const [name, value] of facts) {
      writer.open(EVENT.fact).number(FACT.nameIid, FACT_NAMES.indexOf(name) + 1);
      if (typeof value === 'string') writer.text(FACT.text, value);
      else if (Number.isSafeInteger(value) && value >= 0) writer.number(FACT.int, value);
      else writer.double(FACT.double, value);
      writer.close();
    }
  }

  /** Null where it is to be written out. */
  #nameIid(name: string): number | null {
    const known = this.#nameIids.get(name);
    if (known !== undefined) return known;
    if (this.#nameIids.size >= NAMES_MAX) return null;
    this.#packet(SEQUENCE_GOES_ON).open(PACKET.internedData);
    const iid = this.#intern(name);
    this.#writer.close().close();
    return iid;
  }

  #intern(name: string): number {
    const iid = this.#nameIids.size + 1;
    this.#nameIids.set(name, iid);
    this.#interned(INTERNED.names, iid, name);
    return iid;
  }

  #interned(field: number, iid: number, name: string): void {
    this.#writer.open(field).number(1, iid).text(2, name).close();
  }

  #descriptor(track: {
    readonly name: string;
    readonly parent: number | null;
    readonly rank: number;
    readonly description?: string;
    readonly isGroup?: true;
    /** Of a counter. */
    readonly counterUnit?: string;
    readonly shareKey?: string;
  }): number {
    const uuid = ++this.#uuidCount;
    const writer = this.#packet(SEQUENCE_GOES_ON).open(PACKET.track);
    writer.number(TRACK.uuid, uuid).text(TRACK.name, track.name);
    if (track.parent !== null) writer.number(TRACK.parent, track.parent);
    if (track.counterUnit !== undefined) {
      writer.open(TRACK.counter).number(COUNTER.unit, UNIT_COUNT);
      writer
        .text(COUNTER.unitName, track.counterUnit)
        .text(COUNTER.shareKey, track.shareKey ?? '')
        .close();
    }
    if (track.isGroup) writer.number(TRACK.childOrdering, ORDER_EXPLICIT);
    writer.number(TRACK.rank, track.rank);
    if (track.description !== undefined) writer.text(TRACK.description, track.description);
    // Tracks of one name would be taken for one otherwise.
    writer.number(TRACK.merge, MERGE_NONE).close().close();
    return uuid;
  }

  /** Opens a packet with an event in it; the caller closes both. */
  #event(type: number, track: number | undefined, atUs: number): ProtoWriter {
    const writer = this.#packet(SEQUENCE_GOES_ON, Math.round(atUs * 1000)).open(PACKET.event);
    return writer.number(EVENT.type, type).number(EVENT.track, track ?? this.#root);
  }

  #packet(flags: number, timestampNs?: number): ProtoWriter {
    const writer = this.#writer.open(TRACE_PACKET);
    if (timestampNs !== undefined) writer.number(PACKET.timestamp, timestampNs);
    return writer.number(PACKET.sequenceId, SEQUENCE_ID).number(PACKET.sequenceFlags, flags);
  }
}
