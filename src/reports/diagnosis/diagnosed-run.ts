// A run as the rules see it: its header, its numbers, and what both come to. Nothing is decided here.
import type { RunHeader, StatedRate, Summary } from '../../model/record.ts';
import { meanBusy } from '../../timeline/event-loops.ts';
import type { RunFacts } from './facts.ts';
import type { HostShare } from './host-tally.ts';
import { type RunShares, sharesOf } from './shares.ts';

/** What a diagnosis needs of a run's header. */
export type DiagnosedHeader = Pick<
  RunHeader,
  | 'strategy'
  | 'concurrency'
  | 'findsPace'
  | 'workers'
  | 'simulated'
  | 'inputs'
  | 'rate'
  | 'hostRate'
  | 'perHost'
  | 'burst'
>;

/** What may be in flight at once, and the flag that says so. */
export interface OwnLimit {
  readonly count: number | null;
  readonly flag: '-c' | '--per-host';
}

export interface DiagnosedRun {
  readonly header: DiagnosedHeader;
  readonly summary: Summary;
  readonly facts: RunFacts;
  readonly shares: RunShares;
  readonly limit: OwnLimit;
  /** All of the run went there; null where there are several hosts. */
  readonly onlyHost: HostShare | null;
  /** Mean span of an attempt on its way, from admission to its end without its stay at the server. */
  readonly aroundMs: number;
  /** Mean span in a worker of the server; 0 where it does not say. */
  readonly servedMs: number;
}

export function diagnosedRun(header: DiagnosedHeader, summary: Summary, facts: RunFacts): DiagnosedRun {
  const { hosts, attempts, inFlightMs, queueMs, servedMs, reported } = facts;
  const onlyHost = hosts?.length === 1 ? (hosts[0] as HostShare) : null;
  const limit = limitOf(header, onlyHost !== null);
  return {
    ...{ header, summary, facts, limit, onlyHost },
    shares: sharesOf(facts, summary, limit.count),
    aroundMs: attempts > 0 ? Math.max(0, inFlightMs - queueMs - servedMs) / attempts : 0,
    servedMs: reported > 0 ? servedMs / reported : 0,
  };
}

/** A limit for each host is one for the whole run where there is only one. */
function limitOf({ concurrency, perHost }: DiagnosedHeader, hasOneHost: boolean): OwnLimit {
  const isPerHost =
    hasOneHost && perHost !== undefined && perHost < (concurrency ?? Number.POSITIVE_INFINITY);
  return isPerHost ? { count: perHost, flag: '--per-host' } : { count: concurrency, flag: '-c' };
}

const MOSTLY = 0.8;

/** Our own side was at work for most of the time: then it may be what everything waits for. */
export function isOwnCpuBusy(summary: Summary): boolean {
  const { usage } = summary;
  if (usage !== undefined && usage.userMs + usage.sysMs >= MOSTLY * usage.realMs) return true;
  return (mainBusy(summary) ?? 0) >= MOSTLY;
}

/** Share of the run in which the main event loop waited for nothing; null where nobody knows. */
export function mainBusy({ eventLoops = [], makespanMs }: Summary): number | null {
  const main = eventLoops.find(({ of }) => of === 'main');
  return main ? meanBusy(main, makespanMs) : null;
}

/** `20/s`, `100/min`, `5/15s` */
export function statedRateText({ count, windowMs }: StatedRate): string {
  const unit = { 1000: 's', 60000: 'min', 3600000: 'h' }[windowMs];
  return `${count}/${unit ?? (windowMs % 1000 === 0 ? `${windowMs / 1000}s` : `${windowMs}ms`)}`;
}

/** A rate above 0 as a flag takes it, in two digits, never above what was given. */
export function rateFlagText(perSecond: number): string {
  const [unit, seconds] = perSecond >= 1 ? ['s', 1] : perSecond >= 1 / 60 ? ['min', 60] : ['h', 3600];
  const count = perSecond * seconds;
  const step = 10 ** (Math.floor(Math.log10(count)) - 1);
  return `${Number((Math.floor(count / step + 1e-9) * step).toPrecision(2))}/${unit}`;
}
