// The colours of the pictures and how high each kind of slice stands. Thickness says work or waiting, colour where.
// Each phase keeps a contrast of 3 : 1 with its surface; test/reports/svg-colours.test.ts computes how far apart
// neighbours stay, also for readers who see fewer colours.
import type { SliceKind } from './slices.ts';

export type SurfaceName = 'light' | 'dark';

export interface Palette {
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly axis: string;
  readonly grid: string;
  readonly capacity: string;
  readonly limit: string;
  readonly focus: string;
  readonly error: string;
  readonly kinds: Readonly<Record<SliceKind, string>>;
  /** Text that stands on a slice. */
  readonly onKinds: Readonly<Partial<Record<SliceKind, string>>>;
}

export const PALETTES: Readonly<Record<SurfaceName, Palette>> = {
  light: {
    ...{ surface: '#ffffff', text: '#16181d', muted: '#565d68', axis: '#7a828e', grid: '#dfe3e8' },
    ...{ capacity: '#b4530a', limit: '#16181d', focus: '#0b57d0', error: '#c4002b' },
    kinds: {
      ...{ permit: '#8a8f96', handover: '#8a8f96', network: '#5b1a8b', queue: '#d9701a' },
      ...{ service: '#2463d9', ttfb: '#6b5b10', download: '#0a5f57', handler: '#16181d' },
    },
    onKinds: { service: '#ffffff', ttfb: '#ffffff', download: '#ffffff', queue: '#16181d' },
  },
  dark: {
    ...{ surface: '#10151c', text: '#e8ecf1', muted: '#9aa4b2', axis: '#6d7785', grid: '#262d37' },
    ...{ capacity: '#ffb066', limit: '#e8ecf1', focus: '#8ab4ff', error: '#ff5c6c' },
    kinds: {
      ...{ permit: '#7f848b', handover: '#7f848b', network: '#a445b0', queue: '#ffa04a' },
      ...{ service: '#4c97ff', ttfb: '#fff0a8', download: '#56e8dc', handler: '#e8ecf1' },
    },
    onKinds: { service: '#10151c', ttfb: '#10151c', download: '#10151c', queue: '#10151c' },
  },
};

/** Share of a row's height. */
export const HEIGHTS: Readonly<Record<SliceKind, number>> = {
  ...{ permit: 0.34, handover: 0.2, network: 0.6, queue: 0.5, service: 1, ttfb: 0.62, download: 0.8 },
  // Thin, because some of it may be waiting for its turn in the thread; a strip of the thread says what was busy.
  handler: 0.45,
};

/** What a phase is called, in all pictures. */
export const KIND_LABELS: Readonly<Record<SliceKind, string>> = {
  permit: 'waits for a permit (ours)',
  handover: 'waits for its worker to start',
  network: 'connect + send',
  queue: "waits in the server's queue",
  service: 'served',
  ttfb: 'waits for the server (not split)',
  download: 'download',
  handler: 'our own code',
};

/** As the bytes of a canvas pixel on a little-endian machine: `0xAABBGGRR`. */
export function pixelOf(hex: string): number {
  const rgb = Number.parseInt(hex.slice(1), 16);
  return (0xff00_0000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >>> 16)) >>> 0;
}

/** `hex` drawn over `under` with so much of itself left. */
export function mixed(hex: string, under: string, share: number): string {
  const over = Number.parseInt(hex.slice(1), 16);
  const below = Number.parseInt(under.slice(1), 16);
  let rgb = 0;
  for (const shift of [16, 8, 0]) {
    const byte = ((over >>> shift) & 0xff) * share + ((below >>> shift) & 0xff) * (1 - share);
    rgb |= Math.round(byte) << shift;
  }
  return `#${rgb.toString(16).padStart(6, '0')}`;
}
