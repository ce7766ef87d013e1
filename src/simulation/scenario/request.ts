// A request of a scenario: what it costs is known before it is sent, and is the same whoever sends it when.
import type { HttpRequest } from '../../model/request.ts';
import { classOf, drawServiceMs, STREAM } from './draws.ts';
import type { Scenario } from './scenario.ts';

const ATTEMPTS_TOLD_APART = 64;

export class ScenarioRequest implements HttpRequest {
  readonly url = 'http://scenario.invalid/';
  readonly method = 'GET';
  readonly headers: readonly string[] = [];
  readonly body = null;
  readonly timeoutMs = null;
  readonly id: number;
  readonly key: string;
  readonly workMs: number;
  /** Those that were sent. */
  attempts = 0;

  constructor(scenario: Scenario, seed: number, index: number) {
    const { key, service } = classOf(scenario, seed, index);
    this.id = index;
    this.key = key;
    this.workMs = drawServiceMs(service, seed, STREAM.service, index);
  }
}

/** The number by which chance knows an attempt, from 1. */
export function attemptNumber(index: number, attempt: number): number {
  return index * ATTEMPTS_TOLD_APART + Math.min(ATTEMPTS_TOLD_APART - 1, attempt);
}

export function* scenarioRequests(scenario: Scenario, seed: number): Generator<ScenarioRequest> {
  for (let index = 0; index < scenario.requests; index++) yield new ScenarioRequest(scenario, seed, index);
}
