// What this process has cost the machine so far, all its threads included.

export interface ProcessUsage {
  /** Since the process started. */
  readonly realMs: number;
  readonly userMs: number;
  readonly sysMs: number;
  /** Largest resident memory so far. */
  readonly peakMemoryBytes: number;
}

export function processUsage(): ProcessUsage {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return {
    realMs: process.uptime() * 1000,
    userMs: userCPUTime / 1000,
    sysMs: systemCPUTime / 1000,
    peakMemoryBytes: maxRSS * 1024,
  };
}
