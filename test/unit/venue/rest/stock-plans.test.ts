import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts';
import { archiveUntil, closeAfterEach, openVenue, OPEN_US } from './rest-harness.ts';

const NOW_US = OPEN_US + HOUR;
const archive = archiveUntil(NOW_US);
const FIRST = archive.symbols[0]?.name ?? '';

/** A time as SDK 4 wants it. */
function at(us: number): Date {
  return new Date(us / 1_000);
}

async function openData(plan: 'basic' | 'plus' = 'basic') {
  const venue = await openVenue(archive, NOW_US, { plan });
  return { ...venue, stocks: venue.sdk.marketData.stocks };
}

describe('the feeds of a plan', () => {
  closeAfterEach();

  it('basic: recent SIP is refused by 403 with the words that clients look for', async () => {
    const { stocks } = await openData();
    const query = { symbols: FIRST, timeframe: '1Min', feed: 'sip' } as const;
    const recent = stocks.stockBars({ ...query, end: at(NOW_US - 14 * MINUTE) });
    await expect(recent).rejects.toMatchObject({
      name: 'PermissionError',
      status: 403,
      code: 42210000,
      message: expect.stringContaining('subscription does not permit querying recent SIP data'),
    });
    const latest = stocks.stockLatestTrades({ symbols: FIRST, feed: 'sip' });
    await expect(latest).rejects.toMatchObject({ status: 403 });
  });

  it('basic: older SIP is answered, and no end means 15 minutes ago', async () => {
    const { stocks } = await openData();
    const query = { symbols: FIRST, timeframe: '1Min', feed: 'sip', limit: 10_000 } as const;
    const { bars } = await stocks.stockBars(query);
    const iex = await stocks.stockBars({ ...query, feed: 'iex' });

    const lastUs = Date.parse(String(bars[FIRST]?.at(-1)?.t)) * 1_000;
    expect(lastUs).toBeLessThanOrEqual(NOW_US - 15 * MINUTE);
    expect(lastUs).toBeGreaterThan(NOW_US - 17 * MINUTE);
    expect(iex.bars[FIRST]?.length).toBeGreaterThan(bars[FIRST]?.length ?? 0);
  });

  it('plus: recent SIP is answered', async () => {
    const { stocks } = await openData('plus');
    const query = { symbols: FIRST, timeframe: '1Min', end: at(NOW_US - SECOND) } as const;
    const sip = await stocks.stockBars({ ...query, feed: 'sip' });
    const iex = await stocks.stockBars({ ...query, feed: 'iex' });

    expect(sip.bars[FIRST]?.length).toBeGreaterThan(20);
    expect(sip.bars).toEqual(iex.bars);
    expect((await stocks.stockLatestTrades({ symbols: FIRST, feed: 'sip' })).trades).toHaveProperty(
      FIRST,
    );
  });

  it('that nobody trades on here are empty', async () => {
    const { stocks } = await openData();
    const bars = await stocks.stockBars({ symbols: FIRST, timeframe: '1Min', feed: 'otc' });

    expect(bars.bars).toEqual({});
  });
});

describe('a parameter that is wrong', () => {
  closeAfterEach();
  const bars = `/v2/stocks/bars?symbols=${FIRST}`;
  const rows = [
    ['a missing list of symbols', '/v2/stocks/trades', 'symbols is required'],
    ['a symbol of bad characters', '/v2/stocks/trades?symbols=A%20B', 'invalid symbol: A B'],
    ['a missing timeframe', bars, 'timeframe is required'],
    ['an unknown timeframe', `${bars}&timeframe=60Min`, 'invalid timeframe: 60Min'],
    ['a timeframe of two weeks', `${bars}&timeframe=2Week`, 'invalid timeframe: 2Week'],
    ['a limit of nothing', `${bars}&timeframe=1Min&limit=0`, 'invalid limit'],
    ['a limit past 10,000', `${bars}&timeframe=1Min&limit=10001`, 'invalid limit'],
    ['a start that is no time', `${bars}&timeframe=1Min&start=now`, 'parameter start'],
    ['an end before the start', `${bars}&timeframe=1Min&start=2024-06-02&end=2024-06-01`, 'before'],
    ['an unknown feed', `${bars}&timeframe=1Min&feed=xyz`, 'invalid feed: xyz'],
    ['an unknown order', `${bars}&timeframe=1Min&sort=up`, 'invalid sort: up'],
    ['an unknown adjustment', `${bars}&timeframe=1Day&adjustment=none`, 'invalid adjustment: none'],
    ['a foreign currency', `${bars}&timeframe=1Day&currency=JPY`, 'invalid currency: JPY'],
    ['a token that is none', `${bars}&timeframe=1Day&page_token=xx`, 'invalid page_token'],
  ] as const;

  it.each(rows)('is answered 400 with its name: %s', async (_, path, message) => {
    const { ask } = await openData();
    const response = await ask(path);

    expect(response.status).toBe(400);
    expect(JSON.parse(await response.text()).message).toContain(message);
  });
});
