// The report that is a PNG: the SVG picture, drawn by somebody who can.
import { PacelineError } from '../../base/errors.ts';
import { formatCount } from '../../base/units.ts';
import type { OpenReport } from '../../reports/report.ts';
import { openSvgReport } from '../../reports/svg/svg-report.ts';
import type { PngDrawer } from './png-drawer.ts';

/** Pixels of the PNG for each of the picture: sharp on the screens of today, and on paper. */
const SCALE = 2;
/** Longer sides are beyond what programs open. */
const SIDE_MAX = 32_767;

/** Binds who draws: what is left is a report like the others. */
export function pngReport(draw: PngDrawer): OpenReport {
  return (write, options) => {
    const pieces: string[] = [];
    const theme = options.theme === 'auto' ? 'light' : options.theme; // pixels cannot follow their reader
    const svg = openSvgReport(piece => pieces.push(String(piece)), { ...options, theme });
    return {
      ...svg,
      async finish() {
        await svg.finish();
        const picture = pieces.join('');
        write(await draw({ svg: picture, ...sizeOf(picture) }));
      },
    };
  };
}

function sizeOf(svg: string): { readonly width: number; readonly height: number; readonly scale: number } {
  const [, width = 0, height = 0] = (/^<svg [^>]*? width="(\d+)" height="(\d+)"/.exec(svg) ?? []).map(Number);
  if (width === 0 || height === 0) throw new PacelineError('ERR_BUG', 'The picture does not tell its size.');
  const side = Math.max(width, height);
  if (side > SIDE_MAX) {
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      `The picture is ${formatCount(width)} × ${formatCount(height)} pixels, and no side of a PNG may have more than ` +
        `${formatCount(SIDE_MAX)} here. Draw fewer records at once, or a .svg.`,
    );
  }
  return { width, height, scale: SCALE * side > SIDE_MAX ? 1 : SCALE };
}
