// The keys of the chart. Single letters count only while the chart has the focus; by their place on the keyboard where
// they are used like a pad.
export interface KeyActions {
  readonly pan: (share: number) => void;
  readonly zoom: (factor: number) => void;
  readonly whole: () => void;
  readonly focus: () => void;
  readonly stepAttempt: (by: number) => void;
  readonly stepLane: (by: number) => void;
  readonly stepMatch: (by: number) => void;
  readonly stepError: (by: number) => void;
  readonly mark: () => void;
  readonly back: () => void;
  readonly enter: () => void;
  readonly table: () => void;
  readonly escape: () => void;
  readonly hide: () => void;
}

export interface GlobalActions {
  readonly search: () => void;
  readonly help: () => void;
}

/** What `?` shows. */
export const KEYS: readonly (readonly [string, string])[] = [
  ['A D, ← →', 'move in time'],
  ['W S, + −', 'zoom at the cursor; ctrl + wheel zooms at the pointer'],
  ['0, double click', 'whole run'],
  ['f, f f', 'bring the selection to the middle; fit it'],
  ['. ,', 'next, previous attempt on the lane'],
  ['↑ ↓', 'lane above, below'],
  ['n N', 'next, previous that matches the filter'],
  ['e E', 'next, previous error'],
  ['m', 'mark the cursor; two marks show their distance'],
  ['Enter', 'zoom to the drawn range, or select what the cursor is on'],
  ['Backspace', 'window before'],
  ['/', 'filter'],
  ['h', 'hide or dim what does not match'],
  ['t', 'table of the visible attempts'],
  ['Esc', 'away with tooltip, range and selection'],
  ['?', 'these keys'],
];

export function listenToKeys(chart: HTMLElement, actions: KeyActions, everywhere: GlobalActions): void {
  document.addEventListener('keydown', event => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/') everywhere.search();
    else if (event.key === '?') everywhere.help();
    else return;
    event.preventDefault();
  });
  chart.addEventListener('keydown', event => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const isButton = event.target instanceof Element && event.target.closest('button, summary') !== null;
    if (isButton && (event.key === 'Enter' || event.key === ' ')) return;
    const action = byCode(event, actions) ?? byKey(event, actions);
    if (!action) return;
    action();
    event.preventDefault();
  });
}

function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.closest('input, select, textarea, dialog') !== null;
}

function byCode({ code }: KeyboardEvent, { pan, zoom }: KeyActions): (() => void) | undefined {
  const pad: Readonly<Record<string, () => void>> = {
    ...{ KeyA: () => pan(-0.15), KeyD: () => pan(0.15) },
    ...{ KeyW: () => zoom(0.7), KeyS: () => zoom(1 / 0.7) },
  };
  return pad[code];
}

function byKey({ key }: KeyboardEvent, actions: KeyActions): (() => void) | undefined {
  const keys: Readonly<Record<string, () => void>> = {
    ...{ ArrowLeft: () => actions.pan(-0.05), ArrowRight: () => actions.pan(0.05) },
    ...{ ArrowUp: () => actions.stepLane(-1), ArrowDown: () => actions.stepLane(1) },
    ...{ '+': () => actions.zoom(0.7), '=': () => actions.zoom(0.7), '-': () => actions.zoom(1 / 0.7) },
    ...{ '0': actions.whole, f: actions.focus, m: actions.mark, t: actions.table, h: actions.hide },
    ...{ '.': () => actions.stepAttempt(1), ',': () => actions.stepAttempt(-1) },
    ...{ n: () => actions.stepMatch(1), N: () => actions.stepMatch(-1) },
    ...{ e: () => actions.stepError(1), E: () => actions.stepError(-1) },
    ...{ Backspace: actions.back, Enter: actions.enter, Escape: actions.escape },
  };
  return Object.hasOwn(keys, key) ? keys[key] : undefined;
}
