import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacelineError } from '../../../src/base/errors.ts';
import type { CommandName } from '../../../src/cli/flags/flag.ts';
import { parseFlags } from '../../../src/cli/flags/parse.ts';

test('flags are read in every form that people write them', async () => {
  const cases: [words: string, flags: object, operands?: string[]][] = [
    ['', {}],
    ['http://a/ http://b/', {}, ['http://a/', 'http://b/']],
    ['-c3', { concurrency: 3 }],
    ['-c 3', { concurrency: 3 }],
    ['--concurrency=3', { concurrency: 3 }],
    ['-c 1e3', { concurrency: 1000 }],
    ['-c unlimited', { concurrency: Number.POSITIVE_INFINITY }],
    ['-c 3 -c 4', { concurrency: 4 }],
    ['-qvk', { quiet: true, verbose: true, insecure: true }],
    ['-r 10/s --burst 5 --per-host 2', { rate: '10/s', burst: 5, 'per-host': 2 }],
    [
      '--max-duration 5m --fail-early --max-errors 5% --check p95<2s --check status<400',
      {
        'max-duration': 300_000,
        'fail-early': true,
        'max-errors': '5%',
        check: ['p95<2s', 'status<400'],
      },
    ],
    ['--retry-budget 20% --retries 0', { 'retry-budget': 0.2, retries: 0 }],
    ['-kc3', { insecure: true, concurrency: 3 }],
    ['--no-progress', { 'no-progress': true }],
    ['-i - -i a.txt', { input: ['-', 'a.txt'] }],
    ['-H a:1 --header b:2', { header: ['a:1', 'b:2'] }],
    ['-m 1.5s --connect-timeout=250ms', { timeout: 1500, 'connect-timeout': 250 }],
    ['--max-body 1MiB', { 'max-body': 1_048_576 }],
    ['--format csv --body none', { format: 'csv', body: 'none' }],
    ['-c 3 -- -q', { concurrency: 3 }, ['-q']],
    ['--data=--quiet', { data: '--quiet' }],
    ['--data -5', { data: '-5' }],
    ['-n 5 http://a/ --ordered', { repeat: 5, ordered: true }, ['http://a/']],
  ];
  for (const [words, flags, operands = []] of cases) {
    const line = await parseFlags('fetch', words.split(' ').filter(Boolean));
    assert.deepEqual({ ...line.flags }, flags, words);
    assert.deepEqual(line.operands, operands, words);
  }
});

test('-n is what it means for each command', async () => {
  assert.deepEqual({ ...(await parseFlags('simulate', ['-n', '7'])).flags }, { requests: 7 });
  assert.deepEqual({ ...(await parseFlags('fetch', ['-n', '7'])).flags }, { repeat: 7 });
});

test('the order of inputs and URLs is kept', async () => {
  const { words } = await parseFlags('fetch', ['http://a/', '-i', 'one', 'http://b/', '-itwo', '-q']);
  assert.deepEqual(words, [
    { flag: null, text: 'http://a/' },
    { flag: 'input', text: 'one' },
    { flag: null, text: 'http://b/' },
    { flag: 'input', text: 'two' },
  ]);
});

test('a command line that cannot be understood is refused with what to do', async () => {
  const help = 'All flags: paceline fetch --help';
  const cases: [words: string, message: string, command?: CommandName][] = [
    ['--concurency 3', `There is no flag --concurency. Did you mean --concurrency? ${help}`],
    ['--conc 3', `There is no flag --conc. Did you mean --concurrency? ${help}`],
    ['--hedaer=a', `There is no flag --hedaer. Did you mean --header? ${help}`],
    ['--zebra', `There is no flag --zebra. ${help}`],
    ['-Z', `There is no flag -Z. ${help}`],
    ['--constructor', `There is no flag --constructor. ${help}`],
    ['--__proto__=1', `There is no flag --__proto__. ${help}`],
    ['--http2', `--http2 does not exist yet in this version. ${help}`],
    ['--retry-budget 20', "--retry-budget: expected a percentage such as 20%, got '20'."],
    ['--port 80', `There is no flag --port. Did you mean --report? ${help}`],
    ['-r 1', 'There is no flag -r. All flags: paceline serve --help', 'serve'],
    ['-c', '-c needs a value: -c N.'],
    ['--output', '--output needs a value: --output FILE.'],
    [
      '-o --format csv',
      '-o needs a value, and the next word is the flag --format. If it is the value, write -o--format.',
    ],
    [
      '--output -q',
      '--output needs a value, and the next word is the flag -q. If it is the value, write --output=-q.',
    ],
    ['--quiet=yes', "--quiet takes no value, got 'yes'."],
    ['-c 0', '-c 0: nothing could ever start. At least 1, or unlimited.'],
    ['-c -1', '-c -1: at least 1.'],
    ['-c 1e9', '-c 1e9: at most 65535: one address has no more ports towards one server.'],
    ['-c Auto', "-c: expected a whole number, auto or unlimited, got 'Auto'."],
    ['-c 2.5', "-c: expected a whole number, auto or unlimited, got '2.5'."],
    ['-c three', "-c: expected a whole number, auto or unlimited, got 'three'."],
    ['-c 0x10', "-c: expected a whole number, auto or unlimited, got '0x10'."],
    ['-n 0', '-n 0: at least 1.'],
    ['-w 1000', '-w 1000: at most 256: each is a thread or process with an engine of its own.'],
    ['-m 5', '-m: 5 has no unit. Write 5s or 5ms.'],
    ['--connect-timeout=soon', "--connect-timeout: expected a duration such as 250ms, 1s or 2m, got 'soon'."],
    ['-m 0s', '-m 0s: at least 1ms. Leave it out for the default.'],
    ['--max-duration 0', '--max-duration 0: at least 1ms. Leave it out for the default.'],
    ['--max-body big', "--max-body: expected a size such as 512, 64kB or 1MiB, got 'big'."],
    ['--format xml', "--format: expected ndjson, csv, body, got 'xml'."],
    ['--output=', '--output needs a value, got an empty one.'],
  ];
  for (const [words, message, command = 'fetch'] of cases) {
    await assert.rejects(parseFlags(command, words.split(' ')), (error: unknown) => {
      assert.ok(error instanceof PacelineError, `${words}: ${error}`);
      assert.equal(error.message, message);
      assert.match(error.code, /^ERR_OPTION_/);
      return true;
    });
  }
});
