// A run that goes on from a record: what is left of its input, and its outcomes as lines that fit behind those that
// are there. The engine counts from 0 what it is given; here that number becomes the place in the input again.
import { PacelineError } from '../base/errors.ts';
import type { AttemptEnd } from '../model/attempt.ts';
import { type HttpRequest, InvalidInput, isRepeatable } from '../model/request.ts';
import type { Settled } from '../model/settled.ts';
import { BLOCK_REQUESTS, type DoneIndexes, mixed } from './done.ts';
import { headSum } from './head-sum.ts';
import { headOf } from './line.ts';
import type { ScannedRecord } from './scan.ts';

type Input = HttpRequest | InvalidInput;

/** Passes through the engine without being sent, as what cannot be sent does, and so keeps its place. */
class NotSentAgain extends InvalidInput {
  readonly request: HttpRequest;

  constructor(request: HttpRequest) {
    super({
      code: 'MAYBE_SENT',
      message:
        `An earlier run may have sent this ${request.method.slice(0, 20)}, and was ended before it knew how it ` +
        'went; it was not sent again.',
      url: request.url,
      id: request.id,
    });
    this.request = request;
  }
}

export interface ContinuationOptions {
  readonly record: Pick<ScannedRecord, 'done' | 'maybeSent' | 'lastMs'>;
  /** Also what may have been carried out and is not idempotent. */
  readonly retryUnsafe: boolean;
}

export class Continuation {
  readonly #options: ContinuationOptions;
  /** Place in the input, by the engine's number, of what it was given and has not settled. */
  readonly #indexes = new Map<number, number>();
  #given = 0;

  constructor(options: ContinuationOptions) {
    this.#options = options;
  }

  /** The place in the input of what the engine calls `number`. */
  indexOf(number: number): number {
    return this.#indexes.get(number) ?? number;
  }

  /**
   * What of the input is to be sent. Those of a block of 4096 that are not done are held back until all of it that is
   * done was seen to be what the record says; where nothing of a block is done, nothing is held back.
   * @throws ERR_RECORD_MISMATCH in the stream, before anything of the block is sent
   */
  async *rest(batches: AsyncIterable<readonly Input[]>): AsyncGenerator<readonly Input[]> {
    const check = new BlockCheck(this.#options.record.done);
    let held: Input[] = [];
    let index = 0;
    for await (const batch of batches) {
      for (const input of batch) {
        if (!check.sees(index, input)) held.push(this.#give(index, input));
        index++;
        if (index % BLOCK_REQUESTS === 0 && held.length > 0) {
          yield held; // all of the block was seen; no more than one is ever held
          held = [];
        }
      }
      if (held.length > 0 && check.isClear) {
        yield held;
        held = [];
      }
    }
    check.end(index);
    if (held.length > 0) yield held;
  }

  /** What the engine settled, with its place in the input, on the record's axis of time. */
  settled(settled: Settled<HttpRequest>): Settled<HttpRequest> {
    const index = this.indexOf(settled.index);
    this.#indexes.delete(settled.index);
    const byMs = this.#options.record.lastMs;
    const later = {
      ...settled,
      index,
      createdMs: settled.createdMs + byMs,
      endedMs: settled.endedMs + byMs,
      tries: settled.tries.map(one => shifted(one, byMs)),
    };
    if (!(settled.request instanceof NotSentAgain)) return later;
    const { code, message, request } = settled.request;
    return { ...later, request, outcome: 'unknown', error: { code, message } };
  }

  #give(index: number, input: Input): Input {
    this.#indexes.set(this.#given++, index);
    const { record, retryUnsafe } = this.#options;
    if (retryUnsafe || input instanceof InvalidInput || !record.maybeSent.has(index)) return input;
    return isRepeatable(input) ? input : new NotSentAgain(input);
  }
}

function shifted(one: AttemptEnd, byMs: number): AttemptEnd {
  return {
    ...one,
    startedMs: one.startedMs + byMs,
    endedMs: one.endedMs + byMs,
    ...(one.server && { server: { ...one.server, arrivedMs: one.server.arrivedMs + byMs } }),
  };
}

/** Holds what is read from the input against the sums of the record, block by block. */
class BlockCheck {
  readonly #done: DoneIndexes;
  #block = -1;
  #left = 0;
  #sum = 0;

  constructor(done: DoneIndexes) {
    this.#done = done;
  }

  /** All of this block that is done was seen, and is what it was. */
  get isClear(): boolean {
    return this.#left === 0;
  }

  /** Whether this one is done. @throws ERR_RECORD_MISMATCH when it was the last of its block, and the block differs */
  sees(index: number, input: Input): boolean {
    const block = Math.floor(index / BLOCK_REQUESTS);
    if (block !== this.#block) {
      this.#block = block;
      this.#left = this.#done.countIn(block);
      this.#sum = 0;
    }
    if (this.#left === 0 || !this.#done.has(index)) return false;
    this.#sum += mixed(headSum(index, headOf(input)));
    if (--this.#left > 0 || this.#sum === this.#done.sumOf(block)) return true;
    const from = block * BLOCK_REQUESTS;
    throw mismatch(
      `among requests ${from + 1} to ${index + 1} of the input, not all are what the record has there`,
    );
  }

  /** @param count of all requests that the input has @throws ERR_RECORD_MISMATCH when there were more of them */
  end(count: number): void {
    if (this.#done.max < count) return;
    throw mismatch(
      `the input has ${count} requests, and the record has an outcome of number ${this.#done.max + 1}`,
    );
  }
}

function mismatch(how: string): PacelineError {
  return new PacelineError(
    'ERR_RECORD_MISMATCH',
    `The input is not the one of the record: ${how}. ` +
      'Were lines changed, moved or removed? (More at the end are no harm.) Give the old input, or another -o.',
  );
}
