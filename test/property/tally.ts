// What happened in a run, counted: a campaign that never met a fault, or never took a branch, proves nothing about it.
import type { HttpRequest } from '../../src/model/request.ts';
import type { Settled } from '../../src/model/settled.ts';
import type { Fault, FaultKind } from '../../src/simulation/faults.ts';
import type { Scenario } from './scenario.ts';

export class Tally {
  readonly fired = new Set<FaultKind>();
  /** By error code, or by outcome where there is none. */
  readonly outcomes = new Map<string, number>();
  /** Faults by kind and detail, and what the scenario itself put in the way. */
  readonly faults = new Map<string, number>();
  /** Rare branches of the engine. */
  readonly branches = new Map<string, number>();
  requests = 0;
  attempts = 0;

  fault(fault: Fault): void {
    this.fired.add(fault.kind);
    add(this.faults, faultName(fault));
  }

  settled({ outcome, tries, noRetry, error }: Settled<HttpRequest>): void {
    this.requests++;
    this.attempts += tries.length;
    const last = tries.at(-1);
    add(this.outcomes, last?.error?.code ?? outcome);
    if (noRetry !== undefined) add(this.branches, `not sent again: ${noRetry}`);
    if (tries.length > 1) add(this.branches, outcome === 'ok' ? 'ok after retries' : 'failed after retries');
    if (tries.length > 3) add(this.branches, 'more than three attempts');
    if (outcome === 'unknown') add(this.branches, 'unknown: may have been carried out');
    if (error?.code === 'HOST_CLOSED') add(this.branches, 'turned away by a closed host');
    if (outcome === 'cancelled' && tries.length > 0 && error) add(this.branches, 'cancelled in backoff');
    if (last?.error?.message.includes('did not answer')) add(this.branches, 'settled by force');
    for (const { phasesMs, quota, retryAfterMs } of tries) {
      if ((phasesMs.backoff ?? 0) > 0) add(this.branches, 'waited in backoff');
      if (quota) add(this.branches, 'a quota was told');
      if (retryAfterMs !== undefined) add(this.branches, 'a wait was asked for');
    }
  }

  /** What stood in the way of every request of the scenario. */
  scenario({
    handler,
    source,
    closeMs,
    rttMs,
    costs,
    polite,
    actions,
    server,
    order,
    wallSteps,
  }: Scenario): void {
    const hindrances: [boolean, string][] = [
      [handler === 'throws', 'handler throws'],
      [handler === 'slow', 'handler is slow'],
      [handler === 'never', 'handler never settles'],
      [source.endsWith('throws'), 'source throws'],
      [source === 'blocked', 'source blocks'],
      [source === 'async slow', 'source is slow'],
      [closeMs > 0, 'sockets close late'],
      [rttMs > 0, 'network takes its time'],
      [costs.messageMs > 0, 'messages to workers are slow'],
      [costs.startUpMs > 0, 'workers start late'],
      [costs.cpuMs > 0, 'responses burn CPU'],
      [server.backlog < 10, 'backlog overflows'],
      [server.rateLimit !== null, 'server is rate limited'],
      [polite?.rate != null, 'rate'],
      [polite?.hostRate != null, 'rate by host'],
      [Number.isFinite(polite?.perHost ?? Number.POSITIVE_INFINITY), 'limit by host'],
      [Number.isFinite(polite?.retryBudget ?? Number.POSITIVE_INFINITY), 'retry budget'],
      [order === 'input', 'order of the input'],
      [wallSteps !== null, 'wall clock is set'],
    ];
    for (const [isSo, name] of hindrances) if (isSo) add(this.faults, name, this.requests);
    for (const { kind, inSink } of actions)
      if (kind !== 'stall') add(this.faults, `${kind}${inSink ? ' inside the sink' : ''}`, this.requests);
  }
}

/** Counts a thing that has happened. */
export function add(counts: Map<string, number>, name: string, count = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

function faultName(fault: Fault): string {
  switch (fault.kind) {
    case 'status':
      return `status ${fault.status}`;
    case 'refusal':
      return `${fault.status} with Retry-After: ${fault.retryAfterSeconds}${formOf(fault)}`;
    case 'quota':
      return fault.remaining === 0 ? 'quota of none' : 'quota of some';
    case 'slow-body':
      return `body in ${fault.pieces} slow pieces`;
    default:
      return fault.kind;
  }
}

function formOf({ form }: Fault & { kind: 'refusal' }): string {
  return form === 'seconds' ? '' : `, as a ${form}`;
}
