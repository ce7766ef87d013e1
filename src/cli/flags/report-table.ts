// The rows of the flag table about reports: where a run is drawn to, and how.
import type { Flag } from './flag.ts';

export const REPORT_FLAGS = {
  report: {
    kind: 'text',
    many: true,
    value: 'FILE',
    help: 'draw the run at its end; the ending chooses the format, as in paceline report',
    helpIn: {
      compare: 'draw all strategies on one axis; the ending chooses the format; repeatable',
      simulate: 'draw all strategies on one axis; the ending chooses the format; repeatable',
    },
    commands: ['fetch', 'compare', 'simulate', 'demo'],
  },
  record: {
    kind: 'text',
    value: 'FILE',
    help: 'the live picture as a recording for terminal players (asciicast v3), such as run.cast',
    commands: ['fetch', 'compare'],
  },
  theme: {
    kind: 'choice',
    choices: ['auto', 'light', 'dark'],
    fallback: 'auto',
    help: "colours of a picture; auto follows the reader's own setting",
    commands: ['report'],
  },
  width: {
    kind: 'count',
    value: 'N',
    min: 20,
    max: 10_000,
    maxReason: 'no screen is wider',
    fallback: '820 px, 100 columns',
    help: 'width of a picture in pixels, or of text in columns',
    commands: ['report'],
  },
  charset: {
    kind: 'choice',
    choices: ['auto', 'unicode', 'ascii'],
    fallback: 'unicode',
    help: 'characters of a .txt; auto: what the locale can show',
    helpIn: {
      fetch: 'characters of pictures (auto: what the terminal can show)',
      compare: 'characters of pictures (auto: what the terminal can show)',
      simulate: 'characters of pictures (auto: what the locale can show)',
    },
    commands: ['fetch', 'compare', 'simulate', 'report'],
  },
} as const satisfies Readonly<Record<string, Flag>>;
