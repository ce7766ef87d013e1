// The rules of the house as tables: who may import whom, which texts are banned and what stands in their place.

/** A row reads "may import": a folder of `src`, or one file of it. Its own folder goes without saying. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  workload: ['base'],
  model: ['base'],
  platform: ['base'],
  input: ['model', 'base'],
  control: ['model', 'base'],
  engine: ['control', 'model', 'base'],
  transports: ['engine/ports.ts', 'model', 'base'],
  executors: ['engine', 'transports', 'platform', 'control', 'model', 'base'],
  simulation: ['executors/in-process.ts', 'engine', 'control', 'workload', 'model', 'base'],
  trace: ['model', 'base'],
  timeline: ['trace', 'model', 'base'],
  reports: ['timeline', 'trace', 'model', 'base'],
  page: ['timeline', 'model', 'base'],
  'slow-server': ['control', 'workload', 'platform', 'base'],
  'run.ts': ['simulation', 'executors', 'transports', 'engine', 'control', 'platform', 'model', 'base'],
  library: ['run.ts', 'executors', 'input', 'engine', 'control', 'platform', 'model', 'base'],
  cli: [
    ...['run.ts', 'slow-server', 'reports', 'timeline', 'trace', 'simulation', 'workload', 'input'],
    ...['engine', 'executors', 'control', 'platform', 'model', 'base'],
  ],
  'index.ts': [
    ...['library', 'run.ts', 'executors/functions.ts', 'model', 'trace', 'timeline', 'simulation', 'engine'],
    ...['control/semaphore.ts', 'control/finder', 'base/errors.ts'],
  ],
};

/** Here nothing reaches the machine: the same code runs on a virtual clock, in a worker and in a page. */
export const PURE_FOLDERS = [
  ...[
    'base',
    'workload',
    'model',
    'input',
    'control',
    'engine',
    'simulation',
    'trace',
    'timeline',
    'reports',
  ],
];

/** What somebody may have installed beside the package, by the one file that looks for it. */
export const OPTIONAL_PEER: Readonly<Record<string, string>> = { 'src/platform/resvg.ts': '@resvg/resvg-js' };

export interface BannedText {
  readonly text: RegExp;
  readonly instead: string;
  /** Paths that begin so may use it. */
  readonly allowedIn: readonly string[];
}

const CLOCKS = ['src/platform/', 'src/page/', 'bench/', 'tools/', 'examples/'];

/** Applied to every source file; `.ts`, `.cjs`, `.mjs`. */
export const BANNED: readonly BannedText[] = [
  {
    text: /\bDate\.now\(|\bnew Date\(/,
    instead: 'a clock or an instant handed in',
    allowedIn: [...CLOCKS, 'test/'],
  },
  { text: /\bperformance\.now\(/, instead: 'clock.now()', allowedIn: [...CLOCKS, 'test/'] },
  { text: /\bprocess\.hrtime\b/, instead: 'clock.now()', allowedIn: CLOCKS },
  { text: /\bMath\.random\(/, instead: 'the Random handed in', allowedIn: ['src/platform/'] },
  {
    text: /\bset(Timeout|Interval)\(/,
    instead: 'clock.schedule(); in tests the virtual clock, at the edges an awaited event',
    allowedIn: [...CLOCKS, 'test/support/'],
  },
  { text: /\b(FIXME|TODO|XXX)\b/, instead: 'finish it, or open an issue', allowedIn: [] },
  { text: /\b(test|it|describe)\.(only|skip|todo)\(/, instead: 'the whole test, run', allowedIn: [] },
  {
    text: /^(?!\s*(\*|\/\/)).*\bconsole\.log\(/,
    instead: 'process.stdout for data, stderr for talk',
    allowedIn: ['bench/', 'examples/'],
  },
  { text: /@ts-(ignore|nocheck)/, instead: '@ts-expect-error with its reason', allowedIn: [] },
  { text: /\bpending\b/i, instead: '"waiting" or "in flight"', allowedIn: ['bench/peers/'] },
  {
    text: /(?<!node:|nodejs\.)\b(utils?|helpers?|managers?)\b/i,
    instead: 'the name of what it does',
    allowedIn: ['bench/peers/'],
  },
];

/** What may lie in the root. A new file there needs a row here, and so a reason. */
export const ROOT_ENTRIES = [
  ...[
    '.ci',
    '.gitignore',
    '.npmrc',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'bench',
    'bin',
  ],
  ...['biome.json', 'docs', 'examples', 'package-lock.json', 'package.json', 'src', 'test', 'tools'],
  ...['tsconfig.json'],
];

/** Written before its caller, and who will call it. A row goes when its file is imported; a test says so. */
export const AHEAD: Readonly<Record<string, string>> = {};

export const LINES_PER_FILE_MAX = 300;
export const LINES_PER_FUNCTION_MAX = 70;
export const CHARACTERS_PER_LINE_MAX = 120;
