import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts';
import { archiveUntil, closeAfterEach, openVenue, OPEN_US } from './rest-harness.ts';

const CLOSE_US = OPEN_US + 6.5 * HOUR;
const archive = archiveUntil(CLOSE_US, 200);

function open(nowUs = CLOSE_US, options = {}) {
  return openVenue(archive, nowUs, { requestsPerMinute: 1_000, ...options });
}

describe('the clock', () => {
  closeAfterEach();

  it.each([
    [OPEN_US - SECOND, false, '2024-06-03T09:29:59-04:00', '06-03T13:30', '06-03T20:00', 'pre'],
    [OPEN_US, true, '2024-06-03T09:30:00-04:00', '06-04T13:30', '06-03T20:00', 'core'],
    [CLOSE_US, false, '2024-06-03T16:00:00-04:00', '06-04T13:30', '06-04T20:00', 'post'],
    [
      CLOSE_US + 5 * HOUR,
      false,
      '2024-06-03T21:00:00-04:00',
      '06-04T13:30',
      '06-04T20:00',
      'closed',
    ],
  ])(
    'at %s says New York’s time and the next edges',
    async (us, isOpen, text, next, end, phase) => {
      const { ask, sdk } = await open(us);
      const raw = JSON.parse(await (await ask('/v2/clock')).text());
      expect([raw.timestamp, raw.is_open]).toEqual([text, isOpen]);

      const clock = await sdk.trading.clock.legacyClock();
      expect(clock.nextOpen.toISOString().slice(5, 16)).toBe(next);
      expect(clock.nextClose.toISOString().slice(5, 16)).toBe(end);
      const { clocks } = await sdk.trading.clock.clock({ markets: 'NYSE,NASDAQ' });
      expect(clocks.map((one) => one.phase)).toEqual([phase, phase]);
      expect(clocks[0]?.phaseUntil.getTime()).toBeGreaterThan(us / 1_000);
    },
  );

  it('tells a time of its own where it is made to be wrong', async () => {
    const clock = { nowUs: () => OPEN_US, toldUs: () => OPEN_US + 2 * SECOND, speed: 1 };
    const { ask } = await open(OPEN_US, { clock });
    const { timestamp } = JSON.parse(await (await ask('/v2/clock')).text());

    expect(timestamp).toBe('2024-06-03T09:30:02-04:00');
  });

  it('knows no other markets', async () => {
    const { ask } = await open();

    expect((await ask('/v3/clock?markets=NYSE,LSE')).status).toBe(400);
    expect((await ask('/v3/calendar/LSE')).status).toBe(400);
  });
});

describe('the calendar', () => {
  closeAfterEach();

  it('has holidays and half days, whichever date format it is asked in', async () => {
    const { ask, sdk } = await open();
    const rows = [
      {
        date: '2024-07-02',
        open: '09:30',
        close: '16:00',
        session_open: '0400',
        session_close: '2000',
        settlement_date: '2024-07-03',
      },
      {
        date: '2024-07-03',
        open: '09:30',
        close: '13:00',
        session_open: '0400',
        session_close: '1700',
        settlement_date: '2024-07-05',
      },
      {
        date: '2024-07-05',
        open: '09:30',
        close: '16:00',
        session_open: '0400',
        session_close: '2000',
        settlement_date: '2024-07-08',
      },
    ];
    for (const span of [
      'start=2024-07-02&end=2024-07-05',
      'start=2024-07-02T00:00:00.000Z&end=2024-07-05T00:00:00.000Z',
    ]) {
      expect(JSON.parse(await (await ask(`/v2/calendar?${span}`)).text())).toEqual(rows);
    }
    const days = await sdk.trading.calendar.legacyCalendar({
      start: new Date('2024-07-02'),
      end: new Date('2024-07-05'),
    });
    expect(days.map(({ close }) => close)).toEqual(['16:00', '13:00', '16:00']);
    expect(days[0]?.date.toISOString()).toBe('2024-07-02T00:00:00.000Z');
  });

  it('can be asked by the day of settlement', async () => {
    const { ask } = await open();
    const path = '/v2/calendar?start=2024-07-05&end=2024-07-08&date_type=SETTLEMENT';
    const days = JSON.parse(await (await ask(path)).text());

    expect(days.map(({ date }: { date: string }) => date)).toEqual(['2024-07-03', '2024-07-05']);
  });

  it('is served from 1990 to 2029 where no span is asked for', async () => {
    const { ask } = await open();
    const days = JSON.parse(await (await ask('/v2/calendar')).text());

    expect([days[0].date, days.at(-1).date]).toEqual(['1990-01-02', '2029-12-31']);
    expect((await ask('/v2/calendar?start=yesterday')).status).toBe(400);
  });

  it('of a market has the edges of its sessions as times', async () => {
    const { sdk } = await open();
    const { market, calendar } = await sdk.trading.calendar.calendar({
      market: 'NYSE',
      start: new Date('2024-11-29'),
      end: new Date('2024-11-29'),
    });

    expect(market).toMatchObject({ acronym: 'NYSE', timezone: 'America/New_York' });
    expect(calendar[0]?.coreStart.toISOString()).toBe('2024-11-29T14:30:00.000Z');
    expect(calendar[0]?.coreEnd.toISOString()).toBe('2024-11-29T18:00:00.000Z');
    expect(calendar[0]?.postEnd?.toISOString()).toBe('2024-11-29T22:00:00.000Z');
  });
});

