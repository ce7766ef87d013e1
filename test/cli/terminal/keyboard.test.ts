// The keyboard and the terminal's answers in earnest: the command on a pseudo-terminal, as the job of a small shell.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { answer, serverAndFolder } from '../../support/fetch-server.ts';
import { Pty, type PtyOptions, pacelineText, pacelineWords } from '../../support/pty.ts';
import { playedLines, readCast } from '../../support/read-cast.ts';
import { TerminalEmulator } from '../../support/terminal-emulator.ts';

const { server, folder } = await serverAndFolder();
const QUESTION = '\x1b[6n';
const USUAL = { lines: true, echo: true };
const EACH_KEY = { lines: false, echo: false };

let runs = 0;
/** `fetch` of four requests, three at once, that all wait until they are answered. */
const held = (...flags: readonly string[]): string[] => {
  const urls = Array<string>(4).fill(`${server.origin}/held`);
  return ['fetch', '-c', '3', '-o', folder.file(`run-${runs++}.ndjson`), ...flags, ...urls];
};

/** A terminal that says how wide its block is, after whatever is typed at that moment. */
const answering =
  (width: 1 | 2 = 1, typed = '') =>
  (output: string): string =>
    output.includes(QUESTION) ? `${typed}\x1b[1;${width + 1}R` : '';

function start(command: readonly string[], options: PtyOptions = {}): Pty {
  server.held.length = 0;
  server.onRequest = () => undefined;
  return new Pty(command, { answer: answering(), ...options });
}

/** Until a picture is shown and all that may be is in flight. */
async function shown(pty: Pty): Promise<void> {
  await server.untilHeld(3);
  await pty.until(output => output.includes('3 in flight'));
}

function answerAll(): void {
  for (const socket of server.held.splice(0)) answer(socket, 200, 'late');
  server.onRequest = () =>
    setImmediate(() => {
      for (const last of server.held.splice(0)) answer(last, 200, 'last');
    });
}

/** What has been written since something was done. */
async function after(pty: Pty, act: () => void, text: string): Promise<void> {
  const before = pty.output.length;
  act();
  await pty.until(output => output.slice(before).includes(text));
}

test('keys choose what is seen, q ends the run as ^C does, and the terminal is left as it was', async () => {
  const pty = start(pacelineWords(held()));
  await shown(pty);
  assert.deepEqual(await pty.modes(), EACH_KEY);
  await after(pty, () => pty.type('?'), 'q stop');
  await after(pty, () => pty.type('l'), 'lane 3');
  await after(pty, () => pty.type('s'), 'the server has named no worker yet');
  await after(pty, () => pty.type('+'), 's shown');
  await after(pty, () => pty.type('p'), 'frozen');
  await after(pty, () => pty.type('q'), 'Stopping. 3 in flight may finish; ^C again ends them now.');
  pty.type('qq'); // no more than once
  answerAll();
  const { code, modes } = await pty.ended();
  assert.equal(code, 130);
  assert.deepEqual(modes, USUAL);
  assert.match(pty.output, /3 ok · 1 cancelled · interrupted/);
});

test('^C ends the run, a second one at once, and the terminal is left as it was', async () => {
  const pty = start(pacelineWords(held()));
  await shown(pty);
  await after(pty, () => pty.type('\x03'), 'Stopping.');
  pty.type('\x03');
  const { code, modes } = await pty.ended();
  assert.deepEqual([code, modes], [130, USUAL]);
  assert.match(pty.output, /4 cancelled/);
});

test('^Z gives the terminal to the shell, fg takes it back, and the keys with it', async () => {
  const pty = start(pacelineWords(held()));
  await shown(pty);
  pty.type('\x1a');
  await pty.stopped();
  assert.deepEqual(await pty.modes(), USUAL);
  await after(pty, () => pty.goOn('foreground'), '3 in flight');
  await after(pty, () => pty.type('?'), 'q stop');
  assert.deepEqual(await pty.modes(), EACH_KEY);
  answerAll();
  const { code, modes } = await pty.ended();
  assert.deepEqual([code, modes], [0, USUAL]);
});

test('sent to the background it goes on to its end there, and leaves the terminal alone', async () => {
  const pty = start(pacelineWords(held()));
  await shown(pty);
  pty.type('\x1a');
  await pty.stopped();
  await after(pty, () => pty.goOn('background'), '3 in flight');
  assert.deepEqual(await pty.modes(), USUAL);
  answerAll();
  const { code, modes } = await pty.ended(); // it would wait for ever, were the run stopped again
  assert.deepEqual([code, modes], [0, USUAL]);
});

test('begun in the background it is not stopped, and takes no keys', async () => {
  const pty = start(['sh', '-c', `set -m; ${pacelineText(held())} & wait $!; echo "left $?"`]);
  await shown(pty);
  assert.deepEqual(await pty.modes(), USUAL);
  assert.ok(!pty.output.includes(QUESTION) && !pty.output.includes('? keys'));
  answerAll();
  await pty.ended();
  assert.match(pty.output, /left 0/);
});

