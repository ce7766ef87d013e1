// The sentences with their numbers, what silences all rules, and that a record says the same as the run that wrote it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Summary } from '../../../src/model/record.ts';
import { rateFlagText, statedRateText } from '../../../src/reports/diagnosis/diagnosed-run.ts';
import { HANDLING, RunFacts } from '../../../src/reports/diagnosis/facts.ts';
import { diagnose, diagnosisText } from '../../../src/reports/diagnosis.ts';
import { requestLine } from '../../../src/trace/line.ts';
import { type Diagnosed, diagnosed, diagnosedRun, type ScenarioOptions } from '../../support/diagnosed.ts';
import { hostsRun, trickledRun } from '../../support/diagnosed-engine.ts';
import { assertGolden } from '../../support/golden.ts';
import { aSettled, aTry, scene } from '../../support/record-lines.ts';

const ms = (value: number) => ({ kind: 'constant', ms: value }) as const;

const TOLD: Readonly<Record<string, () => Diagnosed>> = {
  "the talk's nine requests, all at once": () => diagnosedRun({ requests: 9, limit: null }),
  'ten at once for three workers': () => diagnosedRun({ requests: 200, limit: 10 }),
  'one worker, and a way to it': () =>
    diagnosedRun({ requests: 40, limit: 4, network: { rttMs: 500 }, server: { workers: 1 } }),
  'three workers far away': () => diagnosedRun({ requests: 200, limit: 10, network: { rttMs: 300 } }),
  'some sent twice, and waits counted by attempt': () => {
    const faults = (exchange: number) =>
      exchange % 30 === 0 ? ({ kind: 'status', status: 500 } as const) : undefined;
    return diagnosedRun({ requests: 200, limit: 10, network: { rttMs: 0, faults } });
  },
  'three at once for eight workers': () => diagnosedRun({ requests: 90, limit: 3, server: { workers: 8 } }),
  'one after another': () => diagnosedRun({ requests: 20, limit: 1, strategy: 'sequential' }),
  'three at once for one host': () =>
    diagnosedRun({ requests: 90, limit: 20, polite: { perHost: 3 }, server: { workers: 8 } }),
  'two a second': () =>
    diagnosedRun({ requests: 100, limit: 10, polite: { rate: '2/s' }, server: { workers: 8 } }),
  'five in a quarter of a minute, from a server that tells nothing': () =>
    diagnosedRun({ requests: 60, limit: 10, polite: { hostRate: '5/15s' }, isSilent: true }),
  'a server that takes ten a second': () =>
    diagnosedRun({
      ...{ requests: 200, limit: 50, polite: { retries: 10 } },
      server: { workers: 50, serviceTime: ms(50), rateLimit: { count: 10, windowMs: 1000 } },
    }),
  'a handler of 50 ms': () =>
    diagnosedRun({
      ...{ requests: 60, limit: 10, costs: { cpuMs: 50 } },
      server: { workers: 10, serviceTime: ms(100) },
    }),
  'a slow host': () =>
    hostsRun({
      limit: 10,
      hosts: { a: { requests: 50, ms: 2000 }, b: { requests: 50, ms: 50 }, c: { requests: 100, ms: 80 } },
    }),
  'requests from a pipe, one in ten seconds': () =>
    trickledRun({ requests: 100, everyMs: 10_000, limit: 10, serviceMs: 3000, inputs: ['-'] }),
  'requests from a slow disk': () =>
    trickledRun({ requests: 100, everyMs: 100, limit: 10, serviceMs: 130, inputs: ['urls.txt'] }),
  'connections that are not kept': () =>
    diagnosedRun({
      ...{ requests: 60, limit: 3, network: { rttMs: 100, keepAlive: false } },
      server: { serviceTime: ms(20) },
    }),
  'one in four answered with 503': () => {
    const faults = (exchange: number) =>
      exchange % 4 === 1 ? ({ kind: 'status', status: 503 } as const) : undefined;
    return diagnosedRun({ requests: 300, limit: 3, network: { rttMs: 0, faults }, polite: { retries: 5 } });
  },
  'resets, and connections that are not kept': () => {
    const faults = (exchange: number) => (exchange % 4 === 1 ? ({ kind: 'reset' } as const) : undefined);
    return diagnosedRun({ requests: 100, limit: 2, network: { rttMs: 80, keepAlive: false, faults } });
  },
};

test('the sentences as a person has looked at them', () => {
  const text = Object.entries(TOLD)
    .map(([name, run]) => [`# ${name}`, ...run().diagnoses.map(one => `${one.code}: ${diagnosisText(one)}`)])
    .map(lines => lines.join('\n'))
    .join('\n\n');
  assertGolden('reports/diagnoses.txt', `${text}\n`);
});

const FULL: ScenarioOptions = { requests: 200, limit: 10 };

test('the numbers of the sentence are those of the run', () => {
  const { summary, diagnoses } = diagnosedRun(FULL);
  const [first] = diagnoses;
  assert.equal(first?.code, 'server_capacity');
  assert.match(
    first?.sentence ?? '',
    new RegExp(`${summary.serverWaited} of ${summary.attempts} requests waited`),
  );
  assert.match(first?.sentence ?? '', /up to 3 s, while its 3 workers were busy/);
});

test('nothing is said of a run that did not come to its end', () => {
  const { header, summary, facts } = diagnosedRun(FULL);
  for (const ended of ['interrupted', 'deadline', 'failed', 'local_failure'] as const)
    assert.deepEqual(diagnose(header, { ...summary, ended }, facts), []);
  assert.equal(diagnose(header, { ...summary, ended: 'complete' }, facts).length, 1);
});