describe('the news', () => {
  closeAfterEach();

  it('comes newest first, of the past alone, with whole ids', async () => {
    const { sdk } = await open(OPEN_US + 3 * HOUR);
    const all = await sdk.marketData.news.news({ limit: 50 });
    const later = await openVenue(archive, CLOSE_US);
    const whole = await later.sdk.marketData.news.news({ limit: 50 });
    const times = all.news.map(({ createdAt }) => createdAt.getTime());

    expect(times.length).toBeGreaterThan(1);
    expect(whole.news.length).toBeGreaterThan(all.news.length);
    expect(times).toEqual(times.toSorted((left, right) => right - left));
    expect(times.every((time) => time * 1_000 <= OPEN_US + 3 * HOUR)).toBe(true);
    expect(all.news.every(({ id }) => Number.isSafeInteger(id))).toBe(true);
  });

  it('pages to the end in both orders, each story once', async () => {
    const { sdk } = await open();
    const { news } = await sdk.marketData.news.news({ limit: 50, sort: 'asc' });
    for (const sort of ['asc', 'desc'] as const) {
      const seen: number[] = [];
      let pageToken: string | undefined;
      do {
        const token = pageToken === undefined ? {} : { pageToken };
        const page = await sdk.marketData.news.news({ limit: 2, sort, ...token });
        seen.push(...page.news.map(({ id }) => id));
        pageToken = page.nextPageToken ?? undefined;
      } while (pageToken !== undefined);
      const ids = news.map(({ id }) => id);
      expect(seen).toEqual(sort === 'asc' ? ids : ids.toReversed());
    }
  });

  it('can be asked for symbols, a span and its content', async () => {
    const { sdk, ask } = await open();
    const { news } = await sdk.marketData.news.news({ limit: 50 });
    const symbol = news[0]?.symbols[0] ?? '';
    const own = await sdk.marketData.news.news({ symbols: symbol, includeContent: true });
    expect(own.news.every(({ symbols }) => symbols.includes(symbol))).toBe(true);
    expect([own.news[0]?.content.startsWith('<p>'), news[0]?.content]).toEqual([true, '']);

    const none = await sdk.marketData.news.news({ end: new Date(OPEN_US / 1_000 - 86_400_000) });
    expect(none.news).toEqual([]);
    expect((await ask('/v1beta1/news?limit=51')).status).toBe(400);
    expect((await ask('/v1beta1/news?sort=x')).status).toBe(400);
    expect((await ask('/v1beta1/news?page_token=x')).status).toBe(400);
  });
});

