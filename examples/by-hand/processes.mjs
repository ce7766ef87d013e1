// A pool of three child processes; each takes the next request when it has answered the last.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import process, { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

if (process.send === undefined) {
  const url = argv[2] ?? 'http://127.0.0.1:8000/';
  let left = Number(argv[3] ?? 3);
  const pool = Array.from({ length: 3 }, () => fork(fileURLToPath(import.meta.url)));
  await Promise.all(
    pool.map(async child => {
      while (left > 0) {
        left--;
        child.send(url);
        const [text] = await once(child, 'message');
        console.log(text);
      }
      child.disconnect(); // nothing keeps it alive any more
    }),
  );
} else {
  process.on('message', async url => {
    const response = await fetch(url);
    process.send(await response.text());
  });
}
