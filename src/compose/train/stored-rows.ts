import { StoreError } from '../../ports/store-error.ts';
import type { Source } from '../../store/reading/known-actions.ts';
import { type LayoutName, readFeatureRows } from '../../store/reading/read-features.ts';
import type { SymbolRows } from './symbol-rows.ts';

/**
 * Puts the very rows in place that sessions computed, where they kept some of that layout: what a
 * model is served is then what it learned from. A row whose bar is not there is left out.
 *
 * @returns the rows, and how many were a session's.
 */
export async function withStoredFeatures(
  source: Source,
  rows: readonly SymbolRows[],
  { feed, layout }: { readonly feed: string; readonly layout: LayoutName },
): Promise<number> {
  const places = new Map(rows.map((one) => [one.symbol, { one, at: placesOf(one) }]));
  const query = { feed, layout, fromUs: 0, untilUs: Number.MAX_SAFE_INTEGER };
  let found = 0;
  try {
    for await (const batch of readFeatureRows(source, query)) {
      for (const { symbol, atUs, values } of batch) {
        const known = places.get(symbol);
        const place = known?.at.get(atUs);
        if (known === undefined || place === undefined) continue;
        known.one.features.set(values, place * layout.names.length);
        found += 1;
      }
    }
  } catch (error) {
    // No session has kept rows of that layout, so there is no table of them.
    if (!(error instanceof StoreError) || error.code !== 'STORE_SCHEMA') throw error;
  }
  return found;
}

function placesOf({ atUs }: SymbolRows): ReadonlyMap<number, number> {
  return new Map(Array.from(atUs, (us, at) => [us, at]));
}