test('a crash and deadly signals leave the terminal as it was', async () => {
  // Whatever is thrown where nobody catches it is a bug; here it is thrown when the window is resized.
  const thrower = 'data:text/javascript,process.on("SIGWINCH",()=>{throw new Error("broken")})';
  const broken = start(pacelineWords(held(), ['--import', thrower]));
  await shown(broken);
  assert.deepEqual(await broken.modes(), EACH_KEY);
  broken.resize(70, 20);
  assert.deepEqual(await broken.ended(), { code: 70, modes: USUAL });
  assert.match(broken.output, /this is a bug of paceline/);
  for (const [signal, code] of [
    ['HUP', -1],
    ['QUIT', -3],
    ['TERM', 143],
  ] as const) {
    const pty = start(['sh', '-c', `echo "pid $$"; ulimit -c 0; exec ${pacelineText(held())}`]);
    await shown(pty);
    process.kill(Number(/pid (\d+)/.exec(pty.output)?.[1]), `SIG${signal}`);
    if (signal === 'TERM') {
      await pty.until(output => output.includes('Stopping.'));
      answerAll();
    }
    assert.deepEqual(await pty.ended(), { code, modes: USUAL }, signal);
  }
});

test('a reader of stdout that leaves ends the run, and the terminal is left as it was', async () => {
  const words = ['fetch', '-c', '1', '-n', '1000', `${server.origin}/a`, `${server.origin}/held`];
  const pty = start(['sh', '-c', `${pacelineText(words)} | head -2 >/dev/null; echo "left"`]);
  await server.untilHeld(1);
  await pty.until(output => output.includes('1 in flight'));
  assert.deepEqual(await pty.modes(), EACH_KEY);
  answerAll();
  assert.deepEqual((await pty.ended()).modes, USUAL);
  assert.match(pty.output, /left/);
});

test('requests from a pipe leave the terminal alone, and so do those that are typed', async () => {
  const words = held().slice(0, -4);
  const lines = `${server.origin}/held\\n`.repeat(3);
  const piped = start(['sh', '-c', `printf '${lines}' | ${pacelineText([...words, '-i', '-'])}`]);
  await shown(piped);
  assert.deepEqual(await piped.modes(), USUAL);
  assert.ok(!piped.output.includes(QUESTION));
  answerAll();
  assert.equal((await piped.ended()).code, 0);
  const typed = start(pacelineWords([...held().slice(0, -4), '-i', '-']));
  await typed.until(output => output.includes('Reading requests from this terminal'));
  assert.deepEqual(await typed.modes(), USUAL);
  typed.type(`${server.origin}/q\n\x04`);
  assert.equal((await typed.ended()).code, 0);
});

test('what is typed while the terminal is asked is neither lost nor shown', async () => {
  const pty = start(pacelineWords(held()), { answer: answering(1, 'Ql') });
  await shown(pty);
  await pty.until(output => output.includes('lane 3')); // l; there are rows enough for each request
  assert.ok(!pty.output.includes('Q'));
  pty.type('q');
  answerAll();
  await pty.ended();
  assert.ok(!/\^\[\[|Q/.test(pty.output), 'no echo of an answer either');
});

test('a recording holds what was shown, and neither what the terminal was asked nor what was typed', async () => {
  const path = folder.file('keys.cast');
  const pty = start(pacelineWords(held('--record', path)), { answer: answering(1, 'Q') });
  await shown(pty);
  await after(pty, () => pty.type('?'), 'q stop');
  await after(pty, () => pty.resize(100, 30), '3 in flight');
  answerAll();
  assert.equal((await pty.ended()).code, 0);
  const cast = readCast(readFileSync(path, 'utf8'));
  const written = cast.events.map(({ text }) => text).join('');
  assert.ok(!written.includes(QUESTION) && !written.includes('Q'));
  assert.ok(written.includes('q stop'));
  assert.deepEqual(
    cast.events.filter(({ code }) => code === 'r').map(({ text }) => text),
    ['100x30'],
  );
  assert.match(playedLines(cast).at(-1) ?? '', /^seed /);
});

test('a terminal that draws blocks two columns wide gets ASCII, as does one that may and does not say', async () => {
  for (const [locale, reply, isAscii] of [
    ['C.UTF-8', answering(2), true],
    ['ja_JP.UTF-8', answering(1), false],
    ['ja_JP.UTF-8', () => '', true],
    ['C.UTF-8', () => '', false],
  ] as const) {
    const pty = start(pacelineWords(held()), { answer: reply, env: { LC_ALL: locale } });
    await shown(pty);
    answerAll();
    await pty.ended();
    const [, , ...rest] = pty.output.split(QUESTION).join('\x1b[K').split('\x1b[K');
    assert.equal(/req 1.*\|/.test(rest.join('')), isAscii, locale);
    assert.equal(/[│▆█─]/.test(rest.join('')), !isAscii, locale);
  }
  const told = start(pacelineWords(held('--charset', 'unicode')));
  await shown(told);
  answerAll();
  await told.ended();
  assert.ok(!told.output.includes(QUESTION), 'whoever says it is not asked');
});

test('a window made narrow and wide again shows the picture whole', async () => {
  const pty = start(pacelineWords(held()), { columns: 120, rows: 30 });
  await shown(pty);
  await after(pty, () => pty.resize(50, 24), '3 in flight');
  const narrowFrom = pty.output.lastIndexOf('\x1b[J');
  const terminal = new TerminalEmulator(50, 40);
  terminal.write(pty.output.slice(narrowFrom + 3)); // it complains about a line that is too long
  assert.ok(terminal.lines().some(line => line.includes('req 1')));
  await after(pty, () => pty.resize(120, 30), '3 in flight');
  answerAll();
  assert.deepEqual(await pty.ended(), { code: 0, modes: USUAL });
});
