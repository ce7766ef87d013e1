// The help of a command: its most used calls first, then its flags. Loaded only when asked for.

import { wrapWords } from '../../reports/wrap-words.ts';
import { flagsOf } from './command-line.ts';
import type { CommandName, Flag } from './flag.ts';
import { FLAGS } from './table.ts';

interface CommandHelp {
  readonly usage: string;
  readonly says: string;
  /** Call and what it does, the most used first. */
  readonly calls: readonly (readonly [call: string, does: string])[];
  readonly notes?: readonly string[];
}

const LIVE_NOTE =
  'Keys while a picture is shown: q stop, p freeze, + - less or more time, l lanes or requests, s the workers of ' +
  'the server, ? shows them.';

const HELP: Readonly<Record<CommandName, CommandHelp>> = {
  demo: {
    usage: 'paceline demo',
    says: "Runs the talk's five programs against a slow API of its own, and shows what each costs and why.",
    calls: [['paceline', 'the same']],
  },
  fetch: {
    usage: 'paceline fetch [URL…] [flags]',
    says: 'Sends the requests, so many at a time, and streams a record of each.',
    calls: [
      [
        'paceline fetch -i urls.txt -o run.ndjson',
        'a file of URLs, as many at once as each server bears; the record to a file',
      ],
      ['paceline fetch -i urls.txt -o run.ndjson --resume', 'go on where a run was ended, by whatever'],
      ['paceline fetch -i urls.txt -c 50 --format body', 'at most 50 at once; the bodies alone'],
      [
        'paceline fetch -i urls.txt --output-dir bodies -o run.ndjson',
        'each body as a file; the record has its name',
      ],
      [
        "paceline fetch -i urls.txt --max-errors 5% --check 'p95<2s'",
        'ends when too many fail; exit 99 when it was too slow',
      ],
      ['paceline fetch -n 9 -c 3 http://127.0.0.1:8000/', 'the same URL nine times, three at once'],
      ['jq -c … | paceline fetch -i - | jq .status', 'between other programs'],
      [
        "paceline fetch -i calls.ndjson -H 'Authorization: Bearer …'",
        'JSON objects {url, method, headers, json}',
      ],
      ['paceline fetch -i saved.har --input-format har', 'what a browser did, once more'],
      [
        'paceline fetch -i urls.txt --dry-run --delay 200ms',
        'what would be sent, and how long it would take',
      ],
    ],
    notes: [
      'Formats of --input: urls and ndjson (lines of both kinds may be mixed), vegeta (targets), curl (a -K ' +
        'file, or lines of curl commands), har. docs/INPUTS.md has an example of each.',
      'Durations are written 250ms, 1s, 2m; sizes 64kB, 1MiB.',
      'Checks of each request: status attempts bytes service response queueing outcome; of the whole run: ' +
        'p50 p95 p99 max (of the response, or p95(service)), errors, status(5xx), outcome(timeout), requests, ' +
        'rate, duration.',
      '--pace-from FILE: a record without a finding is a warning; --resume begins with what its own record found.',
      'Exit: 0 all ok, 1 some failed, 2 usage, 3 a file could not be read or written, 4 --fail-early or ' +
        '--max-errors, 10 --max-duration, 99 a --check does not hold, 130 ^C, 143 SIGTERM. Of several the first ' +
        'of 2, 3, what ended the run first (130, 143, 4 or 10), 99, 1.',
      '^C once lets what is in flight finish; twice ends at once. The record is whole either way.',
      LIVE_NOTE,
    ],
  },
  find: {
    usage: 'paceline find URL… [flags]',
    says: 'Finds how many requests a server bears at once, or how many a second, with few requests and in little time.',
    calls: [
      ['paceline find http://127.0.0.1:8000/', 'at most 200 requests and 30 s'],
      ['paceline find -n 60 --max-duration 10s URL', 'fewer, and sooner'],
      ['paceline fetch -i urls.txt $(paceline find -q URL)', 'what was found, as flags'],
    ],
    notes: [
      'To stdout goes what was found, as flags of fetch: -c 3, or --rate 9.7/s; of several origins a line for each, ' +
        'the origin first. Only what may be asked again and again should be asked: nothing but GET is, without -X.',
      'Exit: as that of fetch, but 0 when the time is over and something was found; 1 when nothing was.',
    ],
  },
  compare: {
    usage: 'paceline compare [URL] [flags]',
    says: 'Runs one workload under several strategies: a table, the pictures, and what they show.',
    calls: [
      ['paceline compare', "the talk's five programs on a slow API of its own"],
      ['paceline compare -S async,semaphore -n 9 -c 3', 'two strategies, nine requests'],
      ['paceline compare -n 60 -c auto', 'the limit is found, not given'],
      ['paceline compare --cpu 200ms', 'with work for the processor in each response'],
    ],
    notes: [LIVE_NOTE],
  },
  simulate: {
    usage: 'paceline simulate [flags]',
    says: 'Runs the same engine on a virtual clock against a modelled server; nothing is sent.',
    calls: [
      ['paceline simulate -n 9 -c 3', 'nine requests, three at once, three workers of 1 s'],
      ['paceline simulate -n 1000000 -c 100 --server-workers 80', 'a million in seconds'],
      ['paceline simulate --scenario scenarios.json -c auto', 'how well the pace is found, as a score'],
    ],
  },
  serve: {
    usage: 'paceline serve [flags]',
    says: 'A slow web API to try things on: worker processes, each serving one request at a time.',
    calls: [
      ['paceline serve', 'three workers, one second a request, on http://127.0.0.1:8000'],
      ['paceline serve -w 8 --delay 200ms --port 0', 'eight workers, on any free port'],
      ["curl 'http://127.0.0.1:8000/?status=503:5&delay=2s'", 'one request told otherwise'],
    ],
  },
  report: {
    usage: 'paceline report RECORD… -o FILE',
    says: 'Draws records of fetch -o; the ending of FILE chooses the format. Several are drawn on one axis.',
    calls: [
      ['paceline report run.ndjson -o run.html', 'a page to look around in, for any number of requests'],
      ['paceline report run.ndjson -o run.svg', 'a picture for a page or a document'],
      ['paceline report a.ndjson b.ndjson -o both.svg', 'two runs, one below the other, on one axis'],
      ['paceline report - -o run.txt < run.ndjson', 'the picture of the terminal as text'],
    ],
    notes: [
      'Endings: .html, .svg, .png, .txt; for other programs .csv, .pftrace, .trace.json, .har, .otlp.json.',
      'A .png is drawn by @resvg/resvg-js where that is installed, else by a Chromium or Chrome of this machine.',
      'FILE is replaced in one step, when all of it is written.',
      'A record of a run that was killed is drawn up to where it ends, with a warning; a damaged one is refused.',
    ],
  },
};

