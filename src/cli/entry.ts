// Where the process meets the program: its streams go in, its exit code comes out. The process ends by
// itself once nothing is left to do, so that what was written to a pipe arrives whole.
import { main } from './main.ts';

process.exitCode = await main(process.argv.slice(2), process);
