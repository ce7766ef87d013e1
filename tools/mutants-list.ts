// The bugs that tools/mutants.ts plants: a text that stands exactly once in a file, and what takes its place.
export interface Mutant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const engine = 'src/engine/engine.ts';
const intake = 'src/engine/intake.ts';
const runner = 'src/engine/attempt-runner.ts';
const semaphore = 'src/control/semaphore.ts';
const deadlines = 'src/control/deadlines.ts';
const order = 'src/engine/order.ts';
const source = 'src/engine/source.ts';
const phases = 'src/engine/phases.ts';
const lanes = 'src/engine/lanes.ts';
const heap = 'src/base/heap.ts';
const queue = 'src/base/queue.ts';

export const MUTANTS: readonly Mutant[] = [
  { file: engine, from: 'running.permit.release();', to: '' },
  { file: engine, from: 'this.#lanes.giveBack(lane);', to: '' },
  { file: engine, from: '    this.#deadlines.clear(lane);\n', to: '' },
  {
    file: engine,
    from: 'this.#pump(); // in input order, those behind it may start now',
    to: 'this.#finishIfDone();',
  },
  {
    file: engine,
    from: 'if (this.#held || this.#cause) return false;',
    to: 'if (this.#cause) return false;',
  },
  { file: engine, from: 'if (this.#held || this.#cause) return false;', to: 'if (this.#held) return false;' },
  { file: engine, from: '>= this.#orderWindow()) return false;', to: '> this.#orderWindow()) return false;' },
  { file: engine, from: '    this.#held = false;\n    this.#pump();', to: '    this.#held = false;' },
  {
    file: engine,
    from: 'this.#semaphore.resize(limit);\n    this.#pump();',
    to: 'this.#semaphore.resize(limit);',
  },
  { file: engine, from: '    this.#intake.close();\n    for', to: '    for' },
  {
    file: engine,
    from: "[], 'cancelled', this.#cause.error);\n    }\n    this.#pump();",
    to: "[], 'cancelled', this.#cause.error);\n    }",
  },
  { file: engine, from: 'if (this.#running[lane]) this.#executor.cancel(lane, early);', to: '' },
  {
    file: engine,
    from: 'lane < this.#running.length; lane++) this.#forceEnd',
    to: 'lane < this.#running.length - 1; lane++) this.#forceEnd',
  },
  { file: engine, from: 'if (!running || running.forced) return;', to: 'if (!running) return;' },
  { file: engine, from: '    running.forced = true;\n', to: '' },
  { file: engine, from: '      this.#forced--;\n', to: '' },
  {
    file: engine,
    from: 'this.#deadlines.set(lane, deadlineMs + this.#options.graceMs);',
    to: 'this.#deadlines.set(lane, deadlineMs);',
  },
  { file: engine, from: 'this.#deadlines.set(lane, deadlineMs + this.#options.graceMs);', to: '' },
  { file: engine, from: '      this.#continueTimer = undefined;\n', to: '' },
  { file: engine, from: 'if (steps >= BURST_MAX) this.#continueLater();', to: '' },
  { file: engine, from: 'this.#pumpAgain = true;\n', to: '' },
  { file: engine, from: 'this.#graceTimer?.cancel();', to: '' },
  { file: engine, from: '    this.#deadlines.close();\n', to: '' },
  { file: engine, from: 'this.#inFlight > this.#forced) return;', to: 'this.#inFlight > 0) return;' },
  { file: engine, from: 'if (this.#finished || this.#pumping ||', to: 'if (this.#pumping ||' },
  { file: engine, from: 'this.#settling > 0 || ', to: '' },
  { file: engine, from: 'if (this.#finished || this.#graceTimer', to: 'if (this.#graceTimer' },
  {
    file: engine,
    from: 'this.#options.onFinished(this.#intake.failure);',
    to: 'this.#options.onFinished(undefined);',
  },
  {
    file: engine,
    from: 'running.admittedMs - running.createdMs',
    to: 'running.createdMs - running.admittedMs',
  },
  {
    file: engine,
    from: 'const deadlineMs = admittedMs + spanMs;',
    to: 'const deadlineMs = running.createdMs + spanMs;',
  },
  {
    file: intake,
    from: 'this.#waiting.length < Math.min(2 * limit',
    to: 'this.#waiting.length <= Math.min(2 * limit',
  },
  { file: intake, from: 'this.#waiting.length === 0 && this.#source.ended', to: 'this.#source.ended' },
  { file: intake, from: 'const index = this.#read++;', to: 'const index = this.#read;' },
  { file: order, from: 'settled.index !== this.#next', to: 'settled.index < this.#next' },
  { file: order, from: 'this.#early.delete(this.#next++);', to: 'this.#next++;' },
  { file: lanes, from: '(a, b) => a < b', to: '(a, b) => a > b' },
  { file: lanes, from: 'this.#free.push(lane);', to: '' },
  {
    file: source,
    from: '    this.ended = true;\n    try {\n      this.#iterator.return',
    to: '    try {\n      this.#iterator.return',
  },
  { file: source, from: 'this.#iterator.return?.();\n', to: ';\n' },
  { file: source, from: 'if (early) this.#iterator', to: 'this.#iterator' },
  {
    file: source,
    from: 'if (!this.#reading && !this.#exhausted) this.#read();',
    to: 'if (!this.#exhausted) this.#read();',
  },
  { file: source, from: 'if (step.done) this.#exhausted = true;', to: 'if (step.done) return;' },
  {
    file: source,
    from: '        this.failure = { cause };\n        this.#onReady();',
    to: '        this.failure = { cause };',
  },
  { file: runner, from: 'if (!this.#attempt || this.#cause) return;', to: 'if (!this.#attempt) return;' },
  { file: runner, from: 'if (!this.#attempt || this.#cause) return;', to: 'if (this.#cause) return;' },
  {
    file: runner,
    from: 'this.#cause = cause;\n    this.#options.deadlines.clear(this.#lane);',
    to: 'this.#cause = cause;',
  },
  { file: runner, from: '    deadlines.clear(this.#lane);\n', to: '' },
  {
    file: runner,
    from: 'this.#startedMs + this.#options.plan.limits.connectMs',
    to: 'this.#startedMs + this.#options.plan.limits.headersMs',
  },
  {
    file: runner,
    from: 'this.#sentMs + this.#options.plan.limits.headersMs',
    to: 'this.#startedMs + this.#options.plan.limits.headersMs',
  },
  { file: runner, from: "this.#enter('body', this.#clock.now() + plan.limits.bodyMs);", to: '' },
  { file: runner, from: 'Math.min(untilMs, deadlineMs)', to: 'untilMs' },
  { file: runner, from: 'Math.min(untilMs, deadlineMs)', to: 'deadlineMs' },
  { file: runner, from: '    if (this.#cause) return;\n    const deadlineMs', to: '    const deadlineMs' },
  {
    file: runner,
    from: 'this.#clock.now() >= attempt.deadlineMs',
    to: 'this.#clock.now() > attempt.deadlineMs',
  },
  { file: runner, from: 'this.#cause ??= failure;', to: 'this.#cause = failure;' },
  { file: runner, from: '    this.#cause = undefined;\n', to: '' },
  { file: runner, from: '    this.#status = null;\n', to: '' },
  { file: runner, from: 'status < 400', to: 'status <= 400' },
  {
    file: phases,
    from: 'phasesMs.download = at.lastByteMs - at.headersMs',
    to: 'phasesMs.download = at.lastByteMs - at.sentMs',
  },
  { file: phases, from: 'if (whole) phasesMs.network', to: 'if (!whole) phasesMs.network' },
  { file: deadlines, from: 'if (atMs <= nowMs) {', to: 'if (atMs < nowMs) {' },
  {
    file: deadlines,
    from: 'if (atMs < this.#timerMs) this.#arm(atMs);',
    to: 'if (this.#timer === undefined) this.#arm(atMs);',
  },
  { file: deadlines, from: '    this.#arm(earliestMs);\n', to: '' },
  { file: deadlines, from: '    this.#timer?.cancel();\n', to: '' },
  {
    file: semaphore,
    from: 'if (this.#held >= this.#limit || this.#waiters.size > 0) return undefined;',
    to: 'if (this.#held >= this.#limit) return undefined;',
  },
  {
    file: semaphore,
    from: 'if (this.#held >= this.#limit || this.#waiters.size > 0) return undefined;',
    to: 'if (this.#held > this.#limit || this.#waiters.size > 0) return undefined;',
  },
  { file: semaphore, from: '      if (this.#held >= this.#limit) return;\n', to: '' },
  { file: semaphore, from: 'if (this.#waiters.size > 0) this.#wake();', to: '' },
  { file: semaphore, from: '    this.#semaphore = undefined;\n', to: '' },
  { file: semaphore, from: '        this.#waiters.delete(wake);\n', to: '' },
  {
    file: semaphore,
    from: 'this.#limit = checkedLimit(limit);\n    this.#wake();',
    to: 'this.#limit = checkedLimit(limit);',
  },
  { file: semaphore, from: "        signal?.removeEventListener('abort', giveUp);\n", to: '' },
  { file: heap, from: 'if (key >= above) break;', to: 'if (key > above) break;' },
  { file: heap, from: 'otherKey < childKey ||', to: 'otherKey > childKey ||' },
  { file: heap, from: 'child + 1 < size', to: 'child + 2 < size' },
  {
    file: queue,
    from: 'this.#ring[(this.#head + i) & (this.#ring.length - 1)];',
    to: 'this.#ring[i & (this.#ring.length - 1)];',
  },
];
