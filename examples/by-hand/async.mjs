// All at once in one thread: while one request waits, the others wait too.
import { argv } from 'node:process';

const url = argv[2] ?? 'http://127.0.0.1:8000/';
const count = Number(argv[3] ?? 3);

async function get() {
  const response = await fetch(url);
  console.log(await response.text());
}

await Promise.all(Array.from({ length: count }, get));
