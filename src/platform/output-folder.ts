// A folder that bodies are saved in, as files that appear whole or not at all and never take another's place. Each is
// written under a temporary name of our own, synced, and only then given its name by a hard link, which is made in
// one step and refuses a name that is there, also one that is a symbolic link. The folder is synced before anybody is
// told that a file is saved: once for all files of a batch, or a thousand small bodies would cost a thousand syncs.
import { createHash, randomBytes } from 'node:crypto';
import { constants, fsync, link, lstat, mkdir, readdir, realpath, rename, unlink } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { factsOf, OpenFile } from './open-file.ts';

const [syncAsync, linkAsync, lstatAsync] = [promisify(fsync), promisify(link), promisify(lstat)];
const [readdirAsync, realpathAsync] = [promisify(readdir), promisify(realpath)];
const [renameAsync, unlinkAsync] = [promisify(rename), promisify(unlink)];
const mkdirAsync = promisify(mkdir);

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
const FOLDER = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);
const OWNER_ALONE = 0o600;
const OWNER_ALONE_ENTERS = 0o700;
/** Hashed and written in turns, so that a large body does not keep the thread for itself. */
const PIECE_BYTES = 1024 ** 2;
/** Node has four threads for files and for looking up hosts; one is left to the hosts. */
const WRITTEN_AT_ONCE = 3;
/** A name that is taken so often is not taken by chance. */
const NAMES_TRIED_MAX = 10_000;

/** A body and the names it may have: one component each, that of `tries` 0 first. */
export interface UnsavedBody {
  readonly bytes: Uint8Array;
  readonly nameAt: (tries: number) => string;
  /** For a disk that takes no long names. */
  readonly shortNameAt: (tries: number) => string;
}

/** Saved and synced, or why not: what the system said. */
export type SaveResult = { readonly file: string; readonly sha256: string } | { readonly cause: unknown };

/** What `open` would find out itself; tests tell it. */
export interface OutputFolderOptions {
  /** In the names of temporary files. @default drawn */
  readonly token?: string;
  /** Whether the disk has hard links. @default tried */
  readonly hasLinks?: boolean;
}

export class OutputFolder {
  /** Resolved when it was opened: a link that is turned elsewhere later moves nothing. */
  readonly path: string;
  readonly #held: OpenFile;
  readonly #heldKey: string;
  readonly #token: string;
  #hasLinks = true;
  #made = 0;

  private constructor(path: string, held: OpenFile, heldKey: string, token: string) {
    this.path = path;
    this.#held = held;
    this.#heldKey = heldKey;
    this.#token = token;
  }

  /**
   * Makes the folder, readable by its owner alone, when there is none; tries whether files can be made in it, and
   * removes what runs that were killed have left.
   * @throws what the system says
   */
  static async open(path: string, options: OutputFolderOptions = {}): Promise<OutputFolder> {
    await makeFolder(resolve(path));
    const resolved = await realpathAsync(path);
    const held = await OpenFile.open(resolved, FOLDER);
    const token = options.token ?? randomBytes(6).toString('hex');
    try {
      liveTokens.add(token);
      const folder = new OutputFolder(resolved, held, keyOf(await held.facts()), token);
      folder.#hasLinks = options.hasLinks ?? (await folder.#tryLinks());
      await folder.#sweep();
      return folder;
    } catch (error) {
      liveTokens.delete(token);
      await held.close();
      throw error;
    }
  }

  /** Saves all of them. The results are in their order; it never rejects. */
  async save(bodies: readonly UnsavedBody[]): Promise<readonly SaveResult[]> {
    const results: SaveResult[] = new Array(bodies.length);
    let next = 0;
    const saveInTurn = async (): Promise<void> => {
      for (let at = next++; at < bodies.length; at = next++) {
        results[at] = await this.#saveOne(bodies[at] as UnsavedBody).catch((cause: unknown) => ({ cause }));
      }
    };
    try {
      await this.#checkHeld();
      await Promise.all(Array.from({ length: WRITTEN_AT_ONCE }, saveInTurn));
      if (results.some(result => 'file' in result)) await this.#syncFolder();
      return results;
    } catch (cause) {
      return bodies.map((_, at) => failureOf(results[at]) ?? { cause });
    }
  }

