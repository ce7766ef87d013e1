// The command from its source, as a program to start in tests.
import { main } from '../../src/cli/main.ts';

await main();
