// What is tried because a diagnosis said so does what it said: the advice is read from its text, and followed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnosis } from '../../../src/reports/diagnosis.ts';
import { type Diagnosed, diagnosedRun, type ScenarioOptions } from '../../support/diagnosed.ts';
import { type Hosts, hostsRun } from '../../support/diagnosed-engine.ts';
import { Draw } from '../../support/scenarios.ts';

const SEEDS = 40;

function the(code: string, { diagnoses }: Diagnosed): Diagnosis {
  const found = diagnoses.find(one => one.code === code);
  assert.ok(found, `${code} is said`);
  return found;
}

function numberBehind(flag: string, { tryThis }: Diagnosis): number {
  const match = new RegExp(`${flag} (\\d+)`).exec(tryThis);
  assert.ok(match, tryThis);
  return Number(match[1]);
}

test('as many as the server has workers take about as long, and nobody waits in its queue', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const draw = new Draw(seed);
    const workers = draw.whole(1, 10);
    const ms = draw.between(20, 400);
    const options: ScenarioOptions = {
      ...{ requests: workers * draw.whole(8, 30), limit: draw.of(null, workers * 5), seed },
      network: { rttMs: ms * draw.of(0, 0.02) },
      server: { workers, serviceTime: { kind: 'uniform', ms, spreadPercent: draw.of(0, 50) } },
    };
    const before = diagnosedRun(options);
    const advice = the('server_capacity', before);
    const after = diagnosedRun({ ...options, limit: numberBehind('-c', advice) });
    assert.match(advice.tryThis, /about as long and queues nothing/);
    assert.equal(after.summary.serverWaited, 0, `seed ${seed}`);
    assert.ok(after.summary.makespanMs <= 1.08 * before.summary.makespanMs, `seed ${seed}`);
  }
});

test('over a slow network so many are told that the workers stay busy', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const draw = new Draw(seed);
    const workers = draw.whole(2, 10);
    const ms = draw.between(20, 400);
    const options: ScenarioOptions = {
      ...{ requests: workers * 40, limit: workers * 8, seed, network: { rttMs: ms * draw.between(0.1, 2) } },
      server: { workers, serviceTime: { kind: 'constant', ms } },
    };
    const before = diagnosedRun(options);
    const advice = the('server_capacity', before);
    const after = diagnosedRun({ ...options, limit: numberBehind('-c', advice) });
    assert.match(advice.tryThis, /enough to keep/);
    assert.ok(after.summary.makespanMs <= 1.06 * before.summary.makespanMs, `seed ${seed}`);
    const waits = [before, after].map(({ summary }) => summary.serverQueueMs?.p50 ?? 0);
    assert.ok((waits[1] as number) < 0.5 * (waits[0] as number), `seed ${seed}`);
  }
});

test('a higher limit of our own shortens the run', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const draw = new Draw(seed);
    const limit = draw.whole(1, 8);
    const ms = draw.between(20, 400);
    const options: ScenarioOptions = {
      ...{ requests: limit * 30, limit, seed, network: { rttMs: ms * draw.of(0, 0.3) } },
      server: { workers: limit * draw.whole(2, 4), serviceTime: { kind: 'constant', ms } },
    };
    const before = diagnosedRun(options);
    const after = diagnosedRun({ ...options, limit: numberBehind('-c', the('own_limit', before)) });
    assert.ok(after.summary.makespanMs <= 0.65 * before.summary.makespanMs, `seed ${seed}`);
  }
});

test('a higher rate of our own shortens the run', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const perSecond = new Draw(seed).whole(2, 40);
    const options: ScenarioOptions = {
      ...{ requests: perSecond * 20, limit: perSecond, seed, polite: { rate: `${perSecond}/s` } },
      server: { workers: perSecond, serviceTime: { kind: 'constant', ms: 100 } },
    };
    const before = diagnosedRun(options);
    const rate = /--rate (\S+),/.exec(the('own_rate', before).tryThis)?.[1] ?? '';
    const after = diagnosedRun({ ...options, polite: { rate } });
    assert.ok(after.summary.makespanMs <= 0.8 * before.summary.makespanMs, `seed ${seed}: ${rate}`);
  }
});

test('at the rate that is told, the server refuses nothing, and it takes about as long', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const draw = new Draw(seed);
    const count = draw.whole(2, 20);
    const options: ScenarioOptions = {
      ...{ requests: count * draw.whole(8, 20), limit: 4 * count, seed, polite: { retries: 1000 } },
      server: {
        workers: 99,
        rateLimit: { count, windowMs: 1000 },
        serviceTime: { kind: 'constant', ms: 20 },
      },
    };
    const before = diagnosedRun(options);
    const rate = /--rate (\S+):/.exec(the('server_refuses', before).tryThis)?.[1] ?? '';
    const after = diagnosedRun({ ...options, polite: { ...options.polite, rate } });
    assert.equal(after.summary.refused ?? 0, 0, `seed ${seed}: ${rate}`);
    assert.ok(after.summary.makespanMs <= 1.15 * before.summary.makespanMs, `seed ${seed}: ${rate}`);
  }
});

test('handlers in threads shorten the run', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const limit = new Draw(seed).whole(6, 16);
    const options: ScenarioOptions = {
      ...{ requests: limit * 10, limit, seed, costs: { cpuMs: 40 } },
      server: { workers: limit, serviceTime: { kind: 'constant', ms: 80 } },
    };
    const before = diagnosedRun(options);
    assert.match(the('cpu_handler', before).tryThis, /^-S threads:/);
    const after = diagnosedRun({ ...options, costs: { cpuMs: 40, workers: 4 } });
    assert.ok(after.summary.makespanMs <= 0.7 * before.summary.makespanMs, `seed ${seed}`);
  }
});

test('kept connections shorten the run', () => {
  const options: ScenarioOptions = {
    ...{ requests: 100, limit: 5, network: { rttMs: 200, keepAlive: false } },
    server: { workers: 5, serviceTime: { kind: 'constant', ms: 20 } },
  };
  const before = diagnosedRun(options);
  the('connecting', before);
  const after = diagnosedRun({ ...options, network: { rttMs: 200 } });
  assert.ok(after.summary.makespanMs <= 0.6 * before.summary.makespanMs);
});

test('with a part of the permits for the slow host, the others are done earlier', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const draw = new Draw(seed);
    const options: Hosts = {
      limit: draw.whole(4, 20),
      hosts: {
        a: { requests: 80, ms: draw.between(500, 900) },
        b: { requests: 60, ms: draw.between(10, 30) },
        c: { requests: 60, ms: draw.between(10, 30) },
      },
    };
    const before = hostsRun(options);
    const after = hostsRun({ ...options, perHost: numberBehind('--per-host', the('slow_host', before)) });
    for (const name of ['b', 'c'])
      assert.ok((after.endsMs.get(name) ?? 0) < 0.9 * (before.endsMs.get(name) ?? 0), `seed ${seed} ${name}`);
  }
});