  async close(): Promise<void> {
    liveTokens.delete(this.#token);
    await this.#held.close().catch(() => undefined); // it was only read
  }

  async #saveOne({ bytes, nameAt, shortNameAt }: UnsavedBody): Promise<SaveResult> {
    const temporary = await this.#newTemporary();
    try {
      const sha256 = await writeSynced(temporary.file, bytes);
      const file = await this.#giveName(temporary.path, nameAt).catch((cause: unknown) => {
        if (codeOf(cause) !== 'ENAMETOOLONG') throw cause;
        return this.#giveName(temporary.path, shortNameAt);
      });
      return { file, sha256 };
    } catch (cause) {
      await unlinkAsync(temporary.path).catch(() => undefined); // ours, whatever else has gone wrong
      throw cause;
    }
  }

  async #newTemporary(): Promise<{ readonly path: string; readonly file: OpenFile }> {
    for (let tried = 0; ; tried++) {
      const path = join(this.path, temporaryName(this.#token, this.#made++));
      try {
        return { path, file: await OpenFile.open(path, NEW_FILE, OWNER_ALONE) };
      } catch (cause) {
        if (codeOf(cause) !== 'EEXIST' || tried >= NAMES_TRIED_MAX) throw cause;
      }
    }
  }

  /** @returns the first name that was free, which the file has now instead of its temporary one */
  async #giveName(temporary: string, nameAt: (tries: number) => string): Promise<string> {
    for (let tries = 0; ; tries++) {
      const name = nameAt(tries);
      try {
        const path = join(this.path, name);
        if (this.#hasLinks) {
          await linkAsync(temporary, path);
          await unlinkAsync(temporary).catch(() => undefined); // swept by the next run
        } else await renameToClaimed(temporary, path);
        return name;
      } catch (cause) {
        if (codeOf(cause) !== 'EEXIST' || tries >= NAMES_TRIED_MAX) throw cause;
      }
    }
  }

  /** Another folder under the old name gets nothing: whoever removed ours may have had a reason. */
  async #checkHeld(): Promise<void> {
    if (keyOf(await factsOf(this.path)) === this.#heldKey) return;
    throw Object.assign(new Error('the folder was replaced by another while bodies were saved'), {
      code: 'ESTALE',
    });
  }

  async #syncFolder(): Promise<void> {
    await syncAsync(this.#held.fd).catch((cause: unknown) => {
      // Some file systems have no sync of a folder, and nothing better to offer.
      if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM'].includes(String(codeOf(cause)))) throw cause;
    });
  }

  /** @throws what the system says when no file can be made here */
  async #tryLinks(): Promise<boolean> {
    const { path, file } = await this.#newTemporary();
    const second = join(this.path, temporaryName(this.#token, this.#made++));
    try {
      await file.close();
      await linkAsync(path, second);
      await unlinkAsync(second);
      return true;
    } catch {
      return false;
    } finally {
      await unlinkAsync(path);
    }
  }

  /** Removes temporary files of processes of this host that are gone. What cannot be removed harms nobody. */
  async #sweep(): Promise<void> {
    for (const name of await readdirAsync(this.path)) {
      if (!isLeftover(name)) continue;
      const path = join(this.path, name);
      try {
        if ((await lstatAsync(path)).isFile()) await unlinkAsync(path);
      } catch {
        // gone already, or another user's
      }
    }
  }
}

/** And those above it. Not by `recursive: true`, which never comes back where the system makes none, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  const make = (): Promise<unknown> => mkdirAsync(path, OWNER_ALONE_ENTERS);
  try {
    await make().catch(async (cause: unknown) => {
      if (codeOf(cause) !== 'ENOENT' || dirname(path) === path) throw cause;
      await makeFolder(dirname(path));
      await make();
    });
  } catch (cause) {
    // What is there may be a file; or the system says first that nothing may be made beside it.
    const facts = await factsOf(path).catch(() => undefined);
    if (!facts?.isDirectory()) throw cause;
  }
}

/** Of the folders that are open in this process. */
const liveTokens = new Set<string>();

/** `.paceline-HOST-PROCESS-TOKEN-NUMBER.tmp`: two hosts may share a disk, and have the same numbers of processes. */
function temporaryName(token: string, number: number): string {
  return `.paceline-${hostTag()}-${process.pid}-${token}-${number}.tmp`;
}

const TEMPORARY = /^\.paceline-([0-9a-f]{8})-(\d{1,10})-([0-9a-z]{1,32})-\d{1,16}\.tmp$/;

function isLeftover(name: string): boolean {
  const [, host, pid, token = ''] = TEMPORARY.exec(name) ?? [];
  if (host !== hostTag() || pid === undefined) return false;
  if (Number(pid) === process.pid) return !liveTokens.has(token);
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (cause) {
    return codeOf(cause) === 'ESRCH';
  }
}

function hostTag(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

/** Writes all of it to the disk itself and closes. @returns the SHA-256 of what was written */
async function writeSynced(file: OpenFile, bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      hash.update(piece);
      await file.writeAll(piece);
    }
    await syncAsync(file.fd);
  } catch (cause) {
    await file.close().catch(() => undefined); // the first cause is the one to tell
    throw cause;
  }
  await file.close();
  return hash.digest('hex');
}

/**
 * Where there are no hard links (FAT, some network disks): the name is taken by an empty file that must be new, and
 * then replaced. Killed in between, a run leaves the empty file.
 */
async function renameToClaimed(temporary: string, path: string): Promise<void> {
  const claim = await OpenFile.open(path, NEW_FILE, OWNER_ALONE);
  await claim.close();
  try {
    await renameAsync(temporary, path);
  } catch (cause) {
    await unlinkAsync(path).catch(() => undefined); // our own claim
    throw cause;
  }
}

function keyOf({ dev, ino }: { readonly dev: number; readonly ino: number }): string {
  return `${dev}:${ino}`;
}

function failureOf(result: SaveResult | undefined): SaveResult | undefined {
  return result && 'cause' in result ? result : undefined;
}

function codeOf(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
}
