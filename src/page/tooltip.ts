// The table beside the pointer or the cursor: placed away from the bar it speaks of, gone with Escape.

import type { Palette } from '../timeline/looks.ts';
import { attemptFacts, attemptTitle, factList, spanTable } from './details.ts';
import { el } from './dom.ts';
import type { RunView } from './run-view.ts';

export class Tooltip {
  readonly element = el('div', { class: 'tooltip', role: 'tooltip', id: 'tooltip', hidden: true });

  get isShown(): boolean {
    return !this.element.hidden;
  }

  showAttempt(run: RunView, row: number, at: { x: number; y: number }, palette: Palette): void {
    const loaded = run.loaded;
    if (!loaded) return;
    const { data } = loaded.pieces;
    const of = loaded.attempts.of(row).length;
    this.#show(at, [
      el('strong', {}, attemptTitle(data, row, of)),
      spanTable(data, row, palette),
      factList(attemptFacts(data, row).filter(([name]) => name !== 'note' && name !== 'id')),
    ]);
  }

  showText(text: string, at: { x: number; y: number }): void {
    this.#show(at, [el('span', {}, text)]);
  }

  hide(): void {
    this.element.hidden = true;
  }

  #show({ x, y }: { x: number; y: number }, content: readonly Node[]): void {
    this.element.replaceChildren(...content);
    this.element.hidden = false;
    const { width, height } = this.element.getBoundingClientRect();
    const left = x + 18 + width > innerWidth ? Math.max(4, x - width - 18) : x + 18;
    const top = y + 22 + height > innerHeight ? Math.max(4, y - height - 14) : y + 22;
    this.element.style.left = `${left}px`;
    this.element.style.top = `${top}px`;
  }
}
