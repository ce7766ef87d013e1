// Field numbers and values of Perfetto's own definitions, as far as they are written
// (protos/perfetto/trace/trace_packet.proto, interned_data/ and track_event/).

export const TRACE_PACKET = 1;
export const PACKET = {
  timestamp: 8,
  sequenceId: 10,
  event: 11,
  internedData: 12,
  sequenceFlags: 13,
  track: 60,
};
export const TRACK = {
  uuid: 1,
  name: 2,
  parent: 5,
  counter: 8,
  childOrdering: 11,
  rank: 12,
  description: 14,
  merge: 15,
};
export const COUNTER = { unit: 3, unitName: 6, shareKey: 7 };
export const EVENT = {
  ...{ categoryIid: 3, fact: 4, type: 9, nameIid: 10, track: 11, name: 23, value: 30 },
  ...{ doubleValue: 44, flow: 47, flowEnd: 48, correlation: 52 },
};
export const FACT = { nameIid: 1, int: 4, double: 5, text: 6 };
export const INTERNED = { categories: 1, names: 2, factNames: 3 };
export const SEQUENCE_ID = 1;
export const SEQUENCE_STARTS = 1;
export const SEQUENCE_GOES_ON = 2;
export const ORDER_EXPLICIT = 3;
export const MERGE_NONE = 2;
export const UNIT_COUNT = 2;
export const SLICE_BEGIN = 1;
export const SLICE_END = 2;
export const INSTANT = 3;
export const COUNTER_VALUE = 4;
