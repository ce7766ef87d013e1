// Which report an ending means. A row here is all that a new format needs; each is loaded when it is asked for.
import { PacelineError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import type { OpenReport } from '../../reports/report.ts';

export interface ReportFormat {
  /** With its dot, in lower case. */
  readonly ending: string;
  readonly says: string;
  /** What `--width` means, and what it is when it is not given; left out where it means nothing. */
  readonly width?: { readonly unit: 'pixels' | 'columns'; readonly fallback: number; readonly min: number };
  readonly load: () => Promise<OpenReport>;
}

export const REPORT_FORMATS: readonly ReportFormat[] = [
  {
    ending: '.svg',
    says: 'the picture, for pages and documents',
    width: { unit: 'pixels', fallback: 820, min: 320 },
    load: async () => (await import('../../reports/svg/svg-report.ts')).openSvgReport,
  },
  {
    ending: '.png',
    says: 'the picture, for what takes no .svg',
    width: { unit: 'pixels', fallback: 820, min: 320 },
    load: loadPng,
  },
  {
    ending: '.html',
    says: 'a page to look around in, for up to millions of requests',
    load: async () => (await import('../output/html-report.ts')).openHtmlReport(),
  },
  {
    ending: '.txt',
    says: 'the picture as text',
    width: { unit: 'columns', fallback: 100, min: 20 },
    load: async () => (await import('../../reports/text-report.ts')).openTextReport,
  },
  {
    ending: '.csv',
    says: 'a row for each request, for spreadsheets',
    load: async () => (await import('../../reports/exports/csv.ts')).openCsv,
  },
  {
    ending: '.pftrace',
    says: 'for ui.perfetto.dev',
    load: async () => (await import('../../reports/exports/perfetto.ts')).openPerfetto,
  },
  {
    ending: '.trace.json',
    says: "Chrome's trace events",
    load: async () => (await import('../../reports/exports/chrome-trace.ts')).openChromeTrace,
  },
  {
    ending: '.har',
    says: 'HTTP archive, for browsers and proxies',
    load: async () => (await import('../../reports/exports/har.ts')).openHarReport,
  },
  {
    ending: '.otlp.json',
    says: 'OpenTelemetry spans',
    load: async () => (await import('../../reports/exports/otlp.ts')).openOtlp,
  },
];

async function loadPng(): Promise<OpenReport> {
  const [{ pngDrawer }, { pngReport }] = await Promise.all([
    import('../output/png-drawer.ts'),
    import('../output/png-report.ts'),
  ]);
  return pngReport(await pngDrawer());
}

/** @param written the flag, as a message calls it @throws ERR_OPTION_INVALID for an ending that means no format */
export function formatOf(path: string, written: string): ReportFormat {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
  const format = REPORT_FORMATS.find(({ ending }) => name.endsWith(ending) && name.length > ending.length);
  if (format) return format;
  const dot = name.lastIndexOf('.');
  const ending = dot === -1 ? '' : name.slice(dot);
  const endings = REPORT_FORMATS.map(one => one.ending);
  const guess = ending === '' ? undefined : nearest(ending, endings);
  const what = ending === '' ? 'has no ending that chooses a format' : `no report ends in ${ending}`;
  throw new PacelineError(
    'ERR_OPTION_INVALID',
    `${written} ${path}: ${what}.${guess === undefined ? '' : ` Did you mean ${guess}?`} ` +
      `Endings: ${endings.join(' ')}.`,
  );
}
