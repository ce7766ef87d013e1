// The flags that end a run before its input does, and those that say when it counts as failed.
import type { Flag } from './flag.ts';

const FETCH = ['fetch'] as const;

export const STOP_FLAGS = {
  'max-duration': {
    kind: 'duration',
    value: 'D',
    min: 1,
    fallback: 'none',
    help: 'for the whole run: then what is in flight is told to end, the rest is cancelled, exit 10',
    helpIn: { find: 'time at most (30s)' },
    commands: [...FETCH, 'find'],
  },
  'fail-early': {
    kind: 'switch',
    help: 'start nothing more after the first request that is not ok, its retries included; exit 4',
    commands: FETCH,
  },
  'max-errors': {
    kind: 'text',
    value: 'N|N%',
    fallback: 'none',
    help: 'the same after more than so many; a share is judged from 100 requests on and at the end',
    commands: FETCH,
  },
  check: {
    kind: 'text',
    value: 'EXPR',
    many: true,
    help: 'what has to hold for each request (status<400) or the whole run (p95<2s, errors<1%); else exit 99',
    commands: FETCH,
  },
} as const satisfies Readonly<Record<string, Flag>>;
