// Which of curl's options are understood: those that shape a request, and those that only say what to do around it
// (where output goes, retries, TLS), which are the run's own business here. Any other may change the request in
// a way that would go unnoticed, so it is refused by name.

/** Options with a value that shape a request. */
const SHAPING_VALUES = [
  ...['url', 'request', 'header', 'user', 'oauth2-bearer', 'user-agent', 'referer', 'cookie', 'range'],
  ...['data', 'data-ascii', 'data-raw', 'data-binary', 'data-urlencode', 'json', 'max-time'],
] as const;
/** Switches that do. */
const SHAPING_SWITCHES = ['get', 'head', 'compressed', 'globoff', 'basic', 'next'] as const;

export type ShapingOption = (typeof SHAPING_VALUES)[number] | (typeof SHAPING_SWITCHES)[number];

const IDLE_SWITCHES = [
  ...['silent', 'show-error', 'verbose', 'include', 'show-headers', 'fail', 'fail-with-body', 'fail-early'],
  ...['no-buffer', 'progress-bar', 'progress-meter', 'styled-output', 'no-progress-meter', 'disable'],
  ...['location', 'insecure', 'parallel', 'parallel-immediate', 'remote-name', 'remote-name-all'],
  ...['remote-header-name', 'remote-time', 'create-dirs', 'junk-session-cookies', 'tcp-nodelay', 'keepalive'],
  ...['http1.0', 'http1.1', 'http2', 'http2-prior-knowledge', 'http3', 'ipv4', 'ipv6', 'ssl-reqd', 'tlsv1'],
  ...['tlsv1.0', 'tlsv1.1', 'tlsv1.2', 'tlsv1.3', 'retry-connrefused', 'retry-all-errors', 'alpn'],
  ...['no-clobber', 'clobber', 'remove-on-error', 'trace-time', 'trace-ids', 'sessionid', 'buffer'],
];
const IDLE_VALUES = [
  ...['output', 'output-dir', 'write-out', 'dump-header', 'cookie-jar', 'stderr', 'trace', 'trace-ascii'],
  ...['connect-timeout', 'retry', 'retry-delay', 'retry-max-time', 'max-redirs', 'keepalive-time', 'rate'],
  ...[
    'parallel-max',
    'limit-rate',
    'speed-limit',
    'speed-time',
    'max-filesize',
    'tls-max',
    'create-file-mode',
  ],
  ...['ciphers', 'tls13-ciphers', 'curves', 'happy-eyeballs-timeout-ms', 'etag-save'],
];

/** Refused like any that is not listed; their values are known as such, so that none is taken for a URL. */
const REFUSED_VALUES = [
  ...['form', 'form-string', 'upload-file', 'proxy', 'proxy-user', 'preproxy', 'socks5', 'socks5-hostname'],
  ...['noproxy', 'config', 'cert', 'cert-type', 'key', 'key-type', 'pass', 'cacert', 'capath', 'resolve'],
  ...['connect-to', 'interface', 'unix-socket', 'time-cond', 'aws-sigv4', 'dns-servers', 'continue-at'],
  ...['request-target', 'url-query', 'variable', 'expand-url', 'expand-data', 'expand-header', 'proto'],
  ...['proto-default', 'doh-url', 'netrc-file', 'local-port', 'quote', 'etag-compare', 'hsts', 'alt-svc'],
];

export interface CurlOption {
  readonly name: string;
  readonly takesValue: boolean;
  /** Says nothing about the request. */
  readonly isIdle: boolean;
  readonly isRefused?: true;
}

function rows(names: readonly string[], takesValue: boolean, isIdle: boolean): [string, CurlOption][] {
  return names.map(name => [name, { name, takesValue, isIdle }]);
}

const OPTIONS: ReadonlyMap<string, CurlOption> = new Map([
  ...rows(SHAPING_VALUES, true, false),
  ...rows(SHAPING_SWITCHES, false, false),
  ...rows(IDLE_VALUES, true, true),
  ...rows(IDLE_SWITCHES, false, true),
  ...rows(REFUSED_VALUES, true, false).map(([name, row]): [string, CurlOption] => [
    name,
    { ...row, isRefused: true },
  ]),
]);

const LETTERS: Readonly<Record<string, string>> = {
  ...{ X: 'request', H: 'header', u: 'user', A: 'user-agent', e: 'referer', b: 'cookie', r: 'range' },
  ...{ d: 'data', m: 'max-time', G: 'get', I: 'head', g: 'globoff', ':': 'next' },
  ...{ s: 'silent', S: 'show-error', v: 'verbose', i: 'include', f: 'fail', N: 'no-buffer' },
  ...{ L: 'location', k: 'insecure', Z: 'parallel', O: 'remote-name', J: 'remote-header-name' },
  ...{ R: 'remote-time', q: 'disable', j: 'junk-session-cookies', '#': 'progress-bar', '4': 'ipv4' },
  ...{ '6': 'ipv6', '0': 'http1.0', '1': 'tlsv1', o: 'output', w: 'write-out', D: 'dump-header' },
  ...{ c: 'cookie-jar', y: 'speed-time', Y: 'speed-limit' },
  ...{ F: 'form', T: 'upload-file', x: 'proxy', U: 'proxy-user', K: 'config', E: 'cert', z: 'time-cond' },
  ...{ C: 'continue-at', Q: 'quote' },
};

/** An option by its letter; undefined for one that is not understood. */
export function optionByLetter(letter: string): CurlOption | undefined {
  return Object.hasOwn(LETTERS, letter) ? OPTIONS.get(LETTERS[letter] as string) : undefined;
}

/** An option by its long name without dashes; `no-` before a switch that says nothing is as good. */
export function optionByName(name: string): CurlOption | undefined {
  const option = OPTIONS.get(name);
  if (option) return option;
  const negated = name.startsWith('no-') ? OPTIONS.get(name.slice(3)) : undefined;
  return negated && !negated.takesValue && (negated.isIdle || NEGATABLE.has(negated.name))
    ? { ...negated, name }
    : undefined;
}

/** Switches that shape a request and can be taken back. */
const NEGATABLE = new Set(['get', 'head', 'compressed', 'globoff', 'basic']);
