// Which colours are used: the reader's own setting, the button's, those for paper, or the system's in forced colours.

import { type Inks, inksOf } from '../timeline/large/raster.ts';
import { PALETTES, type Palette, type SurfaceName } from '../timeline/looks.ts';
import { SLICE_KINDS, type SliceKind } from '../timeline/slices.ts';

export type ThemeName = 'auto' | SurfaceName;
const THEMES: readonly ThemeName[] = ['auto', 'light', 'dark'];

export class Look {
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #forced = matchMedia('(forced-colors: active)');
  #theme: ThemeName;
  #isPrinting = false;
  #palette: Palette = PALETTES.light;
  #inks: Inks = inksOf(PALETTES.light);

  constructor(theme: ThemeName, onChange: () => void) {
    this.#theme = theme;
    const changed = (): void => {
      this.#update();
      onChange();
    };
    this.#dark.addEventListener('change', changed);
    this.#forced.addEventListener('change', changed);
    window.addEventListener('beforeprint', () => {
      this.#isPrinting = true;
      changed();
    });
    window.addEventListener('afterprint', () => {
      this.#isPrinting = false;
      changed();
    });
    this.#update();
  }

  get theme(): ThemeName {
    return this.#theme;
  }

  get palette(): Palette {
    return this.#palette;
  }

  get inks(): Inks {
    return this.#inks;
  }

  get isForced(): boolean {
    return this.#forced.matches;
  }

  set(theme: ThemeName): void {
    this.#theme = theme;
    this.#update();
  }

  /** The next of auto, light and dark. */
  turn(): ThemeName {
    this.set(THEMES[(THEMES.indexOf(this.#theme) + 1) % THEMES.length] as ThemeName);
    return this.#theme;
  }

  #update(): void {
    const isDark = this.#theme === 'auto' ? this.#dark.matches : this.#theme === 'dark';
    const name: SurfaceName = isDark && !this.#isPrinting ? 'dark' : 'light';
    document.documentElement.dataset.theme = name;
    const isForced = this.#forced.matches && !this.#isPrinting;
    this.#palette = isForced ? forcedPalette() : PALETTES[name];
    this.#inks = inksOf(this.#palette, isForced);
  }
}

/** In forced colours there are two: what is drawn, and what it is drawn on. Height and texture say which phase. */
function forcedPalette(): Palette {
  const ink = systemColor('CanvasText');
  const surface = systemColor('Canvas');
  const kinds = Object.fromEntries(SLICE_KINDS.map(kind => [kind, ink])) as Record<SliceKind, string>;
  return {
    ...{
      surface,
      text: ink,
      muted: ink,
      axis: ink,
      grid: systemColor('GrayText'),
      capacity: ink,
      limit: ink,
    },
    ...{ focus: systemColor('Highlight'), error: systemColor('LinkText'), kinds, onKinds: {} },
  };
}

function systemColor(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = name;
  document.body.append(probe);
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/\d+/g) ?? []).map(Number);
  probe.remove();
  return `#${[red, green, blue].map(byte => byte.toString(16).padStart(2, '0')).join('')}`;
}
