// The flags that say how a run treats its servers: how often, how much of each host, and what is sent again.
import type { Flag } from './flag.ts';

const CLIENT = ['fetch', 'compare', 'simulate'] as const;
const SENDING = ['fetch', 'compare'] as const;

/** One address has no more ports than this towards one server. */
export const CONCURRENCY_MAX = 65_535;

export const POLITE_FLAGS = {
  'max-concurrency': {
    kind: 'count',
    value: 'N',
    min: 1,
    max: CONCURRENCY_MAX,
    maxReason: 'one address has no more ports towards one server',
    fallback: '1000',
    help: 'attempts in flight at most, over all hosts, whatever -c auto finds',
    commands: [...CLIENT, 'find'],
  },
  'pace-from': {
    kind: 'text',
    value: 'FILE',
    help: 'with -c auto: begin with what the run of the record FILE found of each host',
    commands: [...SENDING, 'find'],
  },
  'per-host': {
    kind: 'count',
    value: 'N',
    min: 1,
    max: CONCURRENCY_MAX,
    maxReason: 'one address has no more ports towards one server',
    fallback: 'none',
    help: 'attempts in flight for one host at most',
    commands: CLIENT,
  },
  rate: {
    kind: 'text',
    short: 'r',
    value: 'R',
    fallback: 'none',
    help: 'starts at most, such as 10/s or 100/min; retries count',
    commands: CLIENT,
  },
  'host-rate': {
    kind: 'text',
    value: 'R',
    fallback: 'none',
    help: 'the same for each host',
    commands: CLIENT,
  },
  burst: {
    kind: 'count',
    value: 'N',
    min: 1,
    max: 65_536,
    maxReason: 'each of its starts is remembered',
    fallback: '1',
    help: 'starts at once after a quiet time, for both rates',
    commands: CLIENT,
  },
  retries: {
    kind: 'count',
    value: 'N',
    min: 0,
    max: 1000,
    maxReason: 'a server that fails so often needs no more requests',
    fallback: '2',
    help: 'send a request again at most so many times',
    commands: CLIENT,
  },
  'retry-on': {
    kind: 'text',
    value: 'LIST',
    fallback: '408,429, 500,502,503,504, timeout,connection',
    help: 'what is sent again; default,!500 takes one out, 5xx a class in',
    commands: CLIENT,
  },
  'retry-delay': {
    kind: 'duration',
    value: 'D',
    min: 0,
    fallback: '500ms',
    help: 'the first backoff is drawn from 0 to D, the next from 0 to 2 × D, …',
    commands: CLIENT,
  },
  'retry-max-delay': {
    kind: 'duration',
    value: 'D',
    min: 0,
    fallback: '5m',
    help: 'no longer backoff, and no waiting for a server that asks for more',
    commands: CLIENT,
  },
  'retry-unsafe': {
    kind: 'switch',
    help: 'send again also a POST that may have been carried out',
    commands: CLIENT,
  },
  location: { kind: 'switch', short: 'L', help: 'follow redirects', commands: SENDING },
  'max-redirs': {
    kind: 'count',
    value: 'N',
    min: 0,
    max: 100,
    maxReason: 'no chain is so long that leads anywhere',
    fallback: '10',
    help: 'with -L: follow at most so many for one request',
    commands: SENDING,
  },
  'retry-budget': {
    kind: 'percent',
    value: 'N%',
    fallback: 'none',
    help: 'retries of the whole run, in percent of its requests',
    commands: CLIENT,
  },
} as const satisfies Readonly<Record<string, Flag>>;
