// What the pointer and the wheel do over the strips. A bare wheel scrolls the page, always; with ctrl or ⌘ it zooms at
// the pointer, with shift or sideways it moves in time.
import type { View } from './view.ts';

export interface PointerActions {
  /** At this instant, over this canvas, in its own pixels. */
  readonly hover: (at: PointerPlace | null) => void;
  readonly click: (at: PointerPlace) => void;
  /** A range was drawn with the pointer. */
  readonly range: (fromUs: number, toUs: number) => void;
}

export interface PointerPlace {
  readonly canvas: HTMLCanvasElement;
  readonly us: number;
  readonly y: number;
  readonly clientX: number;
  readonly clientY: number;
}

const DRAG_FROM_PX = 4;

export function listenToPointer(
  area: HTMLElement,
  view: View,
  geometry: () => { readonly left: number; readonly width: number },
  actions: PointerActions,
): void {
  const usAt = (clientX: number): number => {
    const { left, width } = geometry();
    const { fromUs, toUs } = view.window;
    return fromUs + ((clientX - area.getBoundingClientRect().left - left) / width) * (toUs - fromUs);
  };
  const placeOf = (event: MouseEvent): PointerPlace | null => {
    if (!(event.target instanceof HTMLCanvasElement)) return null;
    const { clientX, clientY, offsetY } = event;
    return { canvas: event.target, us: usAt(clientX), y: offsetY, clientX, clientY };
  };
  area.addEventListener('wheel', event => onWheel(event, view, usAt, geometry), { passive: false });
  area.addEventListener('pointerleave', () => actions.hover(null));
  area.addEventListener('dblclick', () => view.whole());
  listenToDrags(area, view, { usAt, placeOf, geometry, actions });
}

function onWheel(
  event: WheelEvent,
  view: View,
  usAt: (x: number) => number,
  geometry: () => { readonly width: number },
): void {
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
  if (event.ctrlKey || event.metaKey) view.zoom(Math.exp(event.deltaY * unit * 0.0025), usAt(event.clientX));
  else {
    const sideways = event.shiftKey ? event.deltaY + event.deltaX : event.deltaX;
    if (Math.abs(sideways) <= (event.shiftKey ? 0 : Math.abs(event.deltaY))) return;
    view.pan((sideways * unit) / geometry().width);
  }
  event.preventDefault();
}

interface Ways {
  readonly usAt: (x: number) => number;
  readonly placeOf: (event: MouseEvent) => PointerPlace | null;
  readonly geometry: () => { readonly width: number };
  readonly actions: PointerActions;
}

/** A drag over the ruler or the curve selects a range, over the other strips it moves in time. */
function listenToDrags(area: HTMLElement, view: View, { usAt, placeOf, geometry, actions }: Ways): void {
  let drag: {
    x: number;
    us: number;
    isRange: boolean;
    isZoom: boolean;
    moved: boolean;
    pointer: number;
  } | null = null;
  area.addEventListener('pointerdown', event => {
    if (event.button !== 0 || !(event.target instanceof HTMLCanvasElement)) return;
    const isRange = event.target.closest('.axis, .curve') !== null || event.ctrlKey || event.metaKey;
    const isZoom = event.ctrlKey || event.metaKey;
    drag = {
      x: event.clientX,
      us: usAt(event.clientX),
      isRange,
      isZoom,
      moved: false,
      pointer: event.pointerId,
    };
  });
  area.addEventListener('pointermove', event => {
    if (drag === null) {
      actions.hover(placeOf(event));
      return;
    }
    if (!drag.moved) {
      if (Math.abs(event.clientX - drag.x) < DRAG_FROM_PX) return;
      drag.moved = true;
      area.setPointerCapture(drag.pointer);
      view.remember();
    }
    if (drag.isRange) actions.range(drag.us, usAt(event.clientX));
    else {
      view.pan((drag.x - event.clientX) / geometry().width);
      drag.x = event.clientX;
    }
  });
  const end = (event: PointerEvent): void => {
    const ended = drag;
    drag = null;
    if (ended === null) return;
    const us = usAt(event.clientX);
    if (ended.moved && ended.isZoom) {
      view.show({ fromUs: Math.min(ended.us, us), toUs: Math.max(ended.us, us) });
      actions.range(0, 0);
    }
    const place = placeOf(event);
    if (!ended.moved && place) actions.click(place);
  };
  area.addEventListener('pointerup', end);
  area.addEventListener('pointercancel', () => {
    drag = null;
  });
}
