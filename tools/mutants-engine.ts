// Bugs to plant in the engine: a text that stands exactly once in the file, and what takes its place.
import type { Bugs } from './mutants-list.ts';

const ENGINE: Bugs = [
  ['    this.#deadlines.clear(lane);\n', ''],
  ['this.#pump(); // in input order, those behind it may start now', 'this.#finishIfDone();'],
  ['if (this.#held || this.#cause || !this.#gate.hasFree)', 'if (this.#cause || !this.#gate.hasFree)'],
  ['if (this.#held || this.#cause || !this.#intake', 'if (this.#cause || !this.#intake'],
  ['>= this.#orderWindow()) return false;', '> this.#orderWindow()) return false;'],
  ['    this.#held = false;\n    this.#pump();', '    this.#held = false;'],
  ['this.#gate.change(limits);\n    this.#pump();', 'this.#gate.change(limits);'],
  ['    this.#intake.close();\n    for', '    for'],
  [
    'this.#settling.settle(running, this.#cause);\n    this.#pump();',
    'this.#settling.settle(running, this.#cause);',
  ],
  [
    'for (const running of this.#gate.empty()) this.#settling.settle(running, this.#cause);',
    'this.#gate.empty();',
  ],
  ['for (const lane of this.#inFlight.busyLanes()) this.#executor.cancel(lane, early);', ''],
  ['() => this.#forceEnds(early)', '() => {}'],
  [
    'this.#deadlines.set(lane, deadlineMs + this.#options.graceMs);',
    'this.#deadlines.set(lane, deadlineMs);',
  ],
  ['this.#deadlines.set(lane, deadlineMs + this.#options.graceMs);', ''],
  ['      this.#continueTimer = undefined;\n', ''],
  ['if (steps >= BURST_MAX) this.#continueLater();', ''],
  ['      this.#pumpAgain = true;\n', ''],
  ['    this.#graceTimer?.cancel();\n', ''],
  ['    this.#continueTimer?.cancel();\n', ''],
  ['    this.#runTimer?.cancel();\n', ''],
  ['    this.#deadlines.close();\n', ''],
  ['    this.#gate.close();\n', ''],
  ['this.#inFlight.awaited > 0) return;', 'this.#inFlight.count > 0) return;'],
  ['this.#settling.isTelling || ', ''],
  ['if (this.#finished || this.#graceTimer ||', 'if (this.#finished ||'],
  ['this.#options.onFinished(this.#intake.failure);', 'this.#options.onFinished(undefined);'],
  ['running.deadlineMs = admittedMs + spanMs;', 'running.deadlineMs = running.createdMs + spanMs;'],
  ['if (number === 1) {', 'if (number >= 1) {'],
  ['if (!running.isFinal) {', 'if (running.tries.length >= 0) {'],
  ["else if (this.#cause) this.#settling.settle(running, { outcome, noRetry: 'stopping' });\n    ", ''],
  [
    "else if (step.dueMs >= deadlineMs) this.#settling.settle(running, { outcome, noRetry: 'deadline' });\n    ",
    '',
  ],
  [
    'for (const late of this.#gate.wakeDue()) this.#settling.settle(late, outOfTime(late));',
    'this.#gate.wakeDue();',
  ],
  ['    this.#gate.setAlarm();\n', ''],
  ['      this.#gate.turnAway(next);\n', ''],
  [
    '    const running = this.#inFlight.force(lane);\n    if (!running) return;',
    '    const running = this.#inFlight.force(lane);\n    if (!running || running.tries.length === 0) return;',
  ],
  ["this.#executor.cancel(lane, { outcome: 'timeout', error });", ''],
  ["if (why !== null) this.drain({ code: 'RUN_FAILED', message: why });", ''],
];

const GATE: Bugs = [
  ['if (dueMs > nowMs) {', 'if (dueMs > nowMs + 1) {'],
  ['      this.#alarm.ringBy(dueMs);\n', ''],
  ['running.startNumber = this.#pace?.start(nowMs) ?? 0;', ''],
  ['running.hostStartNumber = running.host?.gate.started(nowMs) ?? 0;', ''],
  ['    running.permit?.release();\n', ''],
  ['    running.permit = undefined;\n', ''],
  ['    this.began(running, end.startedMs);\n', ''],
  ['    host.gate.ended(end.endedMs, end);\n', ''],
  ['    this.#room.heardOf(host, end.endedMs);\n', ''],
  ['    running.dueMs = dueMs;\n', ''],
  ['this.#room.later(running, dueMs);', 'this.#room.later(running, this.#clock.now());'],
  ['    this.#room.wake(nowMs);\n', ''],
  ['this.#alarm.ringBy(this.#room.wakeMs());', ''],
  ['if (limit !== undefined) this.#semaphore.resize(limit);', ''],
  ['    this.#alarm.cancel();\n', ''],
];

