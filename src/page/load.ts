// The blocks of a report, out of the page's text and into columns. A block that is damaged is named, the rest is shown.
import type { Dataset } from '../timeline/codec/dataset.ts';
import { isIntact, RunDecoder } from '../timeline/codec/decode.ts';
import { BLOCK_KINDS, type BlockKind } from '../timeline/codec/encode.ts';
import { type Preview, unpackPreview } from '../timeline/large/preview.ts';
import { REPORT_VERSION, type ReportHead, type RunHead } from '../timeline/large/report-head.ts';

export interface DecodedRun {
  readonly data: Dataset;
  /** One sentence for each block that could not be read. */
  readonly problems: readonly string[];
}

/** @throws when the page holds no head, or one of another version */
export function readHead(): ReportHead {
  const text = document.getElementById('paceline-head')?.textContent ?? '';
  const head = JSON.parse(text) as ReportHead;
  if (head.version !== REPORT_VERSION || !Array.isArray(head.runs))
    throw new Error('This page holds no report that it can read.');
  return head;
}

export async function readPreview(run: RunHead): Promise<Preview> {
  return unpackPreview(await inflated(bytesOf(run.preview)));
}

/** Blocks on their way out of the document: all are inflated at once, and come in their order. */
interface TakenBlock {
  readonly kind: BlockKind;
  readonly plain: Promise<Uint8Array>;
}

/** Takes the run's blocks out of the document, so that their text is freed, and decodes them. */
export async function loadRun(run: RunHead, place: number): Promise<DecodedRun> {
  const scripts = [...document.querySelectorAll<HTMLScriptElement>(`script[data-run="${place}"]`)];
  const blocks = scripts.map(takeBlock);
  const decoder = new RunDecoder(run);
  const problems: string[] = [];
  for (const [i, { kind, plain }] of blocks.entries()) {
    try {
      decoder.add(kind, await plain);
    } catch (error) {
      if (BLOCK_KINDS.includes(kind)) decoder.miss(kind);
      const why = error instanceof Error ? error.message : error;
      problems.push(`Block ${i + 1} of ${run.blocks} (${kind}) could not be read: ${why}.`);
    }
  }
  if (blocks.length < run.blocks) {
    decoder.miss('attempts');
    problems.push(`${run.blocks - blocks.length} of ${run.blocks} blocks are missing: the file was cut off.`);
  }
  return { data: decoder.end(), problems };
}

function takeBlock(script: HTMLScriptElement): TakenBlock {
  const kind = script.dataset.kind as BlockKind;
  const plain = inflatedIfIntact(kind, script.textContent ?? '', Number(script.dataset.crc));
  // Looked at in its turn: until then a rejection is no news to the browser.
  plain.catch(() => {});
  script.remove();
  return { kind, plain };
}

async function inflatedIfIntact(kind: BlockKind, base64: string, crc: number): Promise<Uint8Array> {
  const bytes = bytesOf(base64);
  if (!isIntact({ kind, bytes, crc })) throw new RangeError('it does not fit its checksum');
  return inflated(bytes);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> })
    .fromBase64;
  if (native) return native.call(Uint8Array, base64);
  return Uint8Array.from(atob(base64), character => character.charCodeAt(0));
}

/** Not by way of a Blob, which the browser would hand to another process and back. */
async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const { readable, writable } = new DecompressionStream('deflate-raw');
  const writer = writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  const [plain] = await Promise.all([new Response(readable).arrayBuffer(), written]);
  return new Uint8Array(plain);
}
