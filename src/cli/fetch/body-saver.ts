// `--output-dir`: between the run and its outputs, each body becomes a file before its outcome is told. What comes
// while files are being written is the next batch, so that the slower the disk is, the more files share a sync.
import { bodyName, shortBodyName } from '../../model/body-name.ts';
import { type HttpRequest, InvalidInput } from '../../model/request.ts';
import type { Settled } from '../../model/settled.ts';
import type { SaveResult, UnsavedBody } from '../../platform/output-folder.ts';
import { errorCode, ioReason } from '../output/io-reason.ts';

/** What saves them: an `OutputFolder`. */
export interface BodyStore {
  readonly path: string;
  /** In their order; never rejects. */
  save(bodies: readonly UnsavedBody[]): Promise<readonly SaveResult[]>;
  close(): Promise<void>;
}

/** Bytes of bodies, and outcomes, that may wait here before the reader of the run is told to pause. */
export const UNSAVED_BYTES_MAX = 64 * 1024 ** 2;
export const UNSAVED_MAX = 256;

type HttpSettled = Settled<HttpRequest>;

export interface BodySaverParts {
  readonly store: BodyStore;
  /** Takes each outcome, in the order in which they were added; called when its body is on the disk, or never will. */
  readonly onSaved: (settled: HttpSettled) => void;
  /** No body can be saved any more, as far as can be told. Called once. */
  readonly onBroken: () => void;
}

export class BodySaver {
  readonly #parts: BodySaverParts;
  #waiting: HttpSettled[] = [];
  #waitingBytes = 0;
  #savingCount = 0;
  #savingBytes = 0;
  #saving: Promise<void> | undefined;
  #failure: { readonly cause: unknown } | undefined;
  #isBroken = false;

  constructor(parts: BodySaverParts) {
    this.#parts = parts;
  }

  /** Why the first body that was not saved was not. */
  get failure(): { readonly cause: unknown } | undefined {
    return this.#failure;
  }

  /** It was not only the one body. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  add(settled: HttpSettled): void {
    this.#waiting.push(settled);
    this.#waitingBytes += bodyBytes(settled);
    this.#saving ??= this.#saveAll();
  }

  /** Resolves when there is room for more; undefined while there is. Never rejects. */
  room(): Promise<void> | undefined {
    return this.#isFull ? this.#untilRoom() : undefined;
  }

  /** Resolves when every outcome was handed on and the store is closed. Never rejects. */
  async end(): Promise<void> {
    while (this.#saving) await this.#saving;
    await this.#parts.store.close();
  }

  async #untilRoom(): Promise<void> {
    while (this.#isFull && this.#saving) await this.#saving;
  }

  get #isFull(): boolean {
    const bytes = this.#waitingBytes + this.#savingBytes;
    return bytes > UNSAVED_BYTES_MAX || this.#waiting.length + this.#savingCount >= UNSAVED_MAX;
  }

  /** One batch; the next one begins before anybody hears of the end of this one. */
  async #saveAll(): Promise<void> {
    await undefined; // what else comes in this turn is of the same batch
    const batch = this.#waiting;
    this.#savingCount = batch.length;
    this.#savingBytes = this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
    const bodies = batch.flatMap(settled => unsaved(settled) ?? []);
    const results = bodies.length === 0 ? [] : await this.#parts.store.save(bodies);
    let at = 0;
    for (const settled of batch) {
      this.#parts.onSaved(isToBeSaved(settled) ? this.#told(settled, results[at++]) : settled);
    }
    this.#savingCount = 0;
    this.#savingBytes = 0;
    this.#saving = this.#waiting.length > 0 ? this.#saveAll() : undefined;
  }

  #told(settled: HttpSettled, result: SaveResult | undefined): HttpSettled {
    if (result && 'file' in result) return { ...settled, saved: result };
    const cause = result?.cause;
    this.#failure ??= { cause };
    // A body above the size that files may have says nothing about the others.
    if (!this.#isBroken && errorCode(cause) !== 'EFBIG') {
      this.#isBroken = true;
      this.#parts.onBroken();
    }
    const message = `The response came whole, but its body could not be saved: ${ioReason(cause)}.`;
    return { ...settled, outcome: 'cancelled', error: { code: 'BODY_NOT_SAVED', message } };
  }
}

function bodyBytes({ tries }: HttpSettled): number {
  return tries.at(-1)?.body?.length ?? 0;
}

/** What ended `ok`, also with an empty body: as many files as `ok` lines. */
function isToBeSaved({ outcome }: HttpSettled): boolean {
  return outcome === 'ok';
}

function unsaved(settled: HttpSettled): UnsavedBody | undefined {
  const { request, index, tries } = settled;
  if (!isToBeSaved(settled) || request instanceof InvalidInput) return undefined;
  return {
    bytes: tries.at(-1)?.body ?? NO_BYTES,
    nameAt: taken => bodyName(request, index, taken),
    shortNameAt: taken => shortBodyName(request, index, taken),
  };
}

const NO_BYTES = new Uint8Array(0);
