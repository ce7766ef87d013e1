// Who turns a picture into a PNG: the browser that was named, resvg where it is installed, or a browser that is found.
import { PacelineError } from '../../base/errors.ts';
import {
  type Drawing,
  drawWithChromium,
  findChromium,
  type Machine,
  THIS_MACHINE,
} from '../../platform/chromium.ts';
import { loadResvg } from '../../platform/resvg.ts';
import { terminalSafe } from '../../timeline/escape.ts';

export type PngDrawer = (drawing: Drawing) => Promise<Uint8Array>;

/** Names the browser to draw with. */
const NAMED = 'PACELINE_CHROMIUM';

/**
 * @param load finds resvg; only tests give it
 * @throws ERR_ENV_PNG when there is nobody
 */
export async function pngDrawer(
  machine: Machine = THIS_MACHINE,
  load = () => loadResvg(),
): Promise<PngDrawer> {
  const named = machine.env[NAMED];
  if (named !== undefined && named !== '') {
    if (machine.isProgram(named)) return browser(named);
    throw new PacelineError(
      'ERR_ENV_PNG',
      `${NAMED} names ${named}, and that is no program. A picture that ends in .svg needs none.`,
    );
  }
  const resvg = await load();
  if (resvg !== null) return async ({ svg, scale }) => resvg(svg, scale);
  const found = findChromium(machine);
  if (found !== null) return browser(found);
  throw new PacelineError(
    'ERR_ENV_PNG',
    'A PNG is drawn by resvg or by a Chromium, and neither was found here. Install one: ' +
      `npm install @resvg/resvg-js beside paceline, or Chromium or Chrome (${NAMED}=FILE names one elsewhere). ` +
      'A picture that ends in .svg needs neither.',
  );
}

function browser(program: string): PngDrawer {
  return async drawing => {
    try {
      const png = await drawWithChromium(program, drawing);
      const size = sizeOf(png);
      const expected = `${drawing.width * drawing.scale} × ${drawing.height * drawing.scale}`;
      if (size !== expected)
        throw new Error(`what it has written is ${size ?? 'no PNG'}, not ${expected} pixels`);
      return png;
    } catch (cause) {
      const why = cause instanceof Error ? terminalSafe(cause.message, 400) : '';
      throw new PacelineError(
        'ERR_ENV_PROGRAM',
        `${program} did not draw the picture: ${why}. A picture that ends in .svg needs no browser.`,
        { cause },
      );
    }
  };
}

const SIGNATURE = '89504e470d0a1a0a';

/** `1640 × 1200`; null for what is no PNG. */
function sizeOf(png: Uint8Array): string | null {
  const head = Buffer.from(png.buffer, png.byteOffset, png.byteLength).subarray(0, 24);
  if (head.length < 24 || head.toString('hex', 0, 8) !== SIGNATURE) return null;
  return `${head.readUInt32BE(16)} × ${head.readUInt32BE(20)}`;
}
