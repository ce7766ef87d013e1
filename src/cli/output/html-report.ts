// The HTML report with what it needs of this machine: its page, which the build makes, and a compressor.
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { PacelineError } from '../../base/errors.ts';
import { htmlReport } from '../../reports/html.ts';
import type { OpenReport } from '../../reports/report.ts';

/** In a checkout the built page lies in `dist`; in the package it lies beside this code. */
function pageFile(self: string): URL {
  return new URL(self.endsWith('.ts') ? '../../../dist/report-page.html' : './report-page.html', self);
}

/** Smallest files; a million attempts take some seconds of one core. */
const LEVEL = 9;

/**
 * `self` is where this code itself runs from; only tests give it.
 * @throws ERR_ENV_PAGE when the page was not built
 */
export function openHtmlReport(self: string = import.meta.url): OpenReport {
  return htmlReport({
    template: readPage(pageFile(self)),
    compress: bytes => deflateRawSync(bytes, { level: LEVEL }),
  });
}

function readPage(file: URL): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PacelineError(
      'ERR_ENV_PAGE',
      'The page of the HTML report is missing. In a checkout, build it: npm run build. ' +
        'Otherwise install paceline anew.',
      { cause: error },
    );
  }
}
