// The numbers of the controller that are choices, each with what it is for.
export const TUNING = {
  /** In flight before anything is known: what costs nobody much, and most of what small servers take. */
  start: 4,
  /** In the start-up a round may at most have so many times the in-flight limit of the one before it. */
  growth: 2,
  regrowth: 1.5,
  /** And at least so many times, while nothing speaks against it. */
  growthFloor: 1.25,
  /** A proof of so much of the level it was sent at says that the level is not yet the server's limit. */
  clear: 0.7,
  /** Enough requests near the top of which none proves so much say that it is. */
  full: 0.65,
  fullNear: 0.75,
  fullRequests: 4,
  fullShare: 0.3,
  /** Requests in flight above the capacity, so that one always waits and the capacity is proved anew in each round. */
  margin: 1,
  marginShare: 0.07,
  duty: 2,
  restAfter: 2,
  restBelow: 14,
  early: true,
  /** How exactly a level is known. */
  tolerance: 0.5,
  toleranceShare: 0.05,
  /** Rounds that a proof is believed. */
  memoryRounds: 5,
  staleGaps: 5,
  staleRounds: 1.5,
  staleRequests: 8,
  /** Of the shortest time on the wire, what a request surely spent with a worker and on the way back. */
  cut: 0.92,
  /** More than so many, and so large a share, of a round's requests above the known capacity: the server has grown. */
  liftRequests: 3,
  liftShare: 0.15,
  liftFree: 0.85,
  riseAfter: 3,
  probeRise: 1,
  probeRiseShare: 0.08,
  fallShare: 0.8,
  openZ: 0.5,
  openFrom: 1,
  openBy: 1.5,
  disputeZ: 3,
  disputeShare: 1.05,
  disputeBy: 2,
  dropShare: 0.7,
  dropRequests: 8,
  guardZStart: 2,
  guardZ: 2,
  guardZFifo: 3.5,
  guardShare: 0.7,
  doubtZ: 1,
  heldRounds: 2,
  lowerZ: 0,
  gateZ: 1,
  gateShare: 0.8,
  visitShare: 0.08,
  visitLevel: 0.6,
  visitFirst: 12,
  visitError: 0.12,
  upEvery: 7,
  upEverySmall: 14,
  small: 14,
  upBy: 1.15,
  upFrom: 3,
};
