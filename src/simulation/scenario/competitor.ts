// Another client of the same server: so many requests in flight from one instant to another, each followed by the next.
import type { Clock } from '../../base/clock.ts';
import { drawServiceMs, STREAM } from './draws.ts';
import type { Scenario } from './scenario.ts';
import type { Station } from './station.ts';

/** After a refusal it tries again so much later. */
const AGAIN_MS = 100;

/** @param isOver whether our own client is done, and theirs may stop */
export function letCompete(
  { competitors, rttMs }: Scenario,
  seed: number,
  { clock, station, isOver }: { clock: Clock; station: Station; isOver: () => boolean },
): void {
  let sent = 0;
  for (const { concurrency, fromMs, toMs, service } of competitors) {
    const sendNext = (): void => {
      if (clock.now() >= toMs || isOver()) return;
      const workMs = drawServiceMs(service, seed, STREAM.competitor, sent++);
      const onDone = () => clock.schedule(clock.now() + rttMs, sendNext);
      if (!station.offer({ workMs, onDone })) clock.schedule(clock.now() + AGAIN_MS, sendNext);
    };
    for (let one = 0; one < concurrency; one++) clock.schedule(fromMs, sendNext);
  }
}
