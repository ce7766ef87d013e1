// A strategy is where attempts run × how many may be in flight. The five programs of the talk are five
// rows of this table; the command line, the documents and the tests read the same rows.
import { PacelineError } from '../base/errors.ts';

/** Where attempts run. */
export type Place = 'this thread' | 'worker threads' | 'child processes';

/** A row of the table: where attempts run × how many may be in flight. */
export interface Strategy {
  readonly name: StrategyName;
  readonly place: Place;
  /** Attempts in flight at most, from the limit that was asked for. */
  limit(concurrency: number): number;
  /** One line for help and tables. */
  readonly says: string;
}

/** In the order of the talk, which is the order of tables and help. */
export const STRATEGY_NAMES = ['sequential', 'async', 'semaphore', 'threads', 'processes'] as const;
/** One of `STRATEGY_NAMES`. */
export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** The strategies by name. */
export const STRATEGIES: Readonly<Record<StrategyName, Strategy>> = {
  sequential: { name: 'sequential', place: 'this thread', limit: () => 1, says: 'one after another' },
  async: {
    name: 'async',
    place: 'this thread',
    limit: () => Number.POSITIVE_INFINITY,
    says: 'all at once in one thread',
  },
  semaphore: {
    name: 'semaphore',
    place: 'this thread',
    limit: concurrency => concurrency,
    says: 'at most -c at once in one thread',
  },
  threads: {
    name: 'threads',
    place: 'worker threads',
    limit: concurrency => concurrency,
    says: 'at most -c at once over worker threads',
  },
  processes: {
    name: 'processes',
    place: 'child processes',
    limit: concurrency => concurrency,
    says: 'at most -c at once over child processes',
  },
};

/** Whether it leaves to the user how many may be in flight. */
export function takesLimit({ limit }: Strategy): boolean {
  return limit(7) === 7;
}

/** @throws ERR_OPTION_INVALID for a name that is not in the table */
export function strategyNamed(name: string): Strategy {
  const strategy = Object.hasOwn(STRATEGIES, name) ? STRATEGIES[name as StrategyName] : undefined;
  if (strategy) return strategy;
  throw new PacelineError(
    'ERR_OPTION_INVALID',
    `There is no strategy '${name}'. Strategies: ${STRATEGY_NAMES.join(', ')}.`,
  );
}
