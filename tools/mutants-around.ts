// Bugs to plant around the engine, in its deciders, its ground and its workers: as in mutants-engine.ts.
import type { Bugs } from './mutants-list.ts';

const RETRY: Bugs = [
  ['if (retryNumber > policy.retriesMax)', 'if (retryNumber >= policy.retriesMax)'],
  ['if (retryNumber > policy.retriesMax)', 'if (retryNumber > policy.retriesMax + 1)'],
  [
    'if (!isRepeatable && !policy.unsafe && mayHaveArrived(end))',
    'if (!isRepeatable && !policy.unsafe && end.status !== null)',
  ],
  [
    'if (!isRepeatable && !policy.unsafe && mayHaveArrived(end))',
    'if (!policy.unsafe && mayHaveArrived(end))',
  ],
  ['if (askedMs > policy.delayMsMax)', 'if (askedMs < 0)'],
  ['Math.max(askedMs, backoffMs', 'Math.min(askedMs, backoffMs'],
  ["if (dueMs >= deadlineMs) return { kind: 'final', noRetry: 'deadline' };", ''],
  ["if (!budget.take()) return { kind: 'final', noRetry: 'budget' };", ''],
];

const BACKOFF: Bugs = [
  ['Math.max(retryNumber - 1, 0)', 'retryNumber'],
  ['baseMs * 2 ** doublings, maxMs,', 'baseMs * 2 ** doublings,'],
];

const RETRY_BUDGET: Bugs = [
  ['FREE_RETRIES + this.#share * this.#requests', 'FREE_RETRIES + this.#share * this.#requests + 1'],
  ['    this.#taken++;\n', ''],
];

const PACE: Bugs = [
  ['Math.max(this.#grid.dueMs(nowMs), oldestMs + this.#windowMs)', 'this.#grid.dueMs(nowMs)'],
  ['Math.max(this.#grid.dueMs(nowMs), oldestMs + this.#windowMs)', 'oldestMs + this.#windowMs'],
  ['new Float64Array(kept + burst - 1)', 'new Float64Array(kept + burst)'],
  ['new Float64Array(kept + burst - 1)', 'new Float64Array(Math.max(1, kept + burst - 2))'],
  ['    this.#grid.start(nowMs);\n', ''],
  ['if (atMs > (this.#startsMs[place] as number)) this.#startsMs[place] = atMs;', ''],
  ['if (number >= this.#count || this.#count - number > this.#startsMs.length) return;', ''],
  ['(rate.windowMs / rate.count) * kept', 'rate.windowMs * 0.9'],
];

const GCRA: Bugs = [
  ['this.#intervalMs * (burst - 1)', 'this.#intervalMs * burst'],
  ['Math.max(this.#tatMs, nowMs)) + this.#intervalMs', 'nowMs) + this.#intervalMs'],
  ['Math.max(this.#tatMs, nowMs)) + this.#intervalMs', 'this.#tatMs) + this.#intervalMs'],
  ['if (dueMs > nowMs) this.#awaitedMs = dueMs;', ''],
  ['const isOnGrid = lateMs < this.#lateMsMax && ', 'const isOnGrid = '],
];

const HOST_GATE: Bugs = [
  ['>= Math.min(this.#policy.limit, this.#recovering)', '> Math.min(this.#policy.limit, this.#recovering)'],
  ['>= Math.min(this.#policy.limit, this.#recovering)', '>= this.#policy.limit'],
  ['let dueMs = this.#pausedUntilMs;', 'let dueMs = Number.NEGATIVE_INFINITY;'],
  ['if (this.#left <= 0 && this.#leftUntilMs > dueMs)', 'if (this.#left < 0 && this.#leftUntilMs > dueMs)'],
  ['return Math.max(dueMs, this.#pace.dueMs(nowMs));', 'return dueMs;'],
  ['    this.#inFlight++;\n', ''],
  ['    this.#left--;\n', ''],
  ['    this.#inFlight--;\n', ''],
  ['if (isNews) this.#refusalsInARow++;', 'this.#refusalsInARow++;'],
  ['      this.#refusalsInARow = 0;\n', ''],
  ['else if (end.status !== null && isNews) {', 'else if (end.status !== null) {'],
  ['if (++this.#recovering > RECOVERED)', 'if (this.#recovering > RECOVERED)'],
  ['    this.#recovering = 1;\n', ''],
  ['nowMs + askedMs);\n      return;', 'nowMs + askedMs);'],
  ['2 ** doublings', '1'],
  ['nowMs + waitMs + putOffMs', 'nowMs + waitMs - putOffMs'],
  ['Math.max(this.#pausedUntilMs, nowMs + waitMs + putOffMs)', 'nowMs + waitMs + putOffMs'],
  ['if (resetMs > waitMsMax) return;', ''],
  ['this.#left = remaining - this.#inFlight;', 'this.#left = remaining;'],
  ['askedMs !== undefined && askedMs > waitMsMax', 'askedMs !== undefined && askedMs < 0'],
];

