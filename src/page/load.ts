// The blocks of a report, out of the page's text and into columns. A block that is damaged is named, the rest is shown.
import type { Dataset } from '../timeline/codec/dataset.ts';
import { isIntact, RunDecoder } from '../timeline/codec/decode.ts';
import { BLOCK_KINDS, type BlockKind } from '../timeline/codec/encode.ts';
import { type Preview, unpackPreview } from '../timeline/large/preview.ts';
import { REPORT_VERSION, type ReportHead, type RunHead } from '../timeline/large/report-head.ts';

export interface LoadedRun {
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

/** Takes the run's blocks out of the document, so that their text is freed, and decodes them. */
export async function loadRun(run: RunHead, place: number): Promise<LoadedRun> {
  const decoder = new RunDecoder(run);
  const problems: string[] = [];
  const scripts = [...document.querySelectorAll<HTMLScriptElement>(`script[data-run="${place}"]`)];
  for (const [i, script] of scripts.entries()) {
    const kind = script.dataset.kind as BlockKind;
    const problem = await loadBlock(decoder, script);
    script.remove();
    if (problem === null) continue;
    if (BLOCK_KINDS.includes(kind)) decoder.miss(kind);
    problems.push(`Block ${i + 1} of ${run.blocks} (${kind}) ${problem}`);
  }
  if (scripts.length < run.blocks) {
    decoder.miss('attempts');
    problems.push(
      `${run.blocks - scripts.length} of ${run.blocks} blocks are missing: the file was cut off.`,
    );
  }
  return { data: decoder.end(), problems };
}

async function loadBlock(decoder: RunDecoder, script: HTMLScriptElement): Promise<string | null> {
  const kind = script.dataset.kind as BlockKind;
  try {
    const bytes = bytesOf(script.textContent ?? '');
    if (!isIntact({ kind, bytes, crc: Number(script.dataset.crc) })) return 'does not fit its checksum.';
    decoder.add(kind, await inflated(bytes));
    return null;
  } catch (error) {
    return `could not be read: ${error instanceof Error ? error.message : error}.`;
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> })
    .fromBase64;
  if (native) return native.call(Uint8Array, base64);
  return Uint8Array.from(atob(base64), character => character.charCodeAt(0));
}

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
