import { describe, expect, it } from 'vitest';
import { Config } from '../../../../src/cli/config-schema.ts';
import { withHistory } from '../../../../src/compose/history-source.ts';
import type { OpenedMarket } from '../../../../src/compose/market.ts';
import { retellSession } from '../../../../src/compose/store-feed/refill.ts';
import { sessionFeed } from '../../../../src/compose/store-feed/session-feed.ts';
import { MINUTE } from '../../../../src/core/time.ts';
import { TRADE_SUSPICIOUS, TRADE_VOLUME } from '../../../../src/domain/market/event-batch.ts';
import { seededHistory } from '../../../../src/venue/market/seeded-history.ts';
import { createSeededMarket } from '../../../../src/venue/market/seeded-market.ts';
import { MemoryDisk } from '../../../faulty-disk.ts';
import { goldenFile, runGolden } from '../../../golden/golden-session.ts';
import { type Row, RowTaker } from './row-taker.ts';

/** Busy enough that trades of closed bars are corrected and busted. */
const MARKET = { seed: 8, symbols: 6, date: 20240603, extendedHours: false, tradesPerDay: 3_000 };
const file = goldenFile();
const config = Config.parse(file.config);

function marketOf(): OpenedMarket {
  const market = createSeededMarket(MARKET);
  const atUs = (market.calendar[0]?.atUs ?? 0) - MINUTE;
  return {
    source: withHistory(market, seededHistory(MARKET), atUs),
    isHistoryGiven: true,
    historyFaults: { count: 0, first: [] },
  };
}

describe('bars that the kernel makes of trades', () => {
  it('are in the store as its trades there make them, live and refilled', async () => {
    const live = new RowTaker();
    const feed = sessionFeed(file, config, { taken: live.take });
    const disk = new MemoryDisk();
    await runGolden({ market: marketOf(), feed, disk, services: () => [] });
    feed.finish();
    const told = new RowTaker();
    retellSession(disk, file, sessionFeed(file, config, { taken: told.take }));

    const bars = live.kept('bars').filter(({ timeframe }) => timeframe === '1m');
    const anew = live.rows('bars').filter(({ timeframe }) => timeframe === '1m').length;
    const counted = countsOf(live.kept('trades'));
    const wrong = bars.filter((bar) => !isOf(bar, counted.get(keyOf(bar))));
    process.stdout.write(
      `${bars.length} bars, ${anew - bars.length} told anew, ${wrong.length} not as the trades\n`,
    );

    expect(told.kept('bars')).toEqual(live.kept('bars'));
    expect(bars.length).toBeGreaterThan(1_500);
    expect(anew).toBeGreaterThan(bars.length);
    expect(wrong).toEqual([]);
  }, 120_000);
});

interface Counted {
  volume: number;
  turnover: number;
  trades: number;
}

/** By symbol and minute, of the trades that count. */
function countsOf(trades: readonly Row[]): ReadonlyMap<string, Counted> {
  const counted = new Map<string, Counted>();
  for (const { symbol, venue_us: us, price, size, flags } of trades) {
    const isCounted = (Number(flags) & (TRADE_VOLUME | TRADE_SUSPICIOUS)) === TRADE_VOLUME;
    if (!isCounted || Number(size) === 0) continue;
    const startUs = Math.floor(Number(us) / MINUTE) * MINUTE;
    const key = `${String(symbol)} ${startUs}`;
    const sum = counted.get(key) ?? { volume: 0, turnover: 0, trades: 0 };
    counted.set(key, sum);
    sum.volume += Number(size);
    sum.turnover += Number(size) * Number(price);
    sum.trades += 1;
  }
  return counted;
}

function keyOf({ symbol, start_us: startUs }: Row): string {
  return `${String(symbol)} ${String(startUs)}`;
}

function isOf({ volume, vwap, trades }: Row, counted: Counted | undefined): boolean {
  if (counted === undefined) return false;
  const mean = counted.turnover / counted.volume;
  const isSame = volume === counted.volume && trades === counted.trades;
  return isSame && Math.abs(Number(vwap) - mean) < 1e-9 * mean;
}
