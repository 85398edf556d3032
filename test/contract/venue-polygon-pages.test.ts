import { GetCryptoAggregatesTimespanEnum, restClient } from '@polygon.io/client-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POLYGON_KEY } from '../polygon-client.ts';
import { failure, StillVenue, tickersOf } from '../polygon-rest.ts';
import { VenueRig } from '../venue-rig.ts';

const NAME = 'SEMKT';
const DATE = '2024-06-03';

const venue = new StillVenue();
beforeAll(() => venue.start());
afterAll(() => venue.end());

describe("the pages of the venue's Polygon REST", () => {
  it('D12 lead to our own origin, with a question mark and without the key', async () => {
    const { next_url: next } = await tickersOf(venue.official(), 5);

    expect(next).toMatch(new RegExp(`^${venue.url}/v3/reference/tickers\\?cursor=`));
    expect(decodeURIComponent(String(next))).not.toContain(POLYGON_KEY);
    const cursor = String(new URL(String(next)).searchParams.get('cursor'));
    expect(Buffer.from(cursor, 'base64url').toString()).not.toContain(POLYGON_KEY);
  });

  it('come reversed from the client’s own paging, and in order from ours', async () => {
    const client = venue.official({ pagination: true });
    const { results } = await tickersOf(client, 5);
    const theirs = results?.map(({ ticker }) => ticker) ?? [];
    const pages = await venue.pagesOf('/v3/reference/tickers?limit=5');
    const ours = pages.flat().map(({ ticker }) => String(ticker));

    expect(ours.length).toBe(82);
    expect(ours).toEqual(ours.toSorted());
    expect(theirs).not.toEqual(ours);
    expect(theirs).toEqual(
      pages
        .toReversed()
        .flat()
        .map(({ ticker }) => ticker),
    );
  });

  it('keep the words of the first one, whatever order they asked for', async () => {
    const pages = await venue.pagesOf(
      '/v3/reference/tickers?limit=4&order=desc&type=CS&ticker.lt=T',
    );
    const names = pages.flat().map(({ ticker }) => String(ticker));

    expect(pages.length).toBeGreaterThan(2);
    expect(names).toEqual(names.toSorted().toReversed());
    expect(names.every((name) => name < 'T')).toBe(true);
  });

  it('are refused for a cursor that is none of ours', async () => {
    const { status, body } = await venue.ask('/v3/reference/tickers?cursor=nonsense');

    expect([status, body['status'], body['error']]).toEqual([400, 'ERROR', 'invalid cursor']);
  });
});

describe('what the Polygon REST refuses', () => {
  it('401 without a key or with a wrong one; it comes in the query or as Bearer', async () => {
    const path = '/v1/marketstatus/now';
    const none = await venue.ask(path, { headers: {} });
    const wrong = await failure(restClient('other', venue.url).getMarketStatus());
    const inQuery = await venue.ask(`${path}?apiKey=${POLYGON_KEY}`, { headers: {} });
    const bearer = await venue.ask(path);

    expect(none).toMatchObject({ status: 401, body: { status: 'ERROR' } });
    expect(wrong).toMatchObject({
      status: 401,
      body: { status: 'ERROR', request_id: expect.any(String), error: 'Unknown API Key' },
    });
    expect([inQuery.status, bearer.status]).toEqual([200, 200]);
  });

  it('403 what is no stock', async () => {
    const { status, body } = await failure(
      venue
        .official()
        .getCryptoAggregates('X:BTCUSD', 1, GetCryptoAggregatesTimespanEnum.Day, DATE, DATE),
    );

    expect(status).toBe(403);
    expect(body).toMatchObject({ status: 'NOT_AUTHORIZED', message: expect.any(String) });
    expect(String(body['message'])).toMatch(/^You are not entitled to this data\./);
  });

  it.each(['getTicker', 'getStocksSnapshotTicker', 'getLastStocksTrade'] as const)(
    '404 an unknown ticker of %s',
    async (method) => {
      const { status, body } = await failure(venue.official()[method]('NOSUCH'));

      expect(status).toBe(404);
      expect(body).toMatchObject({ status: 'NOT_FOUND', request_id: expect.any(String) });
    },
  );

  it('404 a path that is none, and 405 what is no GET', async () => {
    const nowhere = await venue.ask('/v3/reference/nothing');
    const post = await venue.ask('/v1/marketstatus/now', { method: 'POST', body: '{}' });

    expect([nowhere.status, nowhere.body['status']]).toEqual([404, 'NOT_FOUND']);
    expect(post.status).toBe(405);
  });

  it.each([
    `/v2/aggs/ticker/${NAME}/range/1/second/${DATE}/${DATE}`,
    `/v2/aggs/ticker/${NAME}/range/0/minute/${DATE}/${DATE}`,
    `/v2/aggs/ticker/${NAME}/range/1/day/yesterday/${DATE}`,
    `/v2/aggs/ticker/${NAME}/range/1/day/${DATE}/2024-06-01`,
    `/v2/aggs/ticker/${NAME}/range/1/day/${DATE}/${DATE}?limit=50001`,
    `/v2/aggs/ticker/${NAME}/range/1/day/${DATE}/${DATE}?sort=up`,
    '/v2/aggs/grouped/locale/us/market/stocks/2024-02-31',
    '/v3/reference/tickers?limit=0',
    '/v3/reference/splits?execution_date.gte=soon',
    `/v3/trades/${NAME}?timestamp=later`,
  ])('400 %s', async (path) => {
    const { status, body } = await venue.ask(path);

    expect(status).toBe(400);
    expect(body).toMatchObject({ status: 'ERROR', error: expect.any(String) });
  });
});

describe('the hours of the Polygon REST', () => {
  const rig = new VenueRig({ extendedHours: true });

  it('says whether the market is open, in the words of every hour', async () => {
    const client = restClient(POLYGON_KEY, rig.venue.polygonUrl);
    const seen: unknown[] = [];
    // From noon over the close and the evening into the night.
    for (const seconds of [0, 4.5 * 3_600, 4 * 3_600]) {
      await rig.pass(seconds);
      const { market, earlyHours, afterHours, serverTime } = await client.getMarketStatus();
      seen.push([market, earlyHours, afterHours]);
      expect(serverTime).toMatch(/^2024-06-03T\d\d:\d\d:\d\d-04:00$/);
    }

    expect(seen).toEqual([
      ['open', false, false],
      ['extended-hours', false, true],
      ['closed', false, false],
    ]);
  });
});

describe('the limit of the Polygon REST', () => {
  const tight = new VenueRig({ knobs: { polygonRequestsPerMinute: 3 } });

  it('429 past so many requests in a minute, on this wire alone', async () => {
    const client = restClient(POLYGON_KEY, tight.venue.polygonUrl);
    for (let count = 0; count < 3; count += 1) await client.getMarketStatus();
    const { status, body } = await failure(client.getMarketStatus());
    await tight.pass(60);
    const { market } = await client.getMarketStatus();

    expect(status).toBe(429);
    expect(body).toMatchObject({ status: 'ERROR', request_id: expect.any(String) });
    expect(String(body['error'])).toMatch(/^You've exceeded the maximum requests per minute/);
    expect(market).toBe('open');
  });
});
