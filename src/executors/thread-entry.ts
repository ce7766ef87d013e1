// What a worker thread starts from. It loads nothing that an attempt does not need.
import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { OpenMessage } from './protocol.ts';

const open = workerData as OpenMessage;

/** Imported only now: compiled code is cached per thread, and is to be before most of the code is loaded. */
async function serve(): Promise<void> {
  const { WorkerSide } = await import('./worker-side.ts');
  const side = new WorkerSide(
    message => parentPort?.postMessage(message),
    () => process.exit(0),
  );
  if (open.plan.handler) {
    const { boundStream } = await import('./worker-output.ts');
    boundStream(process.stdout);
    boundStream(process.stderr);
  }
  process.on('exit', () => side.postEnds()); // the handler may have called process.exit
  parentPort?.on('message', message => side.receive(message));
  side.receive(open);
}

const cache = process.env.NODE_COMPILE_CACHE;
if (cache) enableCompileCache(cache);
void serve();
