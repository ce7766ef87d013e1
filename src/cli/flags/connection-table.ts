// The flags that say how connections are made, as curl has them.
import type { Flag } from './flag.ts';

export const CONNECTION_FLAGS = {
  insecure: {
    kind: 'switch',
    short: 'k',
    help: 'accept any TLS certificate',
    commands: ['fetch', 'compare', 'find'],
  },
  cacert: {
    kind: 'text',
    value: 'FILE',
    fallback: "Node's own, and NODE_EXTRA_CA_CERTS",
    help: 'trust the authorities in this PEM file, and no other',
    commands: ['fetch', 'find'],
  },
  proxy: {
    kind: 'text',
    short: 'x',
    value: '[NAME:PASSWORD@]HOST:PORT',
    fallback: 'none; HTTP_PROXY and its like are not looked at',
    help: 'send by way of this HTTP proxy',
    commands: ['fetch', 'find'],
  },
  'unix-socket': {
    kind: 'text',
    value: 'PATH',
    help: 'connect to this socket, whatever host a URL names',
    commands: ['fetch', 'find'],
  },
} as const satisfies Readonly<Record<string, Flag>>;
