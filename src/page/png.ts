// What is seen, as one picture: the words on top, then every strip as it is drawn now. Made from the canvases alone.

import type { Palette } from '../timeline/looks.ts';
import { byId, save } from './dom.ts';

const MARGIN_PX = 16;
const LINE_PX = 20;
const GAP_PX = 6;

interface Piece {
  readonly height: number;
  readonly draw: (context: CanvasRenderingContext2D, top: number) => void;
}

/** @param scale device pixels of a CSS pixel */
export function picture(chart: HTMLElement, palette: Palette, scale: number): HTMLCanvasElement {
  const width = chart.clientWidth + 2 * MARGIN_PX;
  const pieces = [...captionPieces(chart.clientWidth, palette), ...chartPieces(chart, palette, scale)];
  const height = pieces.reduce((sum, piece) => sum + piece.height, 2 * MARGIN_PX);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('This browser draws no canvas.');
  context.scale(scale, scale);
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'middle';
  let top = MARGIN_PX;
  for (const piece of pieces) {
    piece.draw(context, top);
    top += piece.height;
  }
  return canvas;
}

export async function savePicture(chart: HTMLElement, palette: Palette): Promise<void> {
  const canvas = picture(chart, palette, Math.min(3, window.devicePixelRatio));
  const blob = await new Promise<Blob | null>(resolve => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (blob === null) throw new Error('The picture is too large for this browser.');
  save(blob, 'paceline.png');
}

function captionPieces(width: number, palette: Palette): Piece[] {
  const texts = [byId('caption'), ...document.querySelectorAll<HTMLElement>('#caption ~ .diagnosis')];
  return texts.flatMap((element, i) => {
    const font = i === 0 ? '600 17px system-ui, sans-serif' : '13px system-ui, sans-serif';
    return wrapped(element.textContent ?? '', width, font).map(text => line(text, font, palette.text));
  });
}

/** Headings and canvases that are seen, in the order of the page. */
function chartPieces(chart: HTMLElement, palette: Palette, scale: number): Piece[] {
  const pieces: Piece[] = [];
  for (const element of chart.querySelectorAll<HTMLElement>('h2, h3, canvas')) {
    if (element.offsetParent === null) continue;
    if (element instanceof HTMLCanvasElement) {
      const height = element.height / Math.max(scale, element.width / Math.max(1, element.clientWidth));
      pieces.push({
        height: height + GAP_PX,
        draw: (context, top) => context.drawImage(element, MARGIN_PX, top, element.clientWidth, height),
      });
      continue;
    }
    const [words] = element.innerText.split('\n');
    const isRun = element.tagName === 'H2';
    const font = isRun ? '600 14px system-ui, sans-serif' : '12px system-ui, sans-serif';
    pieces.push(line((words ?? '').trim(), font, isRun ? palette.text : palette.muted));
  }
  return pieces;
}

function line(text: string, font: string, color: string): Piece {
  return {
    height: LINE_PX,
    draw: (context, top) => {
      context.font = font;
      context.fillStyle = color;
      context.fillText(text, MARGIN_PX, top + LINE_PX / 2);
    },
  };
}

function wrapped(text: string, width: number, font: string): string[] {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return [text];
  context.font = font;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
