// A worker thread, parent side.
import { Worker } from 'node:worker_threads';
import { describeThrown } from '../engine/handler.ts';
import { readLoopOf } from '../platform/event-loop.ts';
import { ownFile } from '../platform/own-file.ts';
import { type FromWorker, isOurs } from './protocol.ts';
import { type ChannelOptions, type OpenChannel, sentence } from './worker-channel.ts';

export function threadChannels({ heapMibMax, onOutput }: ChannelOptions): OpenChannel {
  return (open, { onMessage, onGone }) => {
    // Captured streams: by default a thread prints to our standard output, where only data belongs.
    const worker = new Worker(ownFile('executors/thread-entry.ts'), {
      workerData: open,
      execArgv: [],
      stdout: true,
      stderr: true,
      ...(heapMibMax === undefined ? undefined : { resourceLimits: { maxOldGenerationSizeMb: heapMibMax } }),
    });
    let thrown: unknown;
    let threw = false;
    let ended = false;
    worker.stdout.on('data', onOutput);
    worker.stderr.on('data', onOutput);
    worker.on('message', (message: unknown) => {
      if (isOurs(message)) onMessage(message as FromWorker);
    });
    worker.on('error', (error: unknown) => {
      thrown = error;
      threw = true;
    });
    // `process.exit(0)` in a thread gives no error, only this.
    worker.on('exit', code => {
      if (threw) onGone(`Its worker thread died: ${sentence(describeThrown(thrown))}`);
      else onGone(ended ? 'Its worker thread was ended.' : `Its worker thread exited with code ${code}.`);
    });
    return {
      post: message => worker.postMessage(message),
      terminate() {
        ended = true;
        worker.terminate().catch(() => {}); // its exit is told by the event
      },
      keepAlive: alive => (alive ? worker.ref() : worker.unref()),
      readLoop: () => readLoopOf(worker),
    };
  };
}