const LEFT_COLUMNS_MAX = 34;
const RIGHT_COLUMNS_MIN = 24;

/** @param commands those that there are, in the order to show them @param width columns of the terminal */
export function helpOf(command: CommandName | null, commands: readonly CommandName[], width = 80): string {
  return command === null ? overview(commands, width) : commandHelp(command, width);
}

function overview(commands: readonly CommandName[], width: number): string {
  const rows = commands.map(name => [`paceline ${name}`, HELP[name].says] as const);
  return [
    ...wrapWords(
      'paceline sends many HTTP requests at once, at the pace the server can hold, and draws what happened.',
      width,
    ),
    '',
    ...columns(rows, width),
    '',
    'paceline COMMAND --help shows the most used calls and the flags of each.',
    '',
  ].join('\n');
}

function commandHelp(command: CommandName, width: number): string {
  const { usage, says, calls, notes = [] } = HELP[command];
  const flags = flagsOf(command).map(name => flagRow(name, FLAGS[name], command));
  return [
    usage,
    ...wrapWords(says, width),
    '',
    ...columns(calls, width),
    '',
    ...columns(flags, width),
    ...(notes.length > 0 ? ['', ...notes.flatMap(note => wrapWords(note, width))] : []),
    '',
  ].join('\n');
}

function flagRow(name: string, flag: Flag, command: CommandName): readonly [string, string] {
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
  const value = flag.kind === 'switch' ? '' : ` ${flag.value ?? flag.choices?.join('|')}`;
  const own = flag.helpIn?.[command];
  if (own !== undefined) return [`${short}--${name}${value}`, own];
  const fallback = flag.fallback === undefined ? '' : ` (${flag.fallback})`;
  return [`${short}--${name}${value}`, `${flag.help}${flag.many ? '; repeatable' : ''}${fallback}`];
}

/** Two columns; what is said on the right is broken between words and goes on below itself. */
function columns(rows: readonly (readonly [string, string])[], width: number): string[] {
  const left = Math.min(LEFT_COLUMNS_MAX, Math.max(...rows.map(([name]) => name.length)));
  return rows.flatMap(([name, says]) => {
    const [first = '', ...more] = wrapWords(says, Math.max(RIGHT_COLUMNS_MIN, width - left - 4));
    const indent = ' '.repeat(left + 4);
    const opening = name.length > left ? [`  ${name}`, indent + first] : [`  ${name.padEnd(left)}  ${first}`];
    return [...opening, ...more.map(line => indent + line)];
  });
}
