// What a server says of its own time: the `Server-Timing` header (W3C Server Timing). The standard gives
// durations and no start, because clocks differ; our slow server adds `t0`, its monotonic clock at arrival,
// which a client on the same host can place exactly.

export interface ServerTiming {
  /** Span in the server's queue. */
  queueMs?: number | undefined;
  /** Span in the server's worker. */
  serviceMs?: number | undefined;
  worker?: string | undefined;
  workers?: number | undefined;
  /** The machine's monotonic clock when the request reached the queue. */
  t0Ms?: number | undefined;
}

/** Longest header that is read; the rest of a longer one is ignored. */
const HEADER_CHARS_MAX = 4096;
const QUEUE = new Set(['queue', 'queued', 'wait']);
const SERVICE = new Set(['app', 'service', 'work', 'handler']);

/** Reads the names that are known; undefined when there are none. Never throws: the text is a server's. */
export function parseServerTiming(header: string): ServerTiming | undefined {
  const timing: ServerTiming = {};
  let totalMs: number | undefined;
  for (const metric of header.slice(0, HEADER_CHARS_MAX).split(',')) {
    const [nameText = '', ...parameters] = metric.split(';');
    const name = nameText.trim().toLowerCase();
    const durMs = numberOf(parameters, 'dur');
    if (QUEUE.has(name)) {
      timing.queueMs ??= durMs;
      timing.t0Ms ??= numberOf(parameters, 't0');
    } else if (SERVICE.has(name)) {
      timing.serviceMs ??= durMs;
    } else if (name === 'total') {
      totalMs ??= durMs;
    } else if (name === 'worker' || name === 'wrk') {
      timing.worker ??= textOf(parameters, 'desc')?.slice(0, 64);
    } else if (name === 'workers') {
      const count = numberOf(parameters, 'desc');
      if (count !== undefined && Number.isSafeInteger(count)) timing.workers ??= count;
    }
  }
  if (timing.serviceMs === undefined && totalMs !== undefined) {
    timing.serviceMs = Math.max(0, totalMs - (timing.queueMs ?? 0));
  }
  return Object.values(timing).some(value => value !== undefined) ? timing : undefined;
}

function textOf(parameters: readonly string[], key: string): string | undefined {
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=');
    if (equals === -1 || parameter.slice(0, equals).trim().toLowerCase() !== key) continue;
    const value = parameter.slice(equals + 1).trim();
    return value.startsWith('"') && value.endsWith('"') && value.length >= 2 ? value.slice(1, -1) : value;
  }
  return undefined;
}

function numberOf(parameters: readonly string[], key: string): number | undefined {
  const text = textOf(parameters, key);
  if (text === undefined || !/^\d{1,15}(\.\d{1,9})?$/.test(text)) return undefined;
  return Number(text);
}
