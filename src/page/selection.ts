// The panel of what is selected: the request with all its attempts, and ways from it to its neighbours.
import { formatDuration } from '../base/units.ts';
import { laneOf } from '../timeline/codec/dataset.ts';
import { createdUs } from '../timeline/large/facts.ts';
import { endingOf, spansOf } from '../timeline/large/spoken.ts';
import type { Palette } from '../timeline/looks.ts';
import { attemptFacts, attemptTitle, factList, spanTable } from './details.ts';
import { button, el } from './dom.ts';
import type { RunView } from './run-view.ts';

export interface Selected {
  readonly run: number;
  /** The run's own row. */
  readonly row: number;
}

export interface SelectionActions {
  readonly select: (selected: Selected | null) => void;
  readonly filter: (text: string) => void;
  readonly say: (text: string) => void;
}

export function drawSelection(
  box: HTMLElement,
  run: RunView | undefined,
  selected: Selected | null,
  shown: { readonly palette: Palette; readonly actions: SelectionActions },
): void {
  const loaded = run?.loaded;
  if (!run || !loaded || selected === null) {
    box.replaceChildren(
      el(
        'p',
        { class: 'hint' },
        'Nothing selected. Click a bar, or press Tab to reach the list of lanes and Enter there.',
      ),
    );
    return;
  }
  const { palette, actions } = shown;
  const { data } = loaded.pieces;
  const rows = loaded.attempts.of(selected.row);
  const first = rows[0] ?? selected.row;
  const last = rows.at(-1) ?? selected.row;
  const whole = (data.endUs[last] as number) - createdUs(data, first);
  const content: Node[] = [
    el('h3', {}, attemptTitle(data, selected.row, rows.length)),
    el(
      'p',
      {},
      `${run.head.name} · lane ${laneNumber(run, selected.row)} · since created ${formatDuration(whole / 1000)}`,
    ),
  ];
  for (const row of rows) {
    if (rows.length > 1)
      content.push(el('h4', {}, `attempt ${data.columns.number[row]}: ${endingOf(data, row)}`));
    content.push(spanTable(data, row, palette), factList(attemptFacts(data, row)));
  }
  content.push(actionsOf(run, selected, actions));
  box.replaceChildren(...content);
}

function laneNumber({ loaded }: RunView, row: number): number {
  const data = loaded?.pieces.data;
  return data ? (data.lanes[laneOf(data, row)] as number) + 1 : 0;
}

function actionsOf(run: RunView, { row }: Selected, { select, filter, say }: SelectionActions): HTMLElement {
  const data = run.loaded?.pieces.data;
  const worker = data?.texts.serverWorker.texts[data.columns.serverWorker[row] as number] ?? '';
  const buttons = [
    button('same lane', 'same lane: show only that', () => filter(`lane:${laneNumber(run, row)}`)),
    button('copy as JSON', 'copy as JSON', () => copy(jsonOf(run, row), say)),
    ...curlButtons(run, row, say),
    button('close', 'close the selection', () => select(null)),
  ];
  if (worker !== '')
    buttons.splice(
      1,
      0,
      button('same worker', 'same worker: show only that one of the server', () =>
        filter(`worker:"${worker}"`),
      ),
    );
  return el('p', { class: 'actions' }, ...buttons);
}

/** Only of an address that is whole, and that no shell and no curl takes for anything else. */
export function curlOf({ loaded }: RunView, row: number): string | null {
  if (!loaded) return null;
  const { columns, texts } = loaded.pieces.data;
  const url = texts.url.texts[columns.url[row] as number] ?? '';
  const method = texts.method.texts[columns.method[row] as number] || 'GET';
  if (texts.url.detail !== 'whole' || !/^https?:[\x21-\x7e]+$/.test(url) || !/^[A-Z]+$/.test(method))
    return null;
  const how = method === 'GET' ? '' : method === 'HEAD' ? '--head ' : `-X ${method} `;
  return `curl ${how}'${url.replaceAll("'", "'\\''")}'`;
}

function curlButtons(run: RunView, row: number, say: (text: string) => void): HTMLButtonElement[] {
  const command = curlOf(run, row);
  return command === null ? [] : [button('copy as curl', 'copy as curl', () => copy(command, say))];
}

function copy(text: string, say: (text: string) => void): void {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) {
    say('This browser lets no page opened from a file copy.');
    return;
  }
  clipboard.writeText(text).then(
    () => say('Copied.'),
    () => say('The browser did not let this page copy.'),
  );
}

/** All its attempts, in the units and words of the record. */
export function jsonOf({ loaded }: RunView, row: number): string {
  if (!loaded) return '{}';
  const { data } = loaded.pieces;
  const text = (name: 'error' | 'url' | 'serverWorker', at: number): string | undefined =>
    data.texts[name].texts[data.columns[name][at] as number] || undefined;
  const tries = loaded.attempts.of(row).map(at => ({
    attempt: data.columns.number[at],
    url: text('url', at),
    ending: endingOf(data, at),
    status: (data.columns.status[at] as number) || null,
    worker: text('serverWorker', at),
    startedMs: ((data.beginUs[at] as number) + (data.columns.handover[at] as number)) / 1000,
    endedMs: (data.endUs[at] as number) / 1000,
    spansMs: spansOf(data, at).map(({ kind, us }) => [kind, us / 1000]),
    error: text('error', at),
  }));
  return JSON.stringify({ index: data.request?.[row] ?? null, tries }, null, 2);
}
