// `paceline/simulation`: the same engine against a modelled server on a virtual clock.
export type { HttpRequest } from '../model/request.ts';
export type { Settled } from '../model/settled.ts';
export { parseServiceTime, type ServiceTime } from '../workload/service-time.ts';
export { type ClientCosts, NO_COSTS } from './executor.ts';
export { FAULT_KINDS, type Fault, type FaultKind, type FaultPlan, seededFaults } from './faults.ts';
export {
  openSimulation,
  type Simulation,
  type SimulationPlan,
  type SimulationResult,
  simulate,
} from './run.ts';
export { ServerModel, type ServerModelPlan, type ServerModelStatistics } from './server-model.ts';
export { type NetworkPlan, SimulatedTransport } from './transport.ts';
export { VirtualClock } from './virtual-clock.ts';