test('nothing is said where two things look as if each had held the run back', () => {
  const { header, summary, facts } = hostsRun({
    limit: 10,
    hosts: { a: { requests: 50, ms: 2000 }, b: { requests: 80, ms: 50 } },
  });
  const codes = () => diagnose({ ...header, simulated: true }, summary, facts).map(({ code }) => code);
  assert.deepEqual(codes(), ['slow_host']);
  facts.curves.add(HANDLING, 0, summary.makespanMs);
  assert.deepEqual(codes(), []);
});

test('a handler that waits is none that works', () => {
  const run = (userMs: number, share?: number) => {
    const settled = [...scene({ requests: 40, limit: 4, serviceMs: 10, serverWorkers: 4 })].map(one => ({
      ...one,
      tries: one.tries.map(({ phasesMs, endedMs, ...rest }) => ({
        ...rest,
        endedMs: endedMs + 10,
        phasesMs: { ...phasesMs, handler: 10 },
      })),
    }));
    const usage = { realMs: 250, userMs, sysMs: 0, peakMemoryBytes: 1, processes: 1, threads: 1 };
    const loop = (busy: number) => ({ of: 'main', everyMs: 1000, busy: [busy] }) as const;
    const eventLoops = share === undefined ? [] : [loop(share)];
    const seal = (summary: Summary): Summary => ({ ...summary, usage, eventLoops });
    return diagnosed({ strategy: 'semaphore', concurrency: 4 }, settled, { seal }).codes;
  };
  assert.ok(run(400).includes('cpu_handler'));
  assert.deepEqual(run(40), []);
  assert.ok(run(400, 0.95).includes('cpu_handler'));
  assert.deepEqual(run(400, 0.1), [], 'the start of the process took that CPU time');
});

test('while our own processor is busy, no limit of ours is blamed', () => {
  const { header, summary, facts } = diagnosedRun({ requests: 90, limit: 3, server: { workers: 8 } });
  const usage = { realMs: 1000, userMs: 850, sysMs: 0, peakMemoryBytes: 1, processes: 1, threads: 1 };
  assert.equal(diagnose(header, summary, facts).length, 1);
  assert.deepEqual(diagnose(header, { ...summary, usage }, facts), []);
  assert.equal(diagnose(header, { ...summary, usage: { ...usage, userMs: 300 } }, facts).length, 1);
  const loops = (share: number) => [{ of: 'main', everyMs: 100_000, busy: [share] }] as const;
  assert.deepEqual(diagnose(header, { ...summary, eventLoops: loops(0.9) }, facts), []);
  assert.equal(diagnose(header, { ...summary, eventLoops: loops(0.3) }, facts).length, 1);
});

test('the lines of its record say the same as the run', () => {
  for (const [name, run] of Object.entries(TOLD)) {
    const { header, summary, facts: live, settled } = run();
    const read = new RunFacts();
    for (const one of settled) {
      const line = JSON.parse(requestLine(one, 'none'));
      read.add(line, line.url);
    }
    assert.deepEqual(diagnose(header, summary, read), diagnose(header, summary, live), name);
  }
});

test('rates are told as the flags take them, and rounded so that none is above', () => {
  for (const [perSecond, text] of [
    [9.39, '9.3/s'],
    [100, '100/s'],
    [1234, '1200/s'],
    [0.5, '30/min'],
    [0.2999, '17/min'],
    [0.001, '3.6/h'],
  ] as const)
    assert.equal(rateFlagText(perSecond), text);
  assert.equal(statedRateText({ count: 5, windowMs: 15_000 }), '5/15s');
  assert.equal(statedRateText({ count: 100, windowMs: 60_000 }), '100/min');
  assert.equal(statedRateText({ count: 1, windowMs: 250 }), '1/250ms');
});

test('a server that refuses without naming a wait: the pauses after it are ours, and are told as such', () => {
  const run = diagnosedRun({
    ...{ requests: 200, limit: 40, polite: { retries: 1000 } },
    server: {
      ...{ workers: 500, rateLimit: { count: 10, windowMs: 1000 } },
      serviceTime: { kind: 'constant', ms: 20 },
    },
  });
  const unhinted = run.settled.map(one => ({
    ...one,
    tries: one.tries.map(({ retryAfterMs: _, ...rest }) => rest),
  }));
  const [found] = diagnosed(run.header, unhinted).diagnoses;
  assert.equal(found?.code, 'server_refuses');
  assert.match(
    found.sentence,
    /^The server's rate limit: it refused \d+ of \d+ attempts, and the pauses after/,
  );
  // A rate of our own holds starts back just as well: then nobody knows which of the two it was.
  const ownRate = { ...run.header, rate: { count: 30, windowMs: 1000 } };
  assert.deepEqual(diagnosed(ownRate, unhinted).codes.includes('server_refuses'), false);
});

test('of attempts that take microseconds the hand-over is no connection', () => {
  const settled = Array.from({ length: 400 }, (_, index) => {
    const startedMs = index * 0.1;
    const one = aTry({ startedMs, endedMs: startedMs + 0.1, phasesMs: { network: 0.04, ttfb: 0.06 } });
    return aSettled({ index, createdMs: startedMs, endedMs: one.endedMs, tries: [one] });
  });
  const { facts, codes } = diagnosed({ strategy: 'semaphore', concurrency: 3 }, settled);
  assert.equal(facts.connected, 0);
  assert.deepEqual(codes.includes('connecting'), false);
});
