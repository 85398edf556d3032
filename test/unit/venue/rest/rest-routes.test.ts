import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR } from '../../../../src/core/time.ts';
import { decodeToken, encodeToken } from '../../../../src/venue/rest/page-token.ts';
import { pageOf } from '../../../../src/venue/rest/paging.ts';
import { restRoutes } from '../../../../src/venue/rest/rest-server.ts';
import { ManualTime } from '../../../manual-time.ts';
import { archiveUntil, EchoDesk, OPEN_US } from './rest-harness.ts';

const NOW_US = OPEN_US + HOUR;
const archive = archiveUntil(NOW_US, 4);
const NAME = archive.symbols[0]?.name ?? '';

const NAMES = [
  'symbols',
  'timeframe',
  'start',
  'end',
  'limit',
  'page_token',
  'sort',
  'feed',
  'adjustment',
  'currency',
  'types',
  'ids',
  'top',
  'by',
  'tape',
  'markets',
  'time',
  'date_type',
  'since',
  'until',
  'ca_types',
  'include_content',
];
const VALUES = [
  NAME,
  `${NAME},NOBODY`,
  '1Min',
  '1Day',
  '2024-06-03',
  '0000-01-01',
  '9999-12-31T23:59:59.999999999+23:59',
  '2024-02-30',
  '0',
  '7',
  '10000',
  '-1',
  '1e9',
  'asc',
  'desc',
  'sip',
  'iex',
  'all',
  'split,dividend',
  encodeToken({ symbol: NAME, us: OPEN_US, number: 0 }),
  encodeToken({ symbol: '~', us: -5, number: -5 }),
  'A',
  'trades',
  'true',
];

describe('any query whatever', () => {
  const time = new ManualTime(NOW_US);
  const routes = restRoutes({ desk: new EchoDesk(), archive, clock: time, timers: time }).filter(
    ({ method }) => method === 'GET',
  );
  const value = fc.oneof(fc.constantFrom(...VALUES), fc.string({ maxLength: 12 }));
  const query = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 8 });

  it('is answered, or refused with a text, by every route', () => {
    fc.assert(
      fc.property(fc.constantFrom(...routes), query, value, (route, parameters, part) => {
        const request = {
          query: new URLSearchParams(parameters),
          body: undefined,
          nowUs: NOW_US,
        };
        const { status, body } = route.handle(request, [part]);
        expect([200, 400, 403, 404]).toContain(status);
        expect(JSON.stringify(body).length).toBeGreaterThan(1);
        if (status !== 200) expect(body).toHaveProperty('message', expect.any(String));
      }),
      { numRuns: 500 },
    );
  });
});

describe('pages', () => {
  const points = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 });
  const market = fc.dictionary(fc.constantFrom('A', 'AA', 'B', 'BRK.B', 'C'), points);

  it('of any size, put together, are the whole in order', () => {
    fc.assert(
      fc.property(
        market,
        fc.integer({ min: 1, max: 25 }),
        fc.boolean(),
        (rows, limit, isDescending) => {
          const symbols = Object.keys(rows).toSorted();
          const read = (symbol: string) =>
            (rows[symbol] ?? [])
              .toSorted((left, right) => left - right)
              .map((us, number) => ({ us, number, row: () => `${symbol} ${us} ${number}` }));
          const whole = symbols.flatMap((symbol) => {
            const own = read(symbol).map(({ row }) => row());
            return isDescending ? own.toReversed() : own;
          });
          const seen: unknown[] = [];
          let token: string | undefined;
          do {
            const after = token === undefined ? undefined : decodeToken(token);
            const page = pageOf({ symbols, limit, isDescending, after }, read);
            const own = [...page.rows.values()].flat();
            expect(own.length === limit || page.nextToken === null).toBe(true);
            seen.push(...own);
            token = page.nextToken ?? undefined;
          } while (token !== undefined);
          expect(seen).toEqual(whole);
        },
      ),
    );
  });

  it('have tokens that read back, and nothing else reads as one', () => {
    const mark = { symbol: 'BRK.B', us: OPEN_US + 1, number: 12 };

    expect(decodeToken(encodeToken(mark))).toEqual(mark);
    for (const text of [
      '',
      'x',
      encodeToken(mark).slice(1),
      Buffer.from('A|1').toString('base64'),
    ]) {
      expect(decodeToken(text)).toBeUndefined();
    }
  });
});
