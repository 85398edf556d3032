import type { ServiceTree } from '../../actors/services/service-tree.ts';
import type { Timer } from '../../ports/clock.ts';
import type { LivePlace } from './live-place.ts';

/** Wall time: late enough to have traded, early enough to be watched as it heals. */
const DROP_MS = 8_000;
const KILL_MS = 14_000;
const AGAIN_MS = 30_000;

/**
 * For `--crash`: the data socket is cut at the venue, and the broker service dies. Repeatedly,
 * until what it answers is called.
 */
export function crashServices({
  tree,
  place,
}: {
  readonly tree: ServiceTree;
  readonly place: LivePlace;
}): () => void {
  let waiting: Timer[] = [];
  const again = (afterMs: number, run: () => void): void => {
    const timer = place.timers.after(afterMs, () => {
      waiting = waiting.filter((other) => other !== timer);
      run();
      again(AGAIN_MS, run);
    });
    waiting.push(timer);
  };
  again(DROP_MS, () => void place.dropMarketData?.().catch(() => undefined));
  again(KILL_MS, () => void tree.kill('broker'));
  return () => {
    for (const timer of waiting) timer.cancel();
  };
}
