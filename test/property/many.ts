// Every twentieth scenario of a campaign becomes one of thousands of requests: some mistakes need many to show.
import type { HttpRequest, InvalidInput } from '../../src/model/request.ts';
import type { Scenario } from './scenario.ts';

const EVERY = 20;
const COUNT = 20_000;

export function withinMany(scenario: Scenario): Scenario {
  if (scenario.seed % EVERY !== 0 || scenario.requests.length === 0) return scenario;
  const few = scenario.requests;
  const requests: (HttpRequest | InvalidInput)[] = [];
  while (requests.length < COUNT) requests.push(...few);
  return { ...scenario, requests };
}
