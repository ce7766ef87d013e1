// The three executors under the one contract.

import { loadHandler } from '../../src/executors/handlers.ts';
import { openLocalExecutor } from '../../src/executors/open-local.ts';
import { monotonicMs, systemClock } from '../../src/platform/system-clock.ts';
import { executorContract, type OpenDriven } from '../contract/executor.contract.ts';
import { attemptPlan, DrivenExecutor } from '../support/driven-executor.ts';
import { openDrivenPool } from '../support/open-pool.ts';

const openInProcess: OpenDriven = async options => {
  const plan = attemptPlan(options);
  const clockOriginMs = monotonicMs();
  const clock = systemClock(clockOriginMs);
  const handler = plan.handler ? await loadHandler(plan.handler) : undefined;
  return new DrivenExecutor(clock, onAttemptEnd =>
    openLocalExecutor({ plan, handler, clock, clockOriginMs, worker: undefined, onAttemptEnd }),
  );
};

executorContract('in this thread', openInProcess);
executorContract('worker threads', plan => openDrivenPool('worker threads', plan));
executorContract('child processes', plan => openDrivenPool('child processes', plan));
