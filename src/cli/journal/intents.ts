// The word that comes before an attempt that must not be made twice: it stands in the record before the first byte
// can leave, so that a run that goes on after a crash knows what may have been sent. Asked for by the engine's gate,
// which may be at work before the record is being written: whoever asks early waits.
import type { Intent } from '../../model/record.ts';

/** Puts the line into the file. False: it is not there and never will be. */
export type WriteIntent = (intent: Intent) => Promise<boolean>;

export class Intents {
  readonly #write = Promise.withResolvers<WriteIntent>();
  #attached: WriteIntent | undefined;

  /**
   * Resolves when the intent stands in the file: written through to the system, so that it outlives the end of this
   * process (not a loss of power, which the sync of each second is for). False: the record can no longer be written,
   * and the attempt must not start; the run is about to end with `OUTPUT_LOST`. Never rejects. All who ask in one turn,
   * or while a write is under way, share one write.
   * @param index as the engine counts
   * @param attempt from 1
   */
  readonly announce = (index: number, attempt: number): Promise<boolean> => {
    const intent = { index, attempt };
    return this.#attached ? this.#attached(intent) : this.#write.promise.then(write => write(intent));
  };

  /** From now on intents are written. */
  attach(write: WriteIntent): void {
    this.#attached = write;
    this.#write.resolve(write);
  }

  /** There will be no record: nothing that waits for its intent may start. */
  abandon(): void {
    if (!this.#attached) this.attach(() => Promise.resolve(false));
  }
}
