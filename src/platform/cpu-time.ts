// How much CPU this process has used.

/** CPU time so far in ms, user and system together, all threads of the process. */
export function cpuUsedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
