// A bench at work, for the test that ends it: its servers run, and it would go on for ever.
import { exitOnSignals, startGunicorn, startNginx } from '../../bench/servers.ts';
import { withDirectory } from '../../bench/workspace.ts';

exitOnSignals();
await withDirectory(async directory => {
  const servers = [await startNginx(directory), await startGunicorn()];
  process.stdout.write(JSON.stringify({ directory, origins: servers.map(({ origin }) => origin) }));
  process.stdin.on('end', () => process.exit()).resume(); // nor does it outlive its test
  await new Promise(() => {});
});
