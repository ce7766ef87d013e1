// Reads a Perfetto trace back from its bytes: Protocol Buffers' wire format by hand, numbered names looked up, tracks
// with their descriptors, and slices nested as the viewer nests them. Throws at whatever a reader could stumble over.
import assert from 'node:assert/strict';

export interface ReadTrack {
  readonly uuid: number;
  readonly name: string;
  readonly parent: number | null;
  readonly rank: number;
  readonly ordering: number | undefined;
  readonly merge: number | undefined;
  readonly description: string | undefined;
  readonly counter: { readonly unit: number; readonly unitName: string; readonly shareKey: string } | null;
}

export interface ReadSlice {
  readonly track: ReadTrack;
  readonly name: string;
  readonly category: string;
  readonly fromNs: bigint;
  readonly depth: number;
  readonly inside: ReadSlice | null;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly flowsOut: readonly bigint[];
  readonly flowsIn: readonly bigint[];
  readonly correlation: number | undefined;
  toNs: bigint;
}

export interface ReadMark {
  readonly track: ReadTrack;
  readonly name: string;
  readonly atNs: bigint;
  readonly inside: ReadSlice | null;
}

export interface ReadTrace {
  readonly tracks: readonly ReadTrack[];
  readonly slices: readonly ReadSlice[];
  readonly marks: readonly ReadMark[];
  /** By the counter's track. */
  readonly counters: ReadonlyMap<ReadTrack, readonly { readonly atNs: bigint; readonly value: number }[]>;
}

type Value = bigint | Uint8Array;
class Message {
  readonly #fields = new Map<number, Value[]>();

  constructor(bytes: Uint8Array) {
    let at = 0;
    const varint = (): bigint => {
      let value = 0n;
      for (let shift = 0n; ; shift += 7n) {
        const byte = bytes[at++];
        assert.ok(byte !== undefined && shift < 70n, 'a varint ends within ten bytes');
        value |= BigInt(byte & 0x7f) << shift;
        if (byte < 0x80) return value;
      }
    };
    while (at < bytes.length) {
      const tag = Number(varint());
      const [field, wire] = [tag >> 3, tag & 7];
      assert.ok(field > 0, 'fields are numbered from 1');
      let value: Value;
      if (wire === 0) value = varint();
      else {
        assert.ok(wire === 1 || wire === 2, `wire type ${wire} is used`);
        const length = wire === 1 ? 8 : Number(varint());
        value = bytes.subarray(at, at + length);
        assert.equal(value.length, length, 'a field lies within its message');
        at += length;
      }
      const values = this.#fields.get(field);
      if (values) values.push(value);
      else this.#fields.set(field, [value]);
    }
  }

  onlyHas(...fields: readonly number[]): this {
    for (const field of this.#fields.keys()) assert.ok(fields.includes(field), `field ${field} is known`);
    return this;
  }

  number(field: number): number | undefined {
    const value = this.#one(field);
    if (value === undefined) return undefined;
    assert.ok(typeof value === 'bigint' && value <= BigInt(Number.MAX_SAFE_INTEGER));
    return Number(value);
  }

  long(field: number): bigint | undefined {
    const value = this.#one(field);
    assert.ok(value === undefined || typeof value === 'bigint');
    return value;
  }

  fixed(field: number): bigint[] {
    return (this.#fields.get(field) ?? []).map(value => {
      assert.ok(value instanceof Uint8Array && value.length === 8);
      return Buffer.from(value).readBigUInt64LE();
    });
  }

  double(field: number): number | undefined {
    const value = this.#one(field);
    return value instanceof Uint8Array ? Buffer.from(value).readDoubleLE() : undefined;
  }

  text(field: number): string | undefined {
    const value = this.#one(field);
    if (value === undefined) return undefined;
    assert.ok(value instanceof Uint8Array);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  }

  messages(field: number): Message[] {
    return (this.#fields.get(field) ?? []).map(value => {
      assert.ok(value instanceof Uint8Array);
      return new Message(value);
    });
  }

  #one(field: number): Value | undefined {
    const values = this.#fields.get(field);
    assert.ok(values === undefined || values.length === 1, `field ${field} stands once`);
    return values?.[0];
  }
}

interface Event {
  readonly atNs: bigint;
  readonly message: Message;
}

class Names {
  readonly #names = new Map<number, string>();