const WAITING_ROOM: Bugs = [
  ['while (this.#timed.peekKey() <= nowMs) {', 'while (this.#timed.peekKey() < nowMs) {'],
  ["if (host?.place === 'timed') this.#line(host);", ''],
  ['while (this.#backoff.peekKey() <= nowMs) {', 'while (this.#backoff.peekKey() < nowMs) {'],
  ['      running.isInBackoff = false;\n', ''],
  ['      this.#inBackoff--;\n      const { host } = running;', '      const { host } = running;'],
  ['while (this.#expiring.peekKey() <= nowMs) {', 'while (this.#expiring.peekKey() < nowMs) {'],
  [
    'if (!running || running.isFinal || running.permit) continue;',
    'if (!running || running.permit) continue;',
  ],
  [
    'if (!running || running.isFinal || running.permit) continue;',
    'if (!running || running.isFinal) continue;',
  ],
  [
    'if (first?.index === this.#ready.peekKey() && this.#mayStart(host, nowMs)) return first;',
    'if (first && this.#mayStart(host, nowMs)) return first;',
  ],
  ['    host.shift();\n', ''],
  [
    '    if (first) this.#ready.push(first.index, host);\n    else this.#move(host',
    '    if (!first) this.#move(host',
  ],
  ["if (host.place === 'full') this.#line(host);", ''],
  ['    else this.#waitUntil(host, host.gate.dueMs(nowMs));', '    else return;'],
  ['running.index < before.index) this.#line(host);', 'running.index > before.index) this.#line(host);'],
  ['else if (before === undefined || running.index < before.index)', 'else if (before === undefined)'],
  ['if (this.#isDue(host, nowMs)) return true;', 'if (this.#isDue(host, nowMs + 1)) return true;'],
  ["if (host.place === 'timed') this.#waitUntil(host, dueMs);", ''],
  ['    this.#waiting--;\n    const first = host.first();', '    const first = host.first();'],
  ['if (isHeld && !wasHeld) this.#held += host.waiting;', ''],
  ['if (wasHeld && !isHeld) this.#held -= host.waiting;', ''],
  ["if (host.place === 'timed' || host.place === 'full') this.#held++;", ''],
  ['|| gate.closedUntilMs(nowMs) !== undefined;', ';'],
  [
    'return Math.min(this.#backoff.peekKey(), this.#timed.peekKey(), this.#expiring.peekKey());',
    'return Math.min(this.#backoff.peekKey(), this.#timed.peekKey());',
  ],
  [
    'return Math.min(this.#backoff.peekKey(), this.#timed.peekKey(), this.#expiring.peekKey());',
    'return Math.min(this.#backoff.peekKey(), this.#expiring.peekKey());',
  ],
  ['return all.sort((a, b) => a.index - b.index);', 'return all;'],
  ['    this.#inBackoff = 0;\n    return', '    return'],
];

const RUNNING: Bugs = [
  [
    'if (!again.isFinal) return fresh && fresh.index < again.index ? fresh : again;',
    'return fresh && fresh.index < again.index ? fresh : again;',
  ],
  ['fresh.index < again.index ? fresh : again', 'fresh.index > again.index ? fresh : again'],
  ['if (first === this.#fresh.peek()) this.#fresh.shift();', 'if (this.#fresh.peek()) this.#fresh.shift();'],
  ['this.#again.push(running.index, running)', 'this.#again.push(-running.index, running)'],
  ['end.phasesMs.permit = admittedMs - dueMs;', 'end.phasesMs.permit = admittedMs - running.createdMs;'],
  ['if (before) end.phasesMs.backoff = Math.max(0, dueMs - before.endedMs);', ''],
];

const IN_FLIGHT: Bugs = [
  ['    this.#lanes.giveBack(lane);\n', ''],
  ['      this.#forced--;\n', ''],
  ['      this.#late++;\n', ''],
  ['if (!running || running.isFinal) return undefined;', 'if (!running) return undefined;'],
  ['    this.#forced++;\n', ''],
  ['lane < this.#running.length; lane++) if', 'lane < this.#running.length - 1; lane++) if'],
  ['    this.#running[lane] = undefined;\n', ''],
];

