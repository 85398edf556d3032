import type { EventBatch } from '../../src/domain/market/event-batch.ts';
import type { OpenedMarket } from '../../src/compose/market.ts';

/**
 * A market with some of its events changed on the way: `alter` sees every event once, in order,
 * and may write into the batch.
 */
export function alteredMarket(
  market: OpenedMarket,
  alter: (batch: EventBatch, at: number, receivedUs: number) => void,
): OpenedMarket {
  const { source } = market;
  return {
    ...market,
    source: {
      name: source.name,
      symbols: source.symbols,
      calendar: source.calendar,
      get faults() {
        return source.faults;
      },
      next(batch) {
        if (!source.next(batch)) return false;
        for (let frame = 0; frame < batch.frames; frame += 1) {
          const receivedUs = batch.frameUs[frame] ?? 0;
          const end = batch.frameEnd[frame] ?? 0;
          for (let at = batch.frameBegin(frame); at < end; at += 1) alter(batch, at, receivedUs);
        }
        return true;
      },
      close: () => source.close(),
    },
  };
}
