// Opens a slow API and prints who its workers are: for the test that kills it.
import { openSlowServer } from '../../src/slow-server/server.ts';

const server = await openSlowServer({ workers: 2 });
const pids = server.statistics().workers.map(worker => worker.pid);
process.stdout.write(`${JSON.stringify({ pids })}\n`);