  add(entries: readonly Message[]): void {
    for (const entry of entries) {
      const iid = entry.onlyHas(1, 2).number(1) ?? 0;
      assert.ok(iid > 0 && !this.#names.has(iid), 'a number is given once, and never 0');
      this.#names.set(iid, entry.text(2) ?? '');
    }
  }

  get(iid: number | undefined): string {
    const name = this.#names.get(iid ?? 0);
    assert.ok(name !== undefined, 'a number of a name was given before it is used');
    return name;
  }
}

export function readPftrace(bytes: Uint8Array): ReadTrace {
  const categories = new Names();
  const names = new Names();
  const factNames = new Names();
  const tracks = new Map<number, ReadTrack>();
  const events: Event[] = [];
  const packets = new Message(bytes).onlyHas(1).messages(1);
  for (const [place, packet] of packets.entries()) {
    packet.onlyHas(8, 10, 11, 12, 13, 60);
    assert.equal(packet.number(10), 1, 'one sequence');
    assert.equal(
      packet.number(13),
      place === 0 ? 1 : 2,
      'the first packet clears the state, the others need it',
    );
    for (const interned of packet.messages(12)) {
      categories.add(interned.onlyHas(1, 2, 3).messages(1));
      names.add(interned.messages(2));
      factNames.add(interned.messages(3));
    }
    for (const descriptor of packet.messages(60)) addTrack(tracks, descriptor);
    for (const message of packet.messages(11)) {
      const atNs = packet.long(8);
      assert.ok(atNs !== undefined, 'an event has an instant');
      assert.ok(tracks.has(message.number(11) ?? 0), 'a track is described before it is used');
      events.push({ atNs, message });
    }
  }
  return nested(events, tracks, { categories, names, factNames });
}

function addTrack(tracks: Map<number, ReadTrack>, message: Message): void {
  message.onlyHas(1, 2, 5, 8, 11, 12, 14, 15);
  const uuid = message.number(1) ?? 0;
  const parent = message.number(5) ?? null;
  assert.ok(uuid > 0 && !tracks.has(uuid), 'a track is described once');
  assert.ok(parent === null || tracks.has(parent), 'a parent is described before its children');
  const [counter] = message.messages(8);
  tracks.set(uuid, {
    ...{ uuid, parent, name: message.text(2) ?? '', rank: message.number(12) ?? 0 },
    ...{ ordering: message.number(11), merge: message.number(15), description: message.text(14) },
    counter: counter
      ? {
          unit: counter.onlyHas(3, 6, 7).number(3) ?? 0,
          unitName: counter.text(6) ?? '',
          shareKey: counter.text(7) ?? '',
        }
      : null,
  });
}

/** In order of time, and of the file where the time is the same: as the viewer's importer sorts. */
function nested(
  events: readonly Event[],
  tracks: ReadonlyMap<number, ReadTrack>,
  { categories, names, factNames }: { categories: Names; names: Names; factNames: Names },
): ReadTrace {
  const slices: ReadSlice[] = [];
  const marks: ReadMark[] = [];
  const counters = new Map<ReadTrack, { atNs: bigint; value: number }[]>();
  const open = new Map<ReadTrack, ReadSlice[]>();
  for (const { atNs, message } of events.toSorted((a, b) => Number(a.atNs - b.atNs))) {
    message.onlyHas(3, 4, 9, 10, 11, 23, 30, 44, 47, 48, 52);
    const track = tracks.get(message.number(11) ?? 0) as ReadTrack;
    const stack = open.get(track) ?? [];
    open.set(track, stack);
    const name = (): string => message.text(23) ?? names.get(message.number(10));
    const type = message.number(9);
    assert.equal(type === 4, track.counter !== null, 'a counter has values and nothing else has');
    if (type === 1) {
      const slice: ReadSlice = {
        ...{ track, name: name(), category: categories.get(message.number(3)), fromNs: atNs, toNs: -1n },
        ...{ depth: stack.length, inside: stack.at(-1) ?? null, facts: factsOf(message, factNames) },
        ...{ flowsOut: message.fixed(47), flowsIn: message.fixed(48), correlation: message.number(52) },
      };
      slices.push(slice);
      stack.push(slice);
    } else if (type === 2) {
      const slice = stack.pop();
      assert.ok(slice, 'an end has a begin');
      slice.toNs = atNs;
    } else if (type === 3) {
      marks.push({ track, name: name(), atNs, inside: stack.at(-1) ?? null });
    } else {
      const values = counters.get(track) ?? [];
      counters.set(track, values);
      values.push({ atNs, value: message.number(30) ?? message.double(44) ?? Number.NaN });
    }
  }
  for (const stack of open.values()) assert.equal(stack.length, 0, 'every slice has an end');
  return { tracks: [...tracks.values()], slices, marks, counters };
}

function factsOf(message: Message, factNames: Names): Record<string, string | number> {
  return Object.fromEntries(
    message.messages(4).map(fact => {
      fact.onlyHas(1, 4, 5, 6);
      const value = fact.text(6) ?? fact.double(5) ?? fact.number(4);
      assert.ok(value !== undefined, 'a fact has a value');
      return [factNames.get(fact.number(1)), value];
    }),
  );
}
