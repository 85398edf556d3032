import { describe, expect, it } from 'vitest';
import { createSystemTime } from '../../src/actors/services/system-time.ts';
import { HOUR, MINUTE } from '../../src/core/time.ts';
import { newYorkToUs } from '../../src/domain/market/calendar.ts';
import { RestHistory } from '../../src/streams/alpaca/history/rest-history.ts';
import type { HistoryBar, HistoryTrade } from '../../src/streams/market/market-history.ts';
import { fetchDailyBars } from '../../src/streams/market/past-bars.ts';
import { fetchGroupedDays } from '../../src/streams/polygon/rest/grouped-days.ts';
import { listTickers } from '../../src/streams/polygon/rest/listed-tickers.ts';
import { PolygonHistory } from '../../src/streams/polygon/rest/polygon-history.ts';
import { DEMO_KEYS } from '../venue-socket.ts';
import { VenueRig } from '../venue-rig.ts';

const DATE = 20240603;
const NOON_US = newYorkToUs(DATE, 12 * HOUR);

/** One venue, asked in the languages of both providers. */
describe('what a venue remembers, over the clients of Alpaca and of Polygon', () => {
  const rig = new VenueRig({ symbols: 40, plan: 'plus' });
  const span = (symbols: readonly string[], minutes: number) => ({
    symbols,
    fromUs: NOON_US - minutes * MINUTE,
    toUs: NOON_US,
  });

  function histories() {
    const { clock, timers } = createSystemTime({ onSkew: () => undefined });
    const { dataUrl, polygonUrl } = rig.venue;
    const time = { clock, timers, requestsPerMinute: 100_000 };
    const keys = { keyId: DEMO_KEYS.key, secret: DEMO_KEYS.secret };
    return {
      alpaca: new RestHistory({ url: dataUrl, ...keys, feed: 'sip', ...time }),
      polygon: new PolygonHistory({ url: polygonUrl, key: DEMO_KEYS.key, ...time }),
    };
  }

  async function collected<Row>(
    ask: (take: (name: string, rows: readonly Row[]) => void) => Promise<void>,
  ): Promise<readonly (readonly [string, readonly Row[]])[]> {
    const rows = new Map<string, readonly Row[]>();
    await ask((name, some) => rows.set(name, some));
    return [...rows].toSorted(([left], [right]) => (left < right ? -1 : 1));
  }

  it.each([1, 7, 120])('is the same minute bars of all symbols, %i minutes back', async (back) => {
    const { alpaca, polygon } = histories();
    const names = [...(await listTickers(polygon.rest))];
    const missing = span(names, back);
    const bars = await collected<HistoryBar>((take) => alpaca.minuteBars(missing, take));

    expect(await collected<HistoryBar>((take) => polygon.minuteBars(missing, take))).toEqual(bars);
    expect(bars.length).toBeGreaterThan(10);
    expect(polygon.faults.count).toBe(0);
  });

  it('is the same daily bars of all symbols', async () => {
    const { alpaca, polygon } = histories();
    const symbols = [...(await listTickers(polygon.rest))];
    const request = { symbols, days: 20, before: DATE };
    const days = await fetchDailyBars(alpaca, request);

    expect(await fetchGroupedDays(polygon.rest, request)).toEqual(days);
    expect(days.size).toBeGreaterThan(40);
    expect(days.get('SEMKT')).toHaveLength(20);
  });

  it('is the same trades, each in the codes of its provider', async () => {
    const { alpaca, polygon } = histories();
    const some = span(['SEMKT'], 5);
    const strip = ({ us, price, size, id }: HistoryTrade) => ({ us, price, size, id });
    const [left] = await collected<HistoryTrade>((take) => alpaca.trades(some, take));
    const [right] = await collected<HistoryTrade>((take) => polygon.trades(some, take));

    expect(right?.[1].map(strip)).toEqual(left?.[1].map(strip));
    expect(left?.[1].length).toBeGreaterThan(5);
    expect(right?.[1].every(({ exchange }) => /^\d+$/.test(exchange))).toBe(true);
    const [latest, other] = [
      await alpaca.latestTrades(['SEMKT']),
      await polygon.latestTrades(['SEMKT']),
    ];
    expect(other).toEqual(latest);
    expect(latest.size).toBe(1);
  });
});
