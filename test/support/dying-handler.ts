// A handler whose worker dies a little later, whatever it does then: `/die/MS/…` says when. A process is killed with
// SIGKILL, a thread ends at once.
import { isMainThread } from 'node:worker_threads';
import type { HandlerResponse } from '../../src/index.ts';

export default function dieLater({ url }: HandlerResponse): string {
  const [, , word, ms] = new URL(url).pathname.split('/');
  if (word !== 'die') return 'lives';
  setTimeout(() => (isMainThread ? process.kill(process.pid, 'SIGKILL') : process.exit(1)), Number(ms));
  return 'dies';
}
