// What a format of trace viewers must be able to write: groups, tracks, nested slices, flows, marks and counters. Times
// are microseconds on the run's clock; whole ones, but for ends that make room for what begins in the same instant.
import type { RunHeader } from '../../model/record.ts';
import type { Facts } from './attempt-facts.ts';
import type { Step } from './steps.ts';

/** One end of an arrow from the client's waiting to the server's work. */
export interface FlowEnd {
  readonly id: number;
  readonly side: 'from' | 'to';
}

export interface TraceSlice {
  readonly category: 'attempt' | 'phase' | 'server';
  readonly name: string;
  readonly fromUs: number;
  readonly endUs: number;
  readonly facts?: Facts;
  readonly flow?: FlowEnd;
  /** The same for all attempts of one request, and no other's. */
  readonly correlation: number;
}

export interface TraceWait {
  /** No other wait, and no flow, has the same. */
  readonly id: number;
  readonly fromUs: number;
  readonly toUs: number;
  readonly facts: Facts;
}

export interface TraceTrack {
  readonly group: number;
  readonly name: string;
  /** Its place among the tracks of its group, from 0. */
  readonly rank: number;
}

export interface TraceLoop {
  /** `main`, `thread 2`. */
  readonly label: string;
  /** Its place among the loops of its run, from 0. */
  readonly rank: number;
}

export type CounterName = 'in flight' | 'at server' | 'limit' | 'capacity' | 'waiting for a permit';

/** A format. Groups and tracks have numbers from 1, and are told before they are used. */
export interface TraceSink {
  runGroup(group: number, run: RunHeader, name: string): void;
  serverGroup(group: number, ofRun: number, name: string): void;
  track(track: number, as: TraceTrack): void;
  /** Slices of one track nest: one that begins inside another ends before it. */
  begin(track: number, slice: TraceSlice): void;
  end(track: number, atUs: number): void;
  /** Something ended badly. */
  mark(track: number, atUs: number, name: string): void;
  /** Of a run; on no lane. */
  waited(group: number, wait: TraceWait): void;
  counter(group: number, name: CounterName, steps: Iterable<Step>): void;
  /** How busy one of our own event loops was, in percent. */
  busy(group: number, loop: TraceLoop, steps: Iterable<Step>): void;
}
