import { StoreError } from '../../ports/store-error.ts';
import type { RowBatch, TableDeclaration } from '../../ports/time-series.ts';
import { columnName, layoutTable } from '../tables/rows.ts';
import { numbersOf, textsOf } from './columns-of.ts';
import type { Source } from './known-actions.ts';

/** What rows of features are: the hash that travels with a model, and the names in their order. */
export interface LayoutName {
  readonly hash: string;
  readonly names: readonly string[];
}

export interface FeatureRow {
  readonly symbol: string;
  /** When the bar closed that it was computed at. */
  readonly atUs: number;
  readonly session: string;
  /** In the order of the layout's names. */
  readonly values: Float64Array;
}

export interface FeatureQuery {
  readonly feed: string;
  /** Left out: the last row, whichever session made it. */
  readonly session?: string;
  /** A row that is older is none. */
  readonly ageUsMax?: number;
}

const HOUR_US = 3_600_000_000;
/** Over a long weekend. */
const AGE_US_MAX = 5 * 24 * HOUR_US;

/**
 * Of each symbol the last row that was there at a moment; a symbol without one is left out. Rows
 * are point in time by how they are made: what closed later is all that must not be told.
 */
export async function readFeatures(
  source: Source,
  symbols: readonly string[],
  asOfUs: number,
  { layout, feed, session, ageUsMax = AGE_US_MAX }: FeatureQuery & { readonly layout: LayoutName },
): Promise<ReadonlyMap<string, FeatureRow>> {
  const found = new Map<string, FeatureRow>();
  const oldestUs = Math.max(0, asOfUs - ageUsMax);
  // Backwards in growing steps: most symbols have a row of the last minutes.
  let [untilUs, stepUs] = [asOfUs + 1, HOUR_US / 4];
  while (untilUs > oldestUs && found.size < symbols.length) {
    const fromUs = Math.max(oldestUs, untilUs - stepUs);
    const missing = symbols.filter((symbol) => !found.has(symbol));
    const query = { layout, feed, session, fromUs, untilUs, symbols: missing };
    for await (const rows of readFeatureRows(source, query)) {
      // In order of time: the last one stands.
      for (const row of rows) found.set(row.symbol, row);
    }
    [untilUs, stepUs] = [fromUs, stepUs * 4];
  }
  return found;
}

export interface FeatureRange extends Omit<FeatureQuery, 'ageUsMax' | 'session'> {
  readonly layout: LayoutName;
  readonly session?: string | undefined;
  readonly symbols?: readonly string[];
  readonly fromUs: number;
  readonly untilUs: number;
  readonly batchRows?: number;
}

/** Every row of a span by time, then symbol: what a model is trained with. */
export async function* readFeatureRows(
  source: Source,
  query: FeatureRange,
): AsyncIterable<readonly FeatureRow[]> {
  const { layout, feed, session, symbols, fromUs, untilUs, batchRows } = query;
  const table = layoutTable('features', layout.hash, layout.names);
  checkNames(table, layout);
  const only = {
    feed: [feed],
    ...(session === undefined ? {} : { session: [session] }),
    ...(symbols === undefined ? {} : { symbol: symbols }),
  };
  const rows = batchRows === undefined ? {} : { batchRows };
  for await (const batch of source.read({ table, fromUs, untilUs, only, ...rows })) {
    yield rowsOf(batch, layout);
  }
}

/** Two names that SQL cannot tell apart would be one column. */
function checkNames(table: TableDeclaration, { names }: LayoutName): void {
  const columns = new Set(table.columns.map(({ name }) => name));
  if (columns.size === table.columns.length) return;
  throw new StoreError(
    'STORE_SCHEMA',
    `${table.name} has two names for one column: ${names.join()}`,
  );
}

function rowsOf(batch: RowBatch, { names }: LayoutName): readonly FeatureRow[] {
  const atUs = numbersOf(batch, 'at_us');
  const symbols = textsOf(batch, 'symbol');
  const sessions = textsOf(batch, 'session');
  const columns = names.map((name) => numbersOf(batch, columnName(name)));
  return Array.from({ length: batch.rows }, (_, row) => ({
    symbol: symbols[row] ?? '',
    atUs: atUs[row] ?? 0,
    session: sessions[row] ?? '',
    values: Float64Array.from(columns, (values) => values[row] ?? Number.NaN),
  }));
}
