import { describe, expect, it } from 'vitest';
import { Config } from '../../../../src/cli/config-schema.ts';
import type { OpenedMarket } from '../../../../src/compose/market.ts';
import { sessionFeed, warmthOf } from '../../../../src/compose/store-feed/session-feed.ts';
import { readWarmRows, type RowWarmed } from '../../../../src/compose/store-feed/warm-rows.ts';
import { DAY, MINUTE } from '../../../../src/core/time.ts';
import { nextTradingDay } from '../../../../src/domain/market/calendar.ts';
import { copyEvents } from '../../../../src/domain/market/copy-events.ts';
import { EventBatch } from '../../../../src/domain/market/event-batch.ts';
import { symbolStates } from '../../../../src/store/tables/rows.ts';
import { goldenFile, goldenMarket, runGolden } from '../../../golden/golden-session.ts';
import type { RowBatch } from '../../../../src/ports/time-series.ts';
import { MemorySeries } from '../../../memory-series.ts';
import { RowTaker, type Row } from './row-taker.ts';

const file = goldenFile();
const config = Config.parse(file.config);
const second = nextTradingDay(20240603);
const secondOpenUs = second?.openUs ?? 0;
const preUs = secondOpenUs - 6 * 60 * MINUTE;

/** The second of two days, as somebody sees it who was not there on the first. */
function secondDay(warmed: readonly RowWarmed[]): OpenedMarket {
  const market = goldenMarket({ days: 2 });
  const { source } = market;
  const calendar = source.calendar.filter(({ atUs }) => atUs >= preUs);
  const atUs = (calendar[0]?.atUs ?? 0) - MINUTE;
  const taken = new EventBatch();
  const isWanted = (frame: number): boolean =>
    (taken.frameUs[frame] ?? 0) >= preUs || (taken.f[taken.frameBegin(frame)] ?? 0) >= DAY;
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

/** An hour and a half of the second day is enough; the states are all that is looked at. */
async function statesOf(market: OpenedMarket): Promise<RowTaker> {
  const taker = new RowTaker();
  const taken = (batch: RowBatch): void => {
    if (batch.table === symbolStates) taker.take(batch);
  };
  const feed = sessionFeed(file, config, { taken });
  const untilUs = secondOpenUs + 90 * MINUTE;
  await runGolden({ market, feed, services: () => [], untilUs });
  feed.finish();
  return taker;
}

const learned = (taker: RowTaker): readonly Row[] =>
  taker
    .kept('symbol_states')
    .filter(({ at_us }) => Number(at_us) > secondOpenUs)
    .map(({ at_us, symbol, state, layout }) => ({ at_us, symbol, state, layout }) as Row);

describe('rows that are warmed from the store', () => {
  it('are to the bit those of an engine that never stopped', async () => {
    const never = await statesOf(goldenMarket({ days: 2 }));
    const first = await statesOf(goldenMarket());
    const store = new MemorySeries();
    await store.migrate([symbolStates]);
    for (const batch of first.batches) await store.append(batch);
    const question = {
      store,
      feed: `seeded-8-16`,
      layout: warmthOf(config).layout,
      names: goldenMarket().source.symbols.map(({ name }) => name),
      nowUs: secondOpenUs - 30 * MINUTE,
      areBarsSent: false,
    };
    const { rows, reason } = await readWarmRows(question);

    const warm = await statesOf(secondDay(rows));
    const cold = await statesOf(secondDay([]));

    expect(reason).toBeUndefined();
    expect(rows).toHaveLength(18);
    expect(learned(never).length).toBeGreaterThan(500);
    expect(learned(warm)).toEqual(learned(never));
    expect(learned(cold)).not.toEqual(learned(never));
  }, 60_000);
});
