// The drawing library resvg, where somebody has installed it beside paceline: it turns a picture of ours into a PNG
// within this process.
import process from 'node:process';

/** Its fallback would be whichever font comes first. */
const FONTS: Readonly<Record<string, string>> = { darwin: 'Helvetica', win32: 'Segoe UI' };

/**
 * Null where it is not installed, or does not run on this machine.
 * @param load gives its module; only tests give it
 */
export async function loadResvg(
  load: () => Promise<object> = () => import('@resvg/resvg-js'),
): Promise<((svg: string, scale: number) => Uint8Array) | null> {
  const loaded = (await load().catch(() => null)) as typeof import('@resvg/resvg-js') | null;
  const Resvg = loaded?.Resvg;
  if (typeof Resvg !== 'function') return null;
  const font = { defaultFontFamily: FONTS[process.platform] ?? 'DejaVu Sans' };
  return (svg, scale) => new Resvg(svg, { fitTo: { mode: 'zoom', value: scale }, font }).render().asPng();
}