describe('corporate actions', () => {
  closeAfterEach();
  const span = { start: new Date('2024-01-01'), end: new Date('2024-12-31') };

  it('come in their groups with dates and rates', async () => {
    const { sdk } = await open();
    const { corporateActions } = await sdk.marketData.corporateActions.corporateActions(span);
    const { cashDividends = [], forwardSplits = [], reverseSplits = [] } = corporateActions;

    expect(cashDividends.length).toBeGreaterThan(5);
    expect(forwardSplits.length + reverseSplits.length).toBe(1);
    expect(cashDividends[0]).toMatchObject({ special: false, foreign: false });
    expect(cashDividends[0]?.exDate.getTime()).toBeLessThan(OPEN_US / 1_000);
  });

  it('page to the end and can be asked by type, symbol, id and order', async () => {
    const { ask } = await open();
    const path = '/v1/corporate-actions?start=2024-01-01&end=2024-12-31';
    const pageOf = async (query: string) => {
      const body = JSON.parse(await (await ask(`${path}&${query}`)).text());
      const rows: { id: string; symbol: string }[] = Object.values<[]>(
        body.corporate_actions,
      ).flat();
      return { rows, token: body.next_page_token };
    };
    const all = (await pageOf('types=cash_dividend')).rows;
    const paged: string[] = [];
    for (let token = ''; token !== 'end';) {
      const page = token === '' ? '' : `&page_token=${token}`;
      const { rows, token: next } = await pageOf(`types=cash_dividend&limit=3${page}`);
      paged.push(...rows.map(({ id }) => id));
      token = next ?? 'end';
    }
    expect(paged).toEqual(all.map(({ id }) => id));
    const down = (await pageOf('types=cash_dividend&sort=desc')).rows;
    expect(down).toEqual(all.toReversed());
    const one = all[0];
    expect((await pageOf(`symbols=${one?.symbol}&types=cash_dividend`)).rows).toEqual([one]);
    expect((await pageOf(`ids=${one?.id}`)).rows).toEqual([one]);
    expect((await pageOf('types=name_change')).rows).toEqual([]);
    expect((await ask(`${path}&types=gift`)).status).toBe(400);
  });

  it('are announced on the trading host too', async () => {
    const { sdk, ask } = await open();
    const api = sdk.trading.corporateActions;
    const query = { caTypes: 'split,dividend', since: '2024-01-01', until: '2024-12-31' } as const;
    const rows = await api.getV2CorporateActionsAnnouncements(query);
    const id = String(rows[0]?.id);

    expect(rows.length).toBeGreaterThan(5);
    expect((await api.getV2CorporateActionsAnnouncementsId({ id })).id).toBe(id);
    expect((await ask('/v2/corporate_actions/announcements/none')).status).toBe(404);
    expect((await ask('/v2/corporate_actions/announcements')).status).toBe(400);
  });
});

describe('the screener', () => {
  closeAfterEach();

  it('names the busiest by volume and by trades', async () => {
    const { sdk, ask } = await open();
    const { mostActives } = await sdk.marketData.screener.mostActives({ top: 20 });
    const volumes = mostActives.map(({ volume }) => volume);
    const trades = (await sdk.marketData.screener.mostActives({ by: 'trades' })).mostActives.map(
      ({ tradeCount }) => tradeCount,
    );

    expect(volumes).toHaveLength(20);
    expect(trades).toHaveLength(10);
    expect(volumes).toEqual(volumes.toSorted((left, right) => right - left));
    expect(trades).toEqual(trades.toSorted((left, right) => right - left));
    expect((await ask('/v1beta1/screener/stocks/most-actives?top=101')).status).toBe(400);
    expect((await ask('/v1beta1/screener/stocks/movers?top=0')).status).toBe(400);
  });

  it('names those that rose and fell most since the last close', async () => {
    const { sdk } = await open();
    const { gainers, losers } = await sdk.marketData.screener.movers({
      marketType: 'stocks',
      top: 5,
    });

    expect([gainers.length, losers.length]).toEqual([5, 5]);
    for (const { change, price, percentChange } of [...gainers, ...losers]) {
      expect(percentChange).toBeCloseTo((change / (price - change)) * 100, 1);
    }
    expect(gainers[0]?.percentChange).toBeGreaterThanOrEqual(gainers[4]?.percentChange ?? 0);
    expect(losers[0]?.percentChange).toBeLessThanOrEqual(losers[4]?.percentChange ?? 0);
  });
});

describe('the tables of letters', () => {
  closeAfterEach();

  it('explain every letter that trades and quotes carry', async () => {
    const { sdk } = await open(OPEN_US + MINUTE);
    const { stocks } = sdk.marketData;
    const exchanges = await stocks.stockMetaExchanges();
    const bars = await stocks.stockMetaConditions({ ticktype: 'quote', tape: 'A' });
    expect(Object.keys(bars)).toContain('R');
    for (const tape of ['A', 'B', 'C'] as const) {
      const known = await stocks.stockMetaConditions({ ticktype: 'trade', tape });
      const names = archive.symbols.filter((_, at) => archive.tapes[at] === tape).slice(0, 5);
      for (const { name } of names) {
        const { trades } = await stocks.stockTradeSingle({
          symbol: name,
          limit: 10_000,
          feed: 'iex',
          end: new Date(CLOSE_US / 1_000),
        });
        for (const { c, x, z } of trades) {
          expect(z).toBe(tape);
          expect(Object.keys(exchanges)).toContain(x);
          for (const letter of c) expect(Object.keys(known)).toContain(letter);
        }
      }
    }
  });

  it('want to know the tape', async () => {
    const { ask } = await open();

    expect((await ask('/v2/stocks/meta/conditions/trade')).status).toBe(400);
    expect((await ask('/v2/stocks/meta/conditions/trade?tape=X')).status).toBe(400);
    expect((await ask('/v2/stocks/meta/conditions/bar?tape=A')).status).toBe(404);
  });
});
