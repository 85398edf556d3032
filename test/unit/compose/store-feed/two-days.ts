import { Config } from '../../../../src/cli/config-schema.ts';
import type { OpenedMarket } from '../../../../src/compose/market.ts';
import { rowLayouts, sessionFeed } from '../../../../src/compose/store-feed/session-feed.ts';
import type { RowWarmed, WarmQuestion } from '../../../../src/compose/store-feed/warm-rows.ts';
import { DAY, HOUR, MINUTE } from '../../../../src/core/time.ts';
import { nextTradingDay } from '../../../../src/domain/market/calendar.ts';
import { copyEvents } from '../../../../src/domain/market/copy-events.ts';
import { EventBatch } from '../../../../src/domain/market/event-batch.ts';
import type { RowBatch } from '../../../../src/ports/time-series.ts';
import { symbolStates } from '../../../../src/store/tables/rows.ts';
import { goldenFile, goldenMarket, runGolden } from '../../../golden/golden-session.ts';
import { type Row, RowTaker } from './row-taker.ts';

export const SECOND_OPEN_US = nextTradingDay(20240603)?.openUs ?? 0;
const PRE_US = SECOND_OPEN_US - 6 * HOUR;

/** The second of two days, as somebody sees it who was not there on the first. */
export function secondDay(warmed: readonly RowWarmed[]): OpenedMarket {
  const market = goldenMarket({ days: 2 });
  const { source } = market;
  const calendar = source.calendar.filter(({ atUs }) => atUs >= PRE_US);
  const atUs = (calendar[0]?.atUs ?? 0) - MINUTE;
  const taken = new EventBatch();
  const isWanted = (frame: number): boolean =>
    (taken.frameUs[frame] ?? 0) >= PRE_US || (taken.f[taken.frameBegin(frame)] ?? 0) >= DAY;
  return {
    ...market,
    source: {
      name: source.name,
      symbols: source.symbols,
      calendar: [...warmed.map((input) => ({ atUs, input })), ...calendar],
      next(batch) {
        batch.clear();
        while (batch.frames === 0) {
          if (!source.next(taken)) return false;
          for (let frame = 0; frame < taken.frames; frame += 1) {
            if (!isWanted(frame)) continue;
            copyEvents(taken, taken.frameBegin(frame), taken.frameEnd[frame] ?? 0, batch);
            batch.endFrame(taken.frameUs[frame] ?? 0);
          }
        }
        return true;
      },
      faults: source.faults,
      close: () => source.close(),
    },
  };
}

const file = goldenFile();
const config = Config.parse(file.config);

/** What is asked of a store before the second day. */
export function questionOf(store: WarmQuestion['store']): WarmQuestion {
  return {
    store,
    feed: 'seeded-8-16',
    ...rowLayouts(config),
    names: goldenMarket().source.symbols.map(({ name }) => name),
    nowUs: SECOND_OPEN_US - 30 * MINUTE,
    areBarsSent: false,
  };
}

/** An hour and a half of the second day is enough; the states are all that is looked at. */
export async function statesOf(market: OpenedMarket): Promise<RowTaker> {
  const taker = new RowTaker();
  const taken = (batch: RowBatch): void => {
    if (batch.table === symbolStates) taker.take(batch);
  };
  const feed = sessionFeed(file, config, { taken });
  const untilUs = SECOND_OPEN_US + 90 * MINUTE;
  await runGolden({ market, feed, services: () => [], untilUs });
  feed.finish();
  return taker;
}

/** What the rows had learned at each close of the second day, whichever session it was. */
export function learnedOf(taker: RowTaker): readonly Row[] {
  return taker
    .kept('symbol_states')
    .filter(({ at_us }) => Number(at_us) > SECOND_OPEN_US)
    .map((row) => ({ ...row, session: '', sequence: 0 }));
}
