// H10: pieces that touch are told apart by readers who see colours otherwise: by colour, or by their height. Read from
// the page's own pixels, as the browser shows them to such eyes.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PALETTES } from '../../src/timeline/looks.ts';
import { PageLab, settle } from '../support/browser.ts';
import { difference, seen } from '../support/colour-vision.ts';
import { aRun, writeReport } from '../support/html-report.ts';
import { type Png, readPng } from '../support/png.ts';
import { lineOf } from '../support/queue-model.ts';

const lab = new PageLab();
after(() => lab.close());

const SPANS_MS = { permit: 100, network: 100, queue: 100, service: 100, download: 100 };
/** Every phase, one after another, with the server's word and without. */
const LINES = [
  lineOf(0, 0, [
    {
      ...{ lane: 0, outcome: 'ok' as const, status: 200, startedMs: 100, endedMs: 500, phasesMs: SPANS_MS },
      server: { worker: '1', workers: 1, arrivedMs: 200, doubtMs: 0 },
    },
  ]),
  lineOf(1, 0, [
    {
      ...{ lane: 1, outcome: 'ok' as const, status: 200, startedMs: 100, endedMs: 500 },
      phasesMs: { permit: 100, network: 100, ttfb: 200, download: 100 },
    },
  ]),
];
/** In the middle of each piece, in the order of its row. */
const PROBES_MS = [
  [50, 150, 250, 350, 450],
  [50, 150, 300, 450],
];
const VISIONS = ['none', 'protanopia', 'deuteranopia', 'tritanopia', 'achromatopsia'] as const;

interface Seen {
  readonly colour: string;
  /** Share of the row. */
  readonly height: number;
}

/** The piece's own colour, a little above its foot, and up to where it has that; a hatch has holes. */
function pieceAt(png: Png, x: number, row: { top: number; bottom: number }): Seen {
  const surface = png.at(2, row.top - 2);
  const across = (y: number): string[] => [-2, -1, 0, 1, 2].map(dx => png.at(x + dx, y));
  const inks = [3, 4, 5].flatMap(up => across(row.bottom - up));
  const colour = inks.find(ink => ink !== surface) ?? surface;
  let top = row.bottom;
  // Where an edge lies within a pixel, that one is a blend of two colours, and not of the piece.
  for (let y = row.bottom - 1; y >= row.top; y--) if (across(y).includes(colour)) top = y;
  return { colour, height: (row.bottom - top) / (row.bottom - row.top) };
}

for (const scheme of ['light', 'dark'] as const) {
  test(`what touches is told apart, ${scheme}`, async () => {
    const { html } = await writeReport([{ run: aRun({ concurrency: 2 }), lines: LINES }]);
    const opened = await lab.open(html, { colorScheme: scheme });
    await settle(opened);
    const rows = await opened.ask<{ top: number; bottom: number; xs: number[] }[]>(
      `${JSON.stringify(PROBES_MS)}.map((probes, lane) => {
        const strip = paceline.app.runs[0].client, shown = paceline.app.view.window;
        const row = strip.model.data.laneFirst[lane];
        const { top, bottom } = strip.placeOf(row, lane, shown);
        const box = strip.plot.canvas.getBoundingClientRect();
        return { top: Math.round(box.top + top), bottom: Math.round(box.top + bottom),
          xs: probes.map(ms => Math.round(box.left + strip.plot.x(ms * 1000, shown)) + 12) };
      })`,
    );
    const session = await opened.page.context().newCDPSession(opened.page);
    for (const vision of VISIONS) {
      await session.send('Emulation.setEmulatedVisionDeficiency', { type: vision });
      const png = readPng(await opened.page.screenshot());
      for (const { top, bottom, xs } of rows) {
        const pieces = xs.map(x => pieceAt(png, x, { top, bottom }));
        if (vision === 'none')
          assert.equal(pieces.at(1)?.colour, PALETTES[scheme].kinds.network, 'the probe misses');
        for (const [i, piece] of pieces.slice(1).entries()) {
          const before = pieces[i] as Seen;
          const apart = difference(seen(before.colour, 'normal'), seen(piece.colour, 'normal'));
          assert.ok(
            apart >= 10 || Math.abs(before.height - piece.height) >= 0.2,
            `${vision}, piece ${i + 2}: ΔE ${apart.toFixed(1)}, ${before.height} against ${piece.height} high`,
          );
        }
      }
    }
    await opened.close();
  });
}