const TOO_MANY: Bugs = [
  ['this.#notOk > errorsMax.count', 'this.#notOk >= errorsMax.count'],
  ['this.#settled < SHARE_JUDGED_FROM', 'this.#settled < 1'],
  ['if (!isOk && this.#rules.failEarly)', 'if (this.#rules.failEarly)'],
];

const DEADLINES: Bugs = [
  ['if (atMs <= nowMs) due.push(key);', 'if (atMs < nowMs) due.push(key);'],
  ['if (atMs < this.#timerMs) this.#arm(atMs);', 'if (this.#timer === undefined) this.#arm(atMs);'],
  ['    this.#arm(earliestMs);\n', ''],
  ['    this.#timer?.cancel();\n', ''],
  ['if ((this.#atMs[key] as number) > nowMs) continue;', ''],
];

const SEMAPHORE: Bugs = [
  [
    'return this.#held < this.#limit && this.#waiters.size === 0;',
    'return this.#held <= this.#limit && this.#waiters.size === 0;',
  ],
  ['    this.#held--;\n', ''],
];

const HEAP: Bugs = [
  ['if (key >= above) break;', 'if (key > above) break;'],
  ['otherKey < childKey ||', 'otherKey > childKey ||'],
  ['child + 1 < size', 'child + 2 < size'],
];

const QUEUE: Bugs = [
  ['this.#ring[(this.#head + i) & (this.#ring.length - 1)];', 'this.#ring[i & (this.#ring.length - 1)];'],
];

const POOL: Bugs = [
  [
    "outcome: 'unknown',\n      error: { code: 'WORKER_LOST'",
    "outcome: 'network_error',\n      error: { code: 'WORKER_LOST'",
  ],
  ['if (attempt && !waiting.has(attempt)) orphans.push(attempt);', 'if (attempt) orphans.push(attempt);'],
  ['if (!this.#closing && !this.#refusal) this.#replace(seat, death);', ''],
  ['if (this.#refusal) this.#endWaiting(this.#refusal);', ''],
  ['    this.#deadlines.set(lane, this.#clock.now() + this.#options.graceMs);\n', ''],
  ['      this.#causes[lane] = undefined;\n', ''],
  ['for (const seat of this.#seats) seat.look();', ''],
  ['    this.#options.onBroken(cause);\n', ''],
  ['      this.#endHere(attempt, cause);\n      return;', '      return;'],
];

const SEAT: Bugs = [
  ['      if (!current) return;\n', ''],
  ['onMessage: message => current && this.#hear(message)', 'onMessage: message => this.#hear(message)'],
  ['    this.#starts = [];\n    this.#cancels = [];\n  }', '    this.#cancels = [];\n  }'],
  ['    this.#handedOver = 0;\n', ''],
  ['      this.#forcedTimer?.cancel();\n', ''],
  ['if (place >= 0) this.#starts.splice(place, 1);', ''],
];

const WORKER_SIDE: Bugs = [
  ['if (running?.index === index && running.number === number) executor', 'executor'],
];

export const AROUND_ENGINE: Readonly<Record<string, Bugs>> = {
  'src/base/heap.ts': HEAP,
  'src/base/queue.ts': QUEUE,
  'src/control/backoff.ts': BACKOFF,
  'src/control/deadlines.ts': DEADLINES,
  'src/control/gcra.ts': GCRA,
  'src/control/host-gate.ts': HOST_GATE,
  'src/control/pace.ts': PACE,
  'src/control/retry-budget.ts': RETRY_BUDGET,
  'src/control/retry.ts': RETRY,
  'src/control/semaphore.ts': SEMAPHORE,
  'src/control/too-many-failures.ts': TOO_MANY,
  'src/executors/seat.ts': SEAT,
  'src/executors/worker-pool.ts': POOL,
  'src/executors/worker-side.ts': WORKER_SIDE,
};
