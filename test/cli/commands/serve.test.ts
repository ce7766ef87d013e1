import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { type ServeOptions, serve } from '../../../src/cli/commands/serve.ts';

/** Starts the command with signals of our own; resolves when it has said its first words. */
async function start(options: ServeOptions) {
  const signals = new EventEmitter();
  const { promise: greeted, resolve } = Promise.withResolvers<void>();
  const said = { text: '' };
  const stderr = {
    write(text: string) {
      said.text += text;
      resolve();
    },
  };
  const code = serve({ port: 0, workers: 1, seed: 7, ...options }, { stderr }, signals);
  await Promise.race([greeted, code]);
  return { signals, said, code, url: /http:\S+?:\d+/.exec(said.text)?.[0] as string };
}

test('says what it is, where, and what to try; drains at a signal', async () => {
  const { signals, said, code, url } = await start({ serviceTime: { kind: 'constant', ms: 0 } });
  assert.equal(
    said.text,
    `Slow API on ${url} (1 sync worker, 0 ms a request, seed 7). Try: paceline fetch ${url} -n 9\n`,
  );
  assert.equal(await (await fetch(url)).text(), 'This is a slow web api');
  signals.emit('SIGTERM');
  assert.equal(await code, 0);
  assert.match(said.text, /\nServed 1 request\.\n$/);
  assert.equal(signals.listenerCount('SIGTERM') + signals.listenerCount('SIGINT'), 0);
});

test('a second signal ends at once', async () => {
  const { signals, said, code, url } = await start({ serviceTime: { kind: 'constant', ms: 60_000 } });
  const answer = fetch(url).then(
    () => 'answered',
    () => 'cut',
  );
  const seen = async (): Promise<number> => {
    const statistics = (await (await fetch(`${url}/_stats`)).json()) as { seen: number };
    return statistics.seen;
  };
  while ((await seen()) === 0);
  signals.emit('SIGINT');
  await new Promise(next => setImmediate(next));
  assert.match(said.text, /Answering the 1 request that is here\. Again to stop at once\.\n$/);
  signals.emit('SIGINT');
  assert.equal(await code, 130);
  assert.equal(await answer, 'cut');
});

test('W07, S01: warns where other machines can reach it', async () => {
  const { signals, said, code } = await start({ host: '0.0.0.0' });
  assert.match(
    said.text,
    /^Warning: 0\.0\.0\.0 lets other machines in\. .*\nSlow API on http:\/\/0\.0\.0\.0:\d+ \(/,
  );
  signals.emit('SIGINT');
  assert.equal(await code, 0);
});

test('bad options are thrown before anything starts', async () => {
  await assert.rejects(
    serve({ workers: 0 }, { stderr: { write: () => assert.fail() } }, new EventEmitter()),
    {
      code: 'ERR_OPTION_INVALID',
    },
  );
});
