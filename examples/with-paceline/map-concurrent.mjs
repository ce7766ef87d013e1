// Not only requests: any asynchronous function, at most three at once, each outcome kept.
import { mapConcurrent } from 'paceline';

const names = ['one', 'two', 'three', 'four'];

async function shout(name, { index }) {
  if (name === 'three') throw new Error('no threes today');
  return `${index}: ${name.toUpperCase()}`;
}

for await (const outcome of mapConcurrent(names, shout, { concurrency: 3, order: 'input' })) {
  console.log(outcome.outcome === 'ok' ? outcome.value : `${outcome.item}: ${outcome.error.message}`);
}
