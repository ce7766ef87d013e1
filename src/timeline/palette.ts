// The colours and glyphs of the phases. Thickness says working or waiting, colour says where; every glyph differs, so
// that nothing depends on colour. The colours were chosen to stay apart in the common kinds of colour blindness.
import type { OutcomeKind } from '../model/outcome.ts';
import type { SliceKind } from './slices.ts';

export type Charset = 'unicode' | 'ascii';
export type ColorDepth = 'truecolor' | '256' | '16' | 'none';

/** How a failed or repeated attempt is marked at its end. */
export const MARKS = ['error', 'timeout', 'backoff', 'retry', 'cancelled'] as const;
export type Mark = (typeof MARKS)[number];

interface Look {
  readonly unicode: string;
  readonly ascii: string;
  /** For a dark surface, which most terminals have. */
  readonly truecolor: readonly [number, number, number];
  readonly color256: number;
  /** The SGR code of the foreground in the 16 colours. */
  readonly color16: number;
}

export const SLICE_LOOKS: Readonly<Record<SliceKind, Look>> = {
  permit: { unicode: '·', ascii: '.', truecolor: [127, 132, 139], color256: 245, color16: 90 },
  handover: { unicode: '░', ascii: ':', truecolor: [127, 132, 139], color256: 240, color16: 90 },
  network: { unicode: '─', ascii: 'c', truecolor: [164, 69, 176], color256: 97, color16: 35 },
  queue: { unicode: '▄', ascii: '~', truecolor: [255, 160, 74], color256: 208, color16: 33 },
  service: { unicode: '█', ascii: '#', truecolor: [76, 151, 255], color256: 33, color16: 34 },
  ttfb: { unicode: '▆', ascii: '?', truecolor: [255, 240, 168], color256: 143, color16: 37 },
  download: { unicode: '▀', ascii: '=', truecolor: [86, 232, 220], color256: 37, color16: 36 },
  handler: { unicode: '▞', ascii: '%', truecolor: [232, 236, 241], color256: 252, color16: 97 },
};

export const MARK_LOOKS: Readonly<Record<Mark, { unicode: string; ascii: string; says: string }>> = {
  error: { unicode: '✗', ascii: 'x', says: 'failed' },
  timeout: { unicode: '⊣', ascii: 'T', says: 'timed out' },
  backoff: { unicode: '◆', ascii: '4', says: 'told to slow down (429)' },
  retry: { unicode: '↻', ascii: 'r', says: 'failed, tried again' },
  cancelled: { unicode: '⊘', ascii: '/', says: 'cancelled' },
};

/** The right edge of what is still in flight. */
export const OPEN_LOOK = { unicode: '▶', ascii: '>', says: 'still in flight' } as const;

const ERROR_LOOK = { truecolor: [255, 92, 108], color256: 197, color16: 31 } as const;

/** The mark of an attempt that ended so; null when all went well. */
export function markOf(
  one: { readonly outcome: OutcomeKind; readonly status: number | null },
  wasLast: boolean,
): Mark | null {
  if (one.outcome === 'ok') return null;
  if (one.status === 429) return 'backoff';
  if (!wasLast) return 'retry';
  if (one.outcome === 'timeout') return 'timeout';
  return one.outcome === 'cancelled' ? 'cancelled' : 'error';
}

export type Ink = SliceKind | 'error' | 'muted' | 'strong' | null;

/** The terminal's code that switches an ink on; empty for none. */
export function inkCode(ink: Ink, depth: ColorDepth): string {
  if (ink === null || depth === 'none') return '';
  if (ink === 'muted') return depth === '16' ? '\x1b[90m' : '\x1b[2m';
  if (ink === 'strong') return '\x1b[1m';
  const look = ink === 'error' ? ERROR_LOOK : SLICE_LOOKS[ink];
  if (depth === '16') return `\x1b[${look.color16}m`;
  return depth === '256' ? `\x1b[38;5;${look.color256}m` : `\x1b[38;2;${look.truecolor.join(';')}m`;
}

/** One cell after the other with as few codes as possible; every line ends without ink. */
export class InkedLine {
  #text = '';
  #ink: Ink = null;
  readonly #depth: ColorDepth;

  constructor(depth: ColorDepth) {
    this.#depth = depth;
  }

  put(text: string, ink: Ink = null): this {
    if (ink !== this.#ink && this.#depth !== 'none') {
      if (this.#ink !== null) this.#text += '\x1b[0m';
      this.#text += inkCode(ink, this.#depth);
      this.#ink = ink;
    }
    this.#text += text;
    return this;
  }

  end(): string {
    this.put('', null);
    return this.#text.trimEnd();
  }
}
