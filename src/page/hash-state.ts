// What is seen, in the address of the page: a link to a finding, and the browser's own way back.
import type { Span } from '../timeline/large/pieces.ts';
import { type Arranged, readArranged, writeArranged } from './arrangement.ts';
import type { Selected } from './selection.ts';

export interface PageState {
  readonly window: Span | null;
  readonly filter: string;
  readonly selected: Selected | null;
  readonly theme: string;
  readonly arranged: Arranged;
}

export function stateText({ window: shown, filter, selected, theme, arranged }: PageState): string {
  const parts = new URLSearchParams();
  if (shown) parts.set('t', `${Math.round(shown.fromUs)}-${Math.round(shown.toUs)}`);
  if (filter !== '') parts.set('q', filter);
  if (selected) parts.set('s', `${selected.run}.${selected.row}`);
  if (theme !== 'auto') parts.set('theme', theme);
  writeArranged(parts, arranged);
  return parts.toString();
}

/** A hash comes from a link, so from anywhere: what cannot be read is not there. */
export function readState(hash: string): PageState {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const times = /^(\d{1,16})-(\d{1,16})$/.exec(parts.get('t') ?? '');
  const place = /^(\d)\.(\d{1,10})$/.exec(parts.get('s') ?? '');
  const theme = parts.get('theme') ?? 'auto';
  const [fromUs, toUs] = [Number(times?.[1]), Number(times?.[2])];
  return {
    window: times && toUs > fromUs ? { fromUs, toUs } : null,
    filter: (parts.get('q') ?? '').slice(0, 1000),
    selected: place ? { run: Number(place[1]), row: Number(place[2]) } : null,
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    arranged: readArranged(parts),
  };
}
