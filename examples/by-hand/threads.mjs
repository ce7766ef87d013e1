// A thread for each request; the results come back as messages.
import { once } from 'node:events';
import { argv } from 'node:process';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

if (isMainThread) {
  const url = argv[2] ?? 'http://127.0.0.1:8000/';
  const count = Number(argv[3] ?? 3);
  const threads = Array.from(
    { length: count },
    () => new Worker(new URL(import.meta.url), { workerData: url }),
  );
  const answers = threads.map(async thread => {
    const [text] = await once(thread, 'message'); // rejects when the thread throws
    console.log(text);
  });
  await Promise.all(answers);
} else {
  const response = await fetch(workerData);
  parentPort.postMessage(await response.text());
}
