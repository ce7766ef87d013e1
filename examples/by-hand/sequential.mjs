// One after another: each request waits for the one before it.
import { argv } from 'node:process';

const url = argv[2] ?? 'http://127.0.0.1:8000/';
const count = Number(argv[3] ?? 3);

for (let i = 0; i < count; i++) {
  const response = await fetch(url);
  console.log(await response.text());
}
