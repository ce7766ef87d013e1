// Reads a Chrome trace back and holds it to what its viewers need: slices of a thread nest, asynchronous ones come in
// pairs of an id of their own, flows have both ends, and each end lies on a slice.
import assert from 'node:assert/strict';

export interface ChromeEvent {
  readonly ph: 'X' | 'M' | 'i' | 'C' | 'b' | 'e' | 's' | 'f';
  readonly pid: number;
  readonly tid?: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly id?: number;
  readonly cat?: string;
  readonly name: string;
  readonly bp?: string;
  readonly s?: string;
  readonly args?: Readonly<Record<string, string | number>>;
}

export interface ReadChrome {
  readonly events: readonly ChromeEvent[];
  readonly processes: ReadonlyMap<number, string>;
  /** By `pid tid`. */
  readonly threads: ReadonlyMap<string, string>;
  of(ph: ChromeEvent['ph'], name?: string): ChromeEvent[];
}

const FIELDS: Readonly<Record<ChromeEvent['ph'], readonly string[]>> = {
  X: ['ts', 'dur', 'tid', 'cat'],
  M: ['args'],
  i: ['ts', 'tid', 's', 'cat'],
  C: ['ts', 'args'],
  b: ['ts', 'id', 'cat', 'args'],
  e: ['ts', 'id', 'cat'],
  s: ['ts', 'tid', 'id', 'cat'],
  f: ['ts', 'tid', 'id', 'cat', 'bp'],
};

export function readChrome(text: string): ReadChrome {
  const { traceEvents: events, displayTimeUnit } = JSON.parse(text) as {
    traceEvents: ChromeEvent[];
    displayTimeUnit: string;
  };
  assert.equal(displayTimeUnit, 'ms');
  const processes = new Map<number, string>();
  const threads = new Map<string, string>();
  for (const event of events) checkFields(event);
  for (const { ph, name, pid, tid, args } of events) {
    if (ph !== 'M') continue;
    if (name === 'process_name') assert.ok(!processes.has(pid) && processes.set(pid, String(args?.name)));
    if (name !== 'thread_name') continue;
    assert.ok(!threads.has(`${pid} ${tid}`), 'a thread is one lane');
    threads.set(`${pid} ${tid}`, String(args?.name));
  }
  for (const { pid, tid } of events) {
    assert.ok(processes.has(pid), 'a process has a name');
    if (tid !== undefined) assert.ok(threads.has(`${pid} ${tid}`), 'a thread has a name');
  }
  checkNesting(events);
  checkPairs(events);
  return {
    ...{ events, processes, threads },
    of: (ph, name) => events.filter(event => event.ph === ph && (name === undefined || event.name === name)),
  };
}

function checkFields(event: ChromeEvent): void {
  const fields: readonly string[] | undefined = FIELDS[event.ph];
  assert.ok(fields, `ph ${event.ph}`);
  for (const field of fields) assert.ok(field in event, `${event.ph} has ${field}`);
  for (const number of [event.ts, event.dur, event.pid, event.tid ?? 1])
    if (number !== undefined) assert.ok(Number.isSafeInteger(number) && number >= 0, JSON.stringify(event));
}

/** On each thread: a slice that begins inside another ends inside it. */
function checkNesting(events: readonly ChromeEvent[]): void {
  const byThread = Map.groupBy(
    events.filter(({ ph }) => ph === 'X'),
    ({ pid, tid }) => `${pid} ${tid}`,
  );
  for (const slices of byThread.values()) {
    const open: number[] = [];
    const inOrder = slices.toSorted((a, b) => (a.ts ?? 0) - (b.ts ?? 0) || (b.dur ?? 0) - (a.dur ?? 0));
    for (const { ts = 0, dur = 0, cat } of inOrder) {
      while ((open.at(-1) ?? Number.POSITIVE_INFINITY) <= ts) open.pop();
      assert.ok(ts + dur <= (open.at(-1) ?? Number.POSITIVE_INFINITY), `a ${cat} of ${ts} ends inside`);
      if (dur > 0) open.push(ts + dur);
      assert.ok(open.length <= 2, 'phases in attempts, and nothing deeper');
    }
  }
}

function checkPairs(events: readonly ChromeEvent[]): void {
  const withId = Map.groupBy(
    events.filter(({ id }) => id !== undefined),
    ({ id }) => id,
  );
  for (const [id, pair] of withId) {
    const kinds = pair.map(({ ph }) => ph).join('');
    assert.ok(kinds === 'be' || kinds === 'sf', `id ${id}: ${kinds}`);
    const [first, second] = pair as [ChromeEvent, ChromeEvent];
    assert.ok((first.ts ?? 0) <= (second.ts ?? 0), 'time goes on');
    assert.deepEqual([first.cat, first.name], [second.cat, second.name]);
    if (kinds === 'sf') for (const end of pair) assert.ok(isOnSlice(end, events), 'a flow ends on a slice');
    else assert.equal(first.pid, second.pid);
  }
}

function isOnSlice({ pid, tid, ts }: ChromeEvent, events: readonly ChromeEvent[]): boolean {
  return events.some(one => one.ph === 'X' && one.pid === pid && one.tid === tid && one.ts === ts);
}
