import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  pagedQuery,
  polygonPage,
  sameUrl,
} from '../../../../src/venue/polygon/rest/polygon-cursor.ts';
import type { PolygonRequest } from '../../../../src/venue/polygon/rest/polygon-route.ts';

const ORIGIN = 'http://127.0.0.1:7003';

function request(url: string): PolygonRequest {
  const { pathname, searchParams } = new URL(url);
  return { path: pathname, query: searchParams, nowUs: 0, requestId: 'r', origin: ORIGIN };
}

/** One page of rows, by the words of the request as they are after its cursor was read. */
function page(url: string, rows: readonly string[], limit: number) {
  const asked = request(url);
  const paged = pagedQuery(asked);
  if (paged === undefined) throw new Error('the cursor is one of ours');
  return { paged, ...polygonPage(asked, paged, rows, { limit, keyOf: (row) => row }) };
}

describe('pages by a cursor', () => {
  it('D12 bring every row once and in order, and keep the words of the first', () => {
    const rows = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 40 });
    const words = fc.dictionary(fc.stringMatching(/^[a-z.]{1,8}$/), fc.string(), { maxKeys: 5 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 9 }), words, (all, limit, asked) => {
        const first = new URLSearchParams({ ...asked, apiKey: 'secret' });
        const told: string[] = [];
        let next: string | undefined = `${ORIGIN}/v3/list?${first.toString()}`;
        for (let count = 0; next !== undefined; count += 1) {
          const { paged, rows: some, next: link } = page(next, all, limit);
          told.push(...some);
          for (const [word, value] of Object.entries(asked)) {
            expect(paged.query.get(word)).toBe(value);
          }
          next = link.next_url;
          if (next !== undefined) {
            expect(next.startsWith(`${ORIGIN}/v3/list?cursor=`)).toBe(true);
            expect(
              Buffer.from(next.slice(next.indexOf('=') + 1), 'base64url').toString(),
            ).not.toContain('secret');
          }
          expect(count).toBeLessThanOrEqual(all.length);
        }

        expect(told).toEqual(all);
      }),
    );
  });

  it('go on behind the row that was last, whatever has come before it since', () => {
    const { next } = page(`${ORIGIN}/v3/list`, ['e', 'd', 'c', 'b'], 2);
    const after = page(String(next.next_url), ['g', 'f', 'e', 'd', 'c', 'b'], 2);

    expect(after.rows).toEqual(['c', 'b']);
  });

  it('end where the row that was last is gone', () => {
    const { next } = page(`${ORIGIN}/v3/list`, ['a', 'b', 'c'], 1);

    expect(page(String(next.next_url), ['b', 'c'], 1)).toMatchObject({ rows: [], next: {} });
  });

  it('are none for a cursor of somebody else', () => {
    expect(pagedQuery(request(`${ORIGIN}/v3/list?cursor=YWJj`))).toBeUndefined();
  });

  it('can lead to where they were asked', () => {
    const url = sameUrl(request(`${ORIGIN}/v3/list?limit=2`));

    expect(page(url, ['a', 'b', 'c'], 2).rows).toEqual(['a', 'b']);
    expect(sameUrl(request(url))).toBe(url);
  });
});
