// At most three at once in one thread: the others wait here, not in the server's queue.
import { argv } from 'node:process';
import { fetchAll } from 'paceline';

const url = argv[2] ?? 'http://127.0.0.1:8000/';
const count = Number(argv[3] ?? 9);
const requests = Array.from({ length: count }, () => url);

for await (const outcome of fetchAll(requests, { concurrency: 3 })) {
  console.log(
    outcome.ok ? outcome.text() : `${outcome.outcome}: ${outcome.error?.message ?? outcome.status}`,
  );
}
