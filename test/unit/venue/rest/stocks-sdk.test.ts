import { describe, expect, it } from 'vitest';
import { DAY, formatTime, HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts';
import { EventBatch, TRADE_REGULAR } from '../../../../src/domain/market/event-batch.ts';
import { emptyBarRow } from '../../../../src/venue/archive/bar-row.ts';
import { correctedId } from '../../../../src/venue/archive/wire-codes.ts';
import { addPrint, correctionBatch } from '../archive/archive-harness.ts';
import { archiveUntil, closeAfterEach, openVenue, OPEN_US } from './rest-harness.ts';

const NOW_US = OPEN_US + HOUR;
const archive = archiveUntil(NOW_US);
const NAMES = archive.symbols
  .filter(({ assetClass }) => assetClass !== 'index')
  .map(({ name }) => name)
  .toSorted();
const [FIRST = '', SECOND_NAME = ''] = NAMES;

/** A time as SDK 4 wants it. */
function at(us: number): Date {
  return new Date(us / 1_000);
}

async function openData(plan: 'basic' | 'plus' = 'basic') {
  const venue = await openVenue(archive, NOW_US, { plan, requestsPerMinute: 10_000 });
  return { ...venue, stocks: venue.sdk.marketData.stocks };
}

describe('historical bars', () => {
  closeAfterEach();

  it('are those of the archive, sorted by symbol and time', async () => {
    const { stocks } = await openData();
    const { bars } = await stocks.stockBars({
      symbols: [...NAMES].toReversed().join(','),
      timeframe: '1Min',
      limit: 10_000,
    });

    expect(Object.keys(bars)).toEqual(NAMES);
    const symbol = archive.find(FIRST);
    const row = emptyBarRow();
    for (const bar of bars[FIRST] ?? []) {
      expect(archive.bars.minuteBar(symbol, Date.parse(String(bar.t)) * 1_000, row)).toBe(true);
      expect([bar.o, bar.h, bar.l, bar.c, bar.v, bar.n]).toEqual(
        [row.open, row.high, row.low, row.close]
          .map((ticks) => ticks / 10_000)
          .concat(row.volume, row.trades),
      );
    }
  });

  it('page to the end, each point once, counted over all symbols', async () => {
    const { stocks } = await openData();
    const symbols = NAMES.slice(0, 4).join(',');
    const whole = await stocks.stockBars({ symbols, timeframe: '1Min', limit: 10_000 });
    const seen: string[] = [];
    const sizes: number[] = [];
    let pageToken: string | undefined;
    do {
      const page = await stocks.stockBars({
        symbols,
        timeframe: '1Min',
        limit: 37,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      const points = Object.entries(page.bars).flatMap(([name, bars]) =>
        bars.map(({ t }) => `${name} ${String(t)}`),
      );
      sizes.push(points.length);
      seen.push(...points);
      pageToken = page.nextPageToken ?? undefined;
    } while (pageToken !== undefined);
    const all = Object.entries(whole.bars).flatMap(([name, bars]) =>
      bars.map(({ t }) => `${name} ${String(t)}`),
    );

    expect(sizes.slice(0, -1).every((size) => size === 37)).toBe(true);
    expect(sizes.length).toBeGreaterThan(3);
    expect(seen).toEqual(all);
  });

  it('come newest first where that is asked for, symbols still in order', async () => {
    const { stocks } = await openData();
    const query = { symbols: `${FIRST},${SECOND_NAME}`, timeframe: '1Min' } as const;
    const up = await stocks.stockBars({ ...query, limit: 10_000 });
    const down = await stocks.stockBars({ ...query, sort: 'desc', limit: 10_000 });
    const first = await stocks.stockBars({ ...query, sort: 'desc', limit: 3 });
    const next = await stocks.stockBars({
      ...query,
      sort: 'desc',
      limit: 3,
      pageToken: String(first.nextPageToken),
    });

    expect(down.bars[FIRST]).toEqual(up.bars[FIRST]?.toReversed());
    expect(Object.keys(down.bars)).toEqual([FIRST, SECOND_NAME]);
    expect([...(first.bars[FIRST] ?? []), ...(next.bars[FIRST] ?? [])]).toEqual(
      down.bars[FIRST]?.slice(0, 6),
    );
  });

  it('are of the current day where no start is given, and keep both ends of a span', async () => {
    const { stocks } = await openData();
    const day = await stocks.stockBars({ symbols: FIRST, timeframe: '1Day' });
    expect(day.bars[FIRST]?.map(({ t }) => String(t))).toEqual(['2024-06-03T04:00:00Z']);

    const minutes = await stocks.stockBars({
      symbols: FIRST,
      timeframe: '1Min',
      start: at(OPEN_US + 5 * MINUTE),
      end: at(OPEN_US + 8 * MINUTE),
    });
    expect(minutes.bars[FIRST]?.map(({ t }) => String(t).slice(11, 16))).toEqual([
      '13:35',
      '13:36',
      '13:37',
      '13:38',
    ]);
  });

  it('take dates and times, and mean whole New York days by dates', async () => {
    const { ask } = await openData();
    const days = async (span: string) => {
      const query = `symbols=${FIRST}&timeframe=1Day&${span}`;
      const body = await bodyOf(await ask(`/v2/stocks/bars?${query}`));
      return body.bars[FIRST]?.map(({ t }: { t: string }) => t.slice(5, 10));
    };

    expect(await days('start=2024-05-29&end=2024-05-31')).toEqual(['05-29', '05-30', '05-31']);
    const iso = 'start=2024-05-29T00:00:00.000Z&end=2024-05-31T00:00:00Z';
    expect(await days(iso)).toEqual(['05-29', '05-30']);
    expect(await days('start=2024-05-29T00:00:00-04:00&end=2024-05-29')).toEqual(['05-29']);
  });

  it('of longer spans are those of shorter ones put together', async () => {
    const { stocks } = await openData();
    const one = (await stocks.stockBars({ symbols: FIRST, timeframe: '1Min', limit: 10_000 })).bars;
    const quarter = (await stocks.stockBars({ symbols: FIRST, timeframe: '15Min' })).bars;
    const hours = (await stocks.stockBars({ symbols: FIRST, timeframe: '1Hour' })).bars;
    const parts = one[FIRST] ?? [];
    const total = parts.reduce((sum, { v }) => sum + v, 0);
    const start = '2024-06-03T13:45:00Z';
    const inside = parts.filter(({ t }) => String(t) >= start && String(t) < '2024-06-03T14:00');
    const bar = quarter[FIRST]?.find(({ t }) => String(t) === start);

    expect(bar).toMatchObject({
      o: inside[0]?.o,
      c: inside.at(-1)?.c,
      h: Math.max(...inside.map(({ h }) => h)),
      l: Math.min(...inside.map(({ l }) => l)),
      v: inside.reduce((sum, { v }) => sum + v, 0),
    });
    expect(hours[FIRST]?.reduce((sum, { v }) => sum + v, 0)).toBe(total);
  });

  it('of weeks and months begin on Monday and on the first, at New York’s midnight', async () => {
    const { stocks } = await openData();
    const starts = async (timeframe: string) => {
      const { bars } = await stocks.stockBars({
        symbols: FIRST,
        timeframe,
        start: at(OPEN_US - 20 * DAY),
      });
      return bars[FIRST]?.map(({ t }) => String(t));
    };

    expect(await starts('1Week')).toEqual([
      '2024-05-20T04:00:00Z',
      '2024-05-27T04:00:00Z',
      '2024-06-03T04:00:00Z',
    ]);
    expect(await starts('1Month')).toEqual(['2024-06-01T04:00:00Z']);
  });

  it('of one symbol are a list with its name', async () => {
    const { stocks } = await openData();
    const single = await stocks.stockBarSingle({
      symbol: FIRST,
      timeframe: '5Min',
      currency: 'USD',
    });

    expect(single).toMatchObject({ symbol: FIRST, nextPageToken: null, currency: 'USD' });
    expect(single.bars).toHaveLength(12);
  });

  it('are empty for a symbol that nobody knows', async () => {
    const { stocks } = await openData();
    const bars = await stocks.stockBars({ symbols: 'NOBODY', timeframe: '1Min' });

    expect(bars).toMatchObject({ bars: {}, nextPageToken: null });
  });
});

describe('the adjustment of daily bars', () => {
  closeAfterEach();
  const split = archive.actions.find(({ group }) => group.endsWith('splits'));
  const dividend = archive.actions.find(({ group }) => group === 'cash_dividends');

  async function closes(symbol: string, adjustment: string): Promise<readonly number[][]> {
    const { ask } = await openData();
    const path = `/v2/stocks/bars?symbols=${symbol}&timeframe=1Day&start=2024-05-01`;
    const body = await bodyOf(await ask(`${path}&adjustment=${adjustment}`));
    return body.bars[symbol].map(({ c, v }: { c: number; v: number }) => [c, v]);
  }

  it('by splits divides the prices before and multiplies the volume', async () => {
    if (split === undefined || split.group === 'cash_dividends') throw new Error('no split');
    const factor = split.newRate / split.oldRate;
    const raw = await closes(split.symbol, 'raw');
    const adjusted = await closes(split.symbol, 'split');

    expect(factor).not.toBe(1);
    expect((raw[0]?.[0] ?? 0) / (adjusted[0]?.[0] ?? 1)).toBeCloseTo(factor, 6);
    expect((adjusted[0]?.[1] ?? 0) / (raw[0]?.[1] ?? 1)).toBeCloseTo(factor, 2);
    expect(raw.at(-1)).toEqual(adjusted.at(-1));
  });

  it('by dividends lowers the prices before and leaves the volume', async () => {
    const symbol = dividend?.symbol ?? '';
    const raw = await closes(symbol, 'raw');
    const adjusted = await closes(symbol, 'dividend');

    expect(adjusted[0]?.[0]).toBeLessThan(raw[0]?.[0] ?? 0);
    expect(adjusted.map(([, volume]) => volume)).toEqual(raw.map(([, volume]) => volume));
    expect(adjusted.at(-1)).toEqual(raw.at(-1));
    expect(await closes(symbol, 'split,dividend')).toEqual(await closes(symbol, 'all'));
  });
});

describe('trades and quotes', () => {
  closeAfterEach();

  it('have every field of the reference, with nanoseconds and exact numbers', async () => {
    const { stocks, ask } = await openData();
    const { trades } = await stocks.stockTrades({ symbols: FIRST, limit: 10 });
    const { quotes } = await stocks.stockQuotes({ symbols: FIRST, limit: 10 });

    expect(Object.keys(trades[FIRST]?.[1] ?? {})).toEqual(['t', 'x', 'p', 's', 'c', 'i', 'z']);
    const quoteKeys = ['t', 'ax', 'ap', 'as', 'bx', 'bp', 'bs', 'c', 'z'];
    expect(Object.keys(quotes[FIRST]?.[0] ?? {})).toEqual(quoteKeys);
    expect(String(trades[FIRST]?.[1]?.t)).toMatch(/^2024-06-03T13:3\d:\d\d\.\d{1,9}Z$/);
    const text = await (await ask(`/v2/stocks/trades?symbols=${FIRST}&limit=1000`)).text();
    // No price has more than four places: nothing was computed in doubles.
    expect(text).not.toMatch(/"p":\d+\.\d{5,}/);
  });

  it('page to the end, each once, up and down', async () => {
    const { ask } = await openData();
    for (const kind of ['trades', 'quotes']) {
      for (const sort of ['asc', 'desc']) {
        const path = `/v2/stocks/${kind}?symbols=${FIRST},${SECOND_NAME}&sort=${sort}`;
        const whole = await bodyOf(await ask(`${path}&limit=10000`));
        const pages: unknown[] = [];
        for (let token = ''; token !== 'end';) {
          const page = token === '' ? path : `${path}&page_token=${encodeURIComponent(token)}`;
          const body = await bodyOf(await ask(`${page}&limit=700`));
          pages.push(...Object.values<unknown[]>(body[kind]).flat());
          token = body.next_page_token ?? 'end';
        }
        expect(whole.next_page_token, `${kind} ${sort}`).toBe(null);
        expect(pages).toEqual(Object.values<unknown[]>(whole[kind]).flat());
      }
    }
  });

  it('mark what was taken back or changed with u', async () => {
    const own = archiveUntil(OPEN_US, 2);
    const batch = new EventBatch(8, 8);
    const us = OPEN_US + SECOND;
    for (const [place, id] of [41, 42, 43].entries()) {
      addPrint(batch, { us: us + place, price: 1_000_000, size: 100, flags: TRADE_REGULAR, id });
    }
    own.frame(batch, 0, 3, us + 3);
    for (const change of [
      { us, old: 100, size: 0 },
      { us: us + 1, old: 100, size: 60 },
    ]) {
      own.frame(correctionBatch(change, us + SECOND), 0, 1, us + SECOND);
    }
    const { sdk } = await openVenue(own, us + SECOND);
    const symbol = own.symbols[0]?.name ?? '';
    const query = { symbol, start: at(us) };
    const { trades } = await sdk.marketData.stocks.stockTradeSingle(query);

    expect(trades.map(({ i, s, u }) => [i, s, u])).toEqual([
      [41, 100, 'canceled'],
      [42, 100, 'incorrect'],
      [correctedId(42), 60, 'corrected'],
      [43, 100, undefined],
    ]);
  });
});

describe('what is latest', () => {
  closeAfterEach();

  it('is the last trade, quote and minute of each symbol, in lists and alone', async () => {
    const { stocks } = await openData();
    const symbols = `${FIRST},${SECOND_NAME},NOBODY`;
    const trades = await stocks.stockLatestTrades({ symbols });
    const quotes = await stocks.stockLatestQuotes({ symbols });
    const bars = await stocks.stockLatestBars({ symbols, currency: 'USD' });
    const single = await stocks.stockLatestTradeSingle({ symbol: FIRST });

    expect(Object.keys(trades.trades)).toEqual([FIRST, SECOND_NAME]);
    expect(Object.keys(quotes.quotes)).toEqual([FIRST, SECOND_NAME]);
    expect(bars.currency).toBe('USD');
    expect(single).toMatchObject({ symbol: FIRST, trade: { p: trades.trades[FIRST]?.p } });
    const all = await stocks.stockTrades({ symbols: FIRST, sort: 'desc', limit: 1 });
    expect(trades.trades[FIRST]?.i).toBe(all.trades[FIRST]?.[0]?.i);
    const quote = await stocks.stockLatestQuoteSingle({ symbol: FIRST });
    expect(quote.quote.bp).toBeLessThan(quote.quote.ap);
    expect((await stocks.stockLatestBarSingle({ symbol: FIRST })).bar.v).toBeGreaterThan(0);
    const missing = stocks.stockLatestTradeSingle({ symbol: 'NOBODY' });
    await expect(missing).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('comes at once in snapshots, which have no wrapping key', async () => {
    const { stocks } = await openData();
    const both = await stocks.stockSnapshots({ symbols: `${FIRST},NOBODY` });
    const single = await stocks.stockSnapshotSingle({ symbol: FIRST });

    expect(Object.keys(both)).toEqual([FIRST]);
    expect(Object.keys(single).toSorted()).toEqual([
      'currency',
      'dailyBar',
      'latestQuote',
      'latestTrade',
      'minuteBar',
      'prevDailyBar',
      'symbol',
    ]);
    expect(formatTime(Number(single.dailyBar?.t) * 1_000)).toBe('2024-06-03T04:00:00.000000Z');
    expect(formatTime(Number(single.prevDailyBar?.t) * 1_000)).toBe('2024-05-31T04:00:00.000000Z');
  });

  it('has the last day as the daily bar before the open', async () => {
    const early = archiveUntil(OPEN_US - HOUR);
    const { sdk } = await openVenue(early, OPEN_US - HOUR);
    const single = await sdk.marketData.stocks.stockSnapshotSingle({ symbol: FIRST });

    expect(single.dailyBar?.t.toISOString()).toBe('2024-05-31T04:00:00.000Z');
    expect(single.prevDailyBar?.t.toISOString()).toBe('2024-05-30T04:00:00.000Z');
    expect(single.latestTrade).toBeUndefined();
  });
});

/** Bodies that the test reads apart by itself. */
async function bodyOf(response: Response) {
  return JSON.parse(await response.text());
}
