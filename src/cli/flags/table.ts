// Every flag of every command, as one table: the parser, the help and the messages all read these rows.
// A number has its unit and its bounds here, and the reason for a bound where a user might ask.

import { CONNECTION_FLAGS } from './connection-table.ts';
import type { Flag } from './flag.ts';
import { CONCURRENCY_MAX, POLITE_FLAGS } from './polite-table.ts';
import { REPORT_FLAGS } from './report-table.ts';
import { SCENARIO_FLAGS } from './scenario-table.ts';
import { STOP_FLAGS } from './stop-table.ts';

const CLIENT = ['fetch', 'compare', 'simulate'] as const;
const SENDING = ['fetch', 'compare', 'find'] as const;
/** Those that wait for somebody. */
const WAITING = [...CLIENT, 'find'] as const;
const SERVER = ['compare', 'simulate'] as const;
const EVERY = ['fetch', 'serve', 'compare', 'simulate', 'demo', 'report', 'find'] as const;

const WORKERS_MAX = 256;
const WORKERS_REASON = 'each is a thread or process with an engine of its own';

export const FLAGS = {
  input: {
    kind: 'text',
    short: 'i',
    many: true,
    value: 'FILE|-',
    help: 'read requests: each line a URL or a JSON object',
    commands: ['fetch'],
  },
  'input-format': {
    kind: 'choice',
    choices: ['urls', 'ndjson', 'vegeta', 'curl', 'har'],
    fallback: 'URLs and JSON, told line by line',
    help: 'what --input holds',
    commands: ['fetch'],
  },
  repeat: {
    kind: 'count',
    short: 'n',
    value: 'N',
    min: 1,
    max: 1e9,
    maxReason: 'more would take a day at any speed',
    fallback: '1',
    help: 'the whole input N times',
    commands: ['fetch'],
  },
  requests: {
    kind: 'count',
    short: 'n',
    value: 'N',
    min: 1,
    max: 1e8,
    maxReason: 'the table is kept in memory',
    fallback: '9',
    help: 'how many requests',
    helpIn: { find: 'requests at most (200)' },
    commands: [...SERVER, 'find'],
  },
  strategy: {
    kind: 'text',
    short: 'S',
    value: 'NAME',
    fallback: 'semaphore',
    help: 'sequential, async, semaphore, threads or processes',
    commands: WAITING,
  },
  concurrency: {
    kind: 'limit',
    short: 'c',
    value: 'N',
    words: ['auto', 'oracle'],
    min: 1,
    max: CONCURRENCY_MAX,
    maxReason: 'one address has no more ports towards one server',
    fallback: '10',
    help: 'attempts in flight at most, over all hosts; unlimited; or auto, which finds what the server bears',
    helpIn: {
      fetch:
        'attempts in flight at most, over all hosts, or unlimited; auto finds what each server bears (auto)',
      simulate:
        'attempts in flight at most (3), unlimited, or auto, which finds what the server bears; with --scenario ' +
        'auto (the default), oracle or N',
    },
    commands: CLIENT,
  },
  workers: {
    kind: 'count',
    short: 'w',
    value: 'N',
    min: 1,
    max: WORKERS_MAX,
    maxReason: WORKERS_REASON,
    fallback: 'cores, at most -c',
    help: 'worker threads or processes',
    commands: ['fetch', 'compare', 'simulate', 'serve', 'find'],
  },
  ...POLITE_FLAGS,
  'connect-timeout': {
    kind: 'duration',
    value: 'D',
    min: 1,
    fallback: '10s',
    help: 'for a connection to stand',
    commands: WAITING,
  },
  'headers-timeout': {
    kind: 'duration',
    value: 'D',
    min: 1,
    fallback: '30s',
    help: 'from sending to the whole response head',
    commands: WAITING,
  },
  'body-timeout': {
    kind: 'duration',
    value: 'D',
    min: 1,
    fallback: '30s',
    help: 'for the longest silence inside a body',
    commands: WAITING,
  },
  timeout: {
    kind: 'duration',
    short: 'm',
    value: 'D',
    min: 1,
    fallback: 'none',
    help: 'for one request in all',
    commands: WAITING,
  },
  ...STOP_FLAGS,
  method: {
    kind: 'text',
    short: 'X',
    value: 'NAME',
    fallback: 'GET, or POST with -d',
    help: 'the method',
    commands: SENDING,
  },
  header: {
    kind: 'text',
    short: 'H',
    many: true,
    value: "'NAME: VALUE'",
    help: 'add a header to every request',
    commands: SENDING,
  },
  data: { kind: 'text', short: 'd', value: 'TEXT|@FILE', help: 'send this body', commands: SENDING },
  ...CONNECTION_FLAGS,
  'max-body': {
    kind: 'size',
    value: 'SIZE',
    min: 1,
    fallback: '64MiB',
    help: 'a larger body ends as too_large',
    commands: SENDING,
  },
  output: {
    kind: 'text',
    short: 'o',
    value: 'FILE',
    help: 'write the record there',
    helpIn: { report: 'the report; its ending chooses the format' },
    commands: ['fetch', 'compare', 'simulate', 'report'],
  },
  ...REPORT_FLAGS,
  resume: {
    kind: 'switch',
    help: 'go on from the record named by -o: what has an outcome there is not sent again',
    commands: ['fetch'],
  },
  'retry-failed': {
    kind: 'switch',
    help: 'with --resume: send again what did not end ok',
    commands: ['fetch'],
  },
  body: {
    kind: 'choice',
    choices: ['auto', 'text', 'base64', 'none'],
    fallback: 'auto',
    help: 'what the record keeps of a body; auto: text up to 64 KiB',
    commands: ['fetch'],
  },
  'output-dir': {
    kind: 'text',
    value: 'DIR',
    help: 'save the body of each ok response as a file there, under a name of its own',
    commands: ['fetch'],
  },
  format: {
    kind: 'choice',
    choices: ['ndjson', 'csv', 'body'],
    fallback: 'ndjson',
    help: 'what goes to stdout',
    commands: ['fetch'],
  },
  ordered: { kind: 'switch', help: 'outcomes in the order of the input', commands: ['fetch'] },
  handler: {
    kind: 'text',
    value: 'FILE',
    help: 'a module called with each response; one that never settles outlasts the first ^C, unless -m bounds it',
    commands: ['fetch'],
  },
  'dry-run': { kind: 'switch', help: 'show what would be sent, and send nothing', commands: ['fetch'] },
  port: {
    kind: 'count',
    value: 'N',
    min: 0,
    max: 65_535,
    maxReason: 'there are no more ports',
    fallback: '8000',
    help: 'the port; 0 for any free one',
    commands: ['serve'],
  },
  host: { kind: 'text', value: 'ADDRESS', fallback: '127.0.0.1', help: 'the address', commands: ['serve'] },
  'server-workers': {
    kind: 'count',
    value: 'N',
    min: 1,
    max: 10_000,
    maxReason: 'the model is meant for one server',
    fallback: '3',
    help: 'workers of the server',
    helpIn: { fetch: 'with --dry-run --delay: workers of the modelled server (3)' },
    commands: ['fetch', ...SERVER],
  },
  delay: {
    kind: 'text',
    value: 'D',
    fallback: '1s',
    help: 'how long the server takes: 1s, 1s~20%, exp(200ms), lognormal(200ms,0.5)',
    helpIn: { fetch: 'with --dry-run: say how long it would take if the server takes so long' },
    commands: ['fetch', 'serve', ...SERVER],
  },
  cpu: {
    kind: 'duration',
    value: 'D',
    help: 'burn CPU for so long for each request',
    commands: ['serve', ...SERVER],
  },
  backlog: {
    kind: 'count',
    value: 'N',
    min: 0,
    max: 1e6,
    maxReason: 'each waiting request holds memory',
    help: 'places in the queue of the server; a full one answers 503',
    commands: ['serve', ...SERVER],
  },
  'rate-limit': {
    kind: 'text',
    value: 'R',
    help: 'the server answers 429 above R, such as 10/s',
    commands: ['serve', ...SERVER],
  },
  'worker-class': {
    kind: 'choice',
    choices: ['sync', 'async'],
    fallback: 'sync',
    help: 'sync: one request at a time for each worker',
    commands: ['serve', ...SERVER],
  },
  rtt: {
    kind: 'duration',
    value: 'D',
    fallback: '0ms',
    help: 'round trip of the network',
    commands: ['simulate'],
  },
  ...SCENARIO_FLAGS,
  json: { kind: 'switch', help: 'the table for machines', commands: SERVER },
  seed: {
    kind: 'count',
    value: 'N',
    min: 0,
    max: 2 ** 32 - 1,
    maxReason: 'a seed has 32 bits',
    fallback: 'drawn, and printed',
    help: 'all random choices follow from it',
    commands: ['fetch', 'serve', 'find', ...SERVER],
  },
  quiet: { kind: 'switch', short: 'q', help: 'say nothing but errors', commands: EVERY },
  'no-progress': {
    kind: 'switch',
    help: 'no progress line',
    commands: ['fetch', 'compare', 'simulate', 'demo', 'find'],
  },
  verbose: {
    kind: 'switch',
    short: 'v',
    help: 'the plan at the start, and each request that did not end ok, as it ends; with --dry-run all requests',
    commands: ['fetch'],
  },
  help: { kind: 'switch', short: 'h', help: 'show this', commands: EVERY },
} as const satisfies Readonly<Record<string, Flag>>;

export type FlagName = keyof typeof FLAGS;
