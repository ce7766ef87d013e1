// Puts a watch on the event loop of each worker that is started: a thread's is read from here, a process tells its own.
import type { LoopWatch } from './loop-watch.ts';
import type { OpenChannel, WorkerChannel } from './worker-channel.ts';

export function watchedChannels(openChannel: OpenChannel, watch: LoopWatch): OpenChannel {
  return (open, events) => {
    const { worker } = open;
    let leave = (): void => {};
    const channel = openChannel(
      { ...open, watchesLoop: true },
      {
        onMessage(message) {
          if (message.paceline === 'usage' && message.loop)
            watch.tell({ of: 'process', worker }, message.loop);
          events.onMessage(message);
        },
        onGone(death) {
          leave();
          events.onGone(death);
        },
      },
    );
    if (!channel.readLoop) return channel;
    leave = watch.watch({ of: 'thread', worker }, channel.readLoop);
    return leftBeforeItGoes(channel, leave);
  };
}

/** Nothing can be read of a thread that is gone. */
function leftBeforeItGoes(channel: WorkerChannel, leave: () => void): WorkerChannel {
  return {
    ...channel,
    post(message) {
      if (message.paceline === 'close') leave();
      channel.post(message);
    },
    terminate() {
      leave();
      channel.terminate();
    },
  };
}
