// At most three at once in one thread: the others wait here, not in the server's queue.
import { argv } from 'node:process';

const url = argv[2] ?? 'http://127.0.0.1:8000/';
const count = Number(argv[3] ?? 9);

class Semaphore {
  #free;
  #waiting = [];

  constructor(permits) {
    this.#free = permits;
  }

  async use(work) {
    if (this.#free > 0) this.#free--;
    else await new Promise(wake => this.#waiting.push(wake)); // woken, it owns the permit that was given back
    try {
      return await work();
    } finally {
      const wake = this.#waiting.shift();
      if (wake) wake();
      else this.#free++;
    }
  }
}

const semaphore = new Semaphore(3);

async function get() {
  const response = await fetch(url);
  console.log(await response.text());
}

await Promise.all(Array.from({ length: count }, () => semaphore.use(get)));
