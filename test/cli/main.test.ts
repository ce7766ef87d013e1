import assert from 'node:assert/strict';
import { test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { VERSION } from '../../src/base/version.ts';
import { main } from '../../src/cli/main.ts';
import { testIo } from '../support/test-io.ts';

async function run(...argv: string[]) {
  const io = testIo();
  const code = await main(argv, io);
  return { code, stdout: io.stdout.text(), stderr: io.stderr.text() };
}

test('the version is that of the package', async () => {
  assert.equal(VERSION, packageJson.version);
  assert.deepEqual(await run('--version'), {
    code: 0,
    stdout: `paceline ${packageJson.version}\n`,
    stderr: '',
  });
});

test('help goes to stdout, calls first, and every flag has its line', async () => {
  const overview = await run('--help');
  assert.equal(overview.code, 0);
  assert.match(overview.stdout, /paceline fetch +Sends the requests/);
  const { code, stdout, stderr } = await run('fetch', '--help');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(
    stdout,
    /^paceline fetch \[URL…\] \[flags\]\n.*\n\n {2}paceline fetch -i urls\.txt -o run\.ndjson/,
  );
  assert.match(stdout, /-c, --concurrency N +attempts in flight at most.*? \(auto\)\n/s);
  assert.doesNotMatch(stdout, /redis|undefined/);
});

test('no line of any help is wider than 80 columns', async () => {
  for (const argv of [[], ['fetch'], ['compare'], ['serve'], ['simulate'], ['report'], ['demo']]) {
    const { stdout } = await run(...argv, '--help');
    assert.deepEqual(
      stdout.split('\n').filter(line => line.length > 80),
      [],
      argv.join(),
    );
  }
});

test('what is not a command is answered with the nearest one', async () => {
  const cases: [argv: string[], stderr: string][] = [
    [['fecth'], "paceline: there is no command 'fecth'. Did you mean fetch? All commands: paceline --help\n"],
    [
      ['http://a/'],
      'paceline: a URL is not a command. To send it: paceline fetch URL. All commands: paceline --help\n',
    ],
    [['constructor'], "paceline: there is no command 'constructor'. All commands: paceline --help\n"],
    [['\x1b[2J'], "paceline: there is no command '\\x1b[2J'. All commands: paceline --help\n"],
    [['fetch', '--wat'], 'paceline: There is no flag --wat. All flags: paceline fetch --help\n'],
  ];
  for (const [argv, stderr] of cases) assert.deepEqual(await run(...argv), { code: 2, stdout: '', stderr });
});
