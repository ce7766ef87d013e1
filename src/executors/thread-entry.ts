// What a worker thread starts from. It loads nothing that an attempt does not need.
import { parentPort, workerData } from 'node:worker_threads';
import type { OpenMessage } from './protocol.ts';
import { boundStream } from './worker-output.ts';
import { WorkerSide } from './worker-side.ts';

const open = workerData as OpenMessage;
const side = new WorkerSide(
  message => parentPort?.postMessage(message),
  () => process.exit(0),
);
if (open.plan.handler) {
  boundStream(process.stdout);
  boundStream(process.stderr);
}
parentPort?.on('message', message => side.receive(message));
process.on('exit', () => side.postEnds()); // the handler may have called process.exit
side.receive(open);
