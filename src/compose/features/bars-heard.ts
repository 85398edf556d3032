import { DAY } from '../../core/time.ts';
import type { FeatureSet } from '../../domain/features/feature-set.ts';
import { engineFault } from '../../domain/features/engine-bars.ts';
import { timeframeOf } from '../../domain/features/timeframe.ts';
import type { BarSource } from '../../domain/market/bars/bar-options.ts';
import { BAR, EventBatch, TRADE } from '../../domain/market/event-batch.ts';
import type { MarketSource } from '../../ports/market-source.ts';

/**
 * What bars are made of: as `market.bars` says, which for a session of ours is its own, and only
 * where the market has had nothing of that kind until then of the other. Of the venue's bars the
 * shortest are taken. What comes after `untilUs` is not looked at: it must not change the row.
 */
export function barsHeard(
  open: () => MarketSource,
  wanted: 'trades' | 'venue',
  graceUs: number,
  untilUs: number,
): BarSource {
  const source = open();
  const batch = new EventBatch();
  let spanUs = Number.POSITIVE_INFINITY;
  let hasTrades = false;
  const isSettled = () => hasTrades && wanted === 'trades';
  const hear = (frame: number) => {
    for (let event = batch.frameBegin(frame); event < (batch.frameEnd[frame] ?? 0); event += 1) {
      const span = batch.f[event] ?? DAY;
      if (batch.kind[event] === TRADE) hasTrades = true;
      if (batch.kind[event] === BAR && span < DAY) spanUs = Math.min(spanUs, span);
    }
  };
  try {
    let isOver = false;
    while (!isOver && source.next(batch)) {
      for (let frame = 0; frame < batch.frames && !isOver; frame += 1) {
        isOver = isSettled() || (batch.frameUs[frame] ?? 0) > untilUs;
        if (!isOver) hear(frame);
      }
    }
  } finally {
    source.close();
  }
  const isOfBars = spanUs < DAY && (wanted === 'venue' || !hasTrades);
  return isOfBars ? { kind: 'bars', spanUs, graceUs } : { kind: 'trades', graceUs };
}

/** For a person: why the bars of a set cannot be made of that, if they cannot. */
export function barsFault(set: FeatureSet, from: BarSource, source: string): string | undefined {
  const fault = engineFault(set, from);
  if (fault === undefined) return undefined;
  const asked = set.timeframes.join(', ');
  if (from.kind === 'trades' || fault.field !== 'spanUs') {
    return `bars of ${asked} cannot be made: ${fault.expected}, not ${fault.value}`;
  }
  const span = timeframeOf(from.spanUs);
  return `${source} holds bars of ${span}, of which bars of ${asked} cannot all be made`;
}
