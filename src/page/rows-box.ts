// Rows under a heading that says what they are, with a button that gives each of them a line of its own.
import { formatCount } from '../base/units.ts';
import { el } from './dom.ts';
import type { RowsStrip } from './rows-strip.ts';

export class RowsBox {
  readonly section: HTMLElement;
  #strip: RowsStrip;

  constructor(name: 'client' | 'server', title: string, strip: RowsStrip) {
    this.#strip = strip;
    this.section = el('section', { class: 'strip-box' });
    this.show(name, title, strip);
  }

  get strip(): RowsStrip {
    return this.#strip;
  }

  /** Other rows take the place of those that were there. */
  show(name: 'client' | 'server', title: string, strip: RowsStrip): void {
    this.#strip = strip;
    const heading = el('h3', {}, `${title} (${formatCount(strip.lanes)})`);
    if (strip.canExpand) heading.append(' ', expandButton(strip));
    this.section.replaceChildren(heading, el('div', { class: `strip ${name}` }, strip.scroller));
  }
}

function expandButton(strip: RowsStrip): HTMLButtonElement {
  const toggle = el('button', { type: 'button', class: 'expand' });
  const show = (): void => {
    toggle.setAttribute('aria-expanded', String(strip.isExpanded));
    toggle.textContent = strip.isExpanded ? 'show all at once' : 'show each row';
  };
  show();
  toggle.addEventListener('click', () => {
    strip.expand(!strip.isExpanded);
    show();
    toggle.dispatchEvent(new CustomEvent('paceline:redraw', { bubbles: true }));
  });
  return toggle;
}