const INTAKE: Bugs = [
  ['unheld < Math.min(2 * limit', 'unheld <= Math.min(2 * limit'],
  ['&& waiting - unheld < HELD_MAX', ''],
  ['const index = this.#read++;', 'const index = this.#read;'],
  ['this.#onInvalid(request, index);', ''],
];

const ALARM: Bugs = [
  ['if (atMs >= this.#atMs) return;', 'if (this.#timer) return;'],
  ['      this.#atMs = Number.POSITIVE_INFINITY;\n      this.#ring', '      this.#ring'],
  ['    this.#timer?.cancel();\n    this.#atMs = atMs;', '    this.#atMs = atMs;'],
];

const HTTP_STEPS: Bugs = [
  ['if (tries.length === 1) budget.earn();', ''],
  ['random.nth(index).nth(tries.length)', 'random.nth(0).nth(tries.length)'],
];

const SETTLING: Bugs = [
  ['    running.isFinal = true;\n', ''],
  ['    this.#onFinal(settled);\n', ''],
  ["if (settled.outcome !== 'ok') this.#notOk++;", 'this.#notOk++;'],
  ['if (noRetry) settled.noRetry = noRetry;', ''],
];

const ORDER: Bugs = [
  ['settled.index !== this.#next', 'settled.index < this.#next'],
  ['this.#early.delete(this.#next++);', 'this.#next++;'],
];

const LANES: Bugs = [
  ['this.#free.push(lane, lane);', 'this.#free.push(-lane, lane);'],
  ['this.#free.push(lane, lane);', ''],
];

const SOURCE: Bugs = [
  [
    '    this.ended = true;\n    if (!this.#reading) this.#leave();',
    '    if (!this.#reading) this.#leave();',
  ],
  ['if (!this.#reading) this.#leave(); // a', '// a'],
  ['if (!step || step.done) this.ended = true;', 'if (!step) this.ended = true;'],
  ['if (!this.#reading && !this.#exhausted) this.#read();', 'if (!this.#exhausted) this.#read();'],
  ['        this.failure = { cause };\n        this.#onReady();', '        this.failure = { cause };'],
];

const RUNNER: Bugs = [
  ['if (!this.#attempt || this.#cause) return;', 'if (!this.#attempt) return;'],
  ['if (!this.#attempt || this.#cause) return;', 'if (this.#cause) return;'],
  [
    'this.#startedMs + this.#options.plan.limits.connectMs',
    'this.#startedMs + this.#options.plan.limits.headersMs',
  ],
  [
    'this.#sentMs + this.#options.plan.limits.headersMs',
    'this.#startedMs + this.#options.plan.limits.headersMs',
  ],
  ["this.#enter('body', this.#clock.now() + plan.limits.bodyMs);", ''],
  ['Math.min(untilMs, deadlineMs)', 'untilMs'],
  ['Math.min(untilMs, deadlineMs)', 'deadlineMs'],
  ['this.#clock.now() >= attempt.deadlineMs', 'this.#clock.now() > attempt.deadlineMs'],
  ['this.#cause ??= failure;', 'this.#cause = failure;'],
  ['    this.#cause = undefined;\n', ''],
  ['    this.#status = null;\n', ''],
  ['status < 400', 'status <= 400'],
  [
    'cause !== undefined && !Number.isNaN(this.#sentMs)',
    'cause === undefined && !Number.isNaN(this.#sentMs)',
  ],
];

const PHASES: Bugs = [
  ['phasesMs.download = at.lastByteMs - at.headersMs', 'phasesMs.download = at.lastByteMs - at.sentMs'],
  ['if (whole) phasesMs.network', 'if (!whole) phasesMs.network'],
];

export const IN_ENGINE: Readonly<Record<string, Bugs>> = {
  'src/engine/alarm.ts': ALARM,
  'src/engine/attempt-runner.ts': RUNNER,
  'src/engine/engine.ts': ENGINE,
  'src/engine/gate.ts': GATE,
  'src/engine/http-steps.ts': HTTP_STEPS,
  'src/engine/in-flight.ts': IN_FLIGHT,
  'src/engine/intake.ts': INTAKE,
  'src/engine/lanes.ts': LANES,
  'src/engine/order.ts': ORDER,
  'src/engine/phases.ts': PHASES,
  'src/engine/running.ts': RUNNING,
  'src/engine/settling.ts': SETTLING,
  'src/engine/source.ts': SOURCE,
  'src/engine/waiting-room.ts': WAITING_ROOM,
};
