// A simulated run of many requests and nothing else, with or without every invariant checked at every event.
// Usage: node simulate.ts on|off COUNT
import { ATTEMPT_LIMITS } from '../../src/model/plan.ts';
import { NO_COSTS } from '../../src/simulation/executor.ts';
import { simulate } from '../../src/simulation/run.ts';
import { driveNow } from '../../test/property/drive.ts';
import { request } from '../../test/property/scenario.ts';

const [, , invariants = '', countText = ''] = process.argv;
const count = Number(countText);
const server = {
  workers: 50,
  workerClass: 'sync',
  serviceTime: { kind: 'exponential', meanMs: 20 },
  backlog: Number.POSITIVE_INFINITY,
  rateLimit: null,
  seed: 1,
} as const;

function* requests() {
  for (let index = 0; index < count; index++) yield request(index);
}

let ok = 0;
if (invariants === 'off') {
  simulate({ requests: requests(), limit: 50, server, network: { rttMs: 1 } }, ({ outcome }) => {
    if (outcome === 'ok') ok++;
  });
} else {
  const { tally, invariants: watched } = driveNow({
    ...{ seed: 1, requests: [...requests()], source: 'array', handler: 'none', limit: 50, order: 'ended' },
    ...{ timeoutMs: Number.POSITIVE_INFINITY, graceMs: 1000, limits: ATTEMPT_LIMITS, server },
    ...{
      rttMs: 1,
      closeMs: 0,
      faultShare: 0,
      faultKinds: [],
      faultMsMax: 1,
      costs: NO_COSTS,
      workers: null,
      wallSteps: null,
      actions: [],
      polite: null,
      stop: null,
    },
  });
  if (watched.broken !== undefined) throw new Error(watched.broken);
  ok = tally.outcomes.get('ok') ?? 0;
}
if (ok !== count) throw new Error(`expected ${count} ok, got ${ok}`);
