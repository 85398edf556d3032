import type { TurnObserver } from '../../actors/runtime/sequencer.ts';
import type { Log } from '../../cli/log.ts';
import { BAR, QUOTE, TRADE } from '../../domain/market/event-batch.ts';

/** Logs when the first trade, quote or bar was taken, by the age of the process. */
export function firstEvent(log: Pick<Log, 'event'>): TurnObserver {
  let isHeard = false;
  return {
    market(_sequence, batch, from, to) {
      if (isHeard) return;
      const end = batch.frameEnd[to - 1] ?? 0;
      const kinds = batch.kind.subarray(batch.frameBegin(from), end);
      isHeard = kinds.some((kind) => kind === TRADE || kind === QUOTE || kind === BAR);
      if (isHeard) log.event('marketHeard', { startMs: Math.round(performance.now()) });
    },
    turn: () => undefined,
  };
}
