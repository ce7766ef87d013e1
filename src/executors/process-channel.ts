// A child process, parent side.
import { fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Timer } from '../base/clock.ts';
import { ownFile } from '../platform/own-file.ts';
import { type FromWorker, isOurs } from './protocol.ts';
import { type ChannelOptions, type OpenChannel, sentence } from './worker-channel.ts';

/** Between the end of its channel and its exit; a process that takes longer has cut itself off. */
const EXIT_MS_MAX = 2000;

/** Flags of this process that shape how attempts run; a debugger's port, say, is not to be asked for twice. */
const FOR_CHILDREN = /^--(wasm-|use-[a-z]+-ca$|tls-|dns-result-order=|max-old-space-size=)/;

export function processChannels({ clock, heapMibMax, onOutput }: ChannelOptions): OpenChannel {
  const heap = heapMibMax === undefined ? [] : [`--max-old-space-size=${heapMibMax}`];
  return (open, { onMessage, onGone }) => {
    const child = fork(fileURLToPath(ownFile('executors/process-entry.ts')), [], {
      execArgv: [...process.execArgv.filter(flag => FOR_CHILDREN.test(flag)), ...heap],
      serialization: 'advanced', // carries bytes, Infinity and undefined as they are
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    // A child that was never started has none of them, for want of descriptors say.
    const streams = [child.stdout, child.stderr].filter(stream => stream) as Socket[];
    for (const stream of streams) stream.on('data', onOutput).on('error', () => {});
    let dyingWords: string | undefined;
    let told = false;
    let cutOffTimer: Timer | undefined;
    const gone = (death: string): void => {
      if (told) return;
      told = true;
      cutOffTimer?.cancel(); // or this process could not end before it fires
      onGone(death);
    };
    const exited = (): boolean => child.exitCode !== null || child.signalCode !== null;
    const saysHow = (): string => {
      if (dyingWords !== undefined) return `Its worker process died: ${sentence(dyingWords)}`;
      if (child.signalCode !== null) return `Its worker process was ended by ${child.signalCode}.`;
      return `Its worker process exited with code ${child.exitCode}.`;
    };
    child.on('message', (message: unknown) => {
      if (!isOurs(message)) return;
      const ours = message as FromWorker;
      if (ours.paceline === 'dying') dyingWords = ours.message;
      else onMessage(ours);
    });
    // What it said last may be read after its exit: it is gone when its channel is empty, too.
    child.on('exit', () => {
      if (!child.connected) gone(saysHow());
    });
    child.on('disconnect', () => {
      if (exited()) gone(saysHow());
      else cutOffTimer = clock.schedule(clock.now() + EXIT_MS_MAX, () => child.kill('SIGKILL'));
    });
    child.on('error', error => {
      if (child.pid === undefined) gone(`Its worker process could not be started: ${error.message}`);
    });
    const post = (message: object): void => {
      if (child.connected) child.send(message, () => {}); // a broken channel ends in an exit, which is told on its own
    };
    post(open);
    return {
      post,
      terminate: () => child.kill('SIGKILL'),
      keepAlive(alive) {
        const how = alive ? 'ref' : 'unref';
        child[how]();
        child.channel?.[how]();
        for (const stream of streams) stream[how]();
      },
    };
  };
}
