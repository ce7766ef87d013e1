// What workers print goes to our standard error, up to a bound for the whole run, and never near the protocol.

/** Handed on per run; the rest is read, so that nobody waits for room, and let go. */
export const OUTPUT_BYTES_MAX = 64 * 1024;
const CUT = '\npaceline: workers print more than 64 KiB; the rest is left out.\n';

/** @param write where to; only called when there is something to say */
export function boundedOutput(write: (chunk: Uint8Array | string) => void): (chunk: Uint8Array) => void {
  let room = OUTPUT_BYTES_MAX;
  return chunk => {
    if (room === 0) return;
    write(chunk.subarray(0, room));
    room = Math.max(0, room - chunk.byteLength);
    if (room === 0) write(CUT);
  };
}

/** The part of a stream that is needed to bound what is written to it. */
interface Writable {
  write(chunk: never, ...rest: never[]): boolean;
}

/**
 * Drops what a thread prints beyond the bound where it is printed: the parent reads only between its own
 * turns, and what lies unread would fill the thread's memory.
 */
export function boundStream(stream: Writable): void {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
  let room = OUTPUT_BYTES_MAX + 1; // the parent sees that there was more
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const bytes = chunk.length;
    if (bytes <= room) {
      room -= bytes;
      return write(chunk, ...rest);
    }
    const cut = chunk.slice(0, room);
    room = 0;
    if (cut.length > 0) write(cut);
    const done = rest.findLast(it => typeof it === 'function') as (() => void) | undefined;
    if (done) queueMicrotask(done);
    return true;
  };
}
