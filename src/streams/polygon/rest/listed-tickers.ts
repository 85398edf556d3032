import type { Call, PolygonRest } from './polygon-rest.ts';
import { rowsOf, valueOf } from './rest-rows.ts';

/** A thousand is the venue's own limit: some 12 answers list every US stock. */
const ALL_STOCKS = {
  market: 'stocks',
  active: 'true',
  sort: 'ticker',
  order: 'asc',
  limit: '1000',
};
const un = undefined;
const NO_WORDS = [un, un, un, un, un, un, un, un, un, un, un, un, un, un, un, un] as const;

/** Every active stock that Polygon lists, as it spells them, in its order. */
export async function listTickers(
  rest: PolygonRest,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const call: Call = ({ api }, options) => api.listTickers(...NO_WORDS, options);
  await rest.pages({ query: ALL_STOCKS, call, signal }, (body) => {
    for (const row of rowsOf(body)) {
      const name = valueOf(row, 'ticker');
      if (typeof name === 'string') names.add(name);
    }
  });
  return names;
}
