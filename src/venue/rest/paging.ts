import { encodeToken, type PageMark } from './page-token.ts';

/** One row of a page and its place in time. */
export interface Point {
  readonly us: number;
  readonly number: number;
  /** Made only for the points of the page: most cost more to write than to find. */
  row(): unknown;
}

export interface PageQuery {
  /** Sorted, each once. */
  readonly symbols: readonly string[];
  readonly limit: number;
  readonly isDescending: boolean;
  readonly after: PageMark | undefined;
}

export interface Page {
  readonly rows: ReadonlyMap<string, readonly unknown[]>;
  readonly nextToken: string | null;
}

/**
 * The next `limit` points over all symbols, by symbol and then time: the first page may hold one
 * symbol only (venues.md 5). `read` gives a symbol's points in ascending order.
 */
export function pageOf(query: PageQuery, read: (symbol: string) => readonly Point[]): Page {
  const rows = new Map<string, readonly unknown[]>();
  let room = query.limit;
  let last: PageMark | undefined;
  for (const symbol of query.symbols) {
    if (query.after !== undefined && symbol < query.after.symbol) continue;
    const points = pointsAfter(query, symbol, read(symbol));
    if (points.length === 0) continue;
    if (room === 0) return { rows, nextToken: last === undefined ? null : encodeToken(last) };
    const taken = points.slice(0, room);
    rows.set(
      symbol,
      taken.map((point) => point.row()),
    );
    room -= taken.length;
    const point = taken.at(-1);
    if (point !== undefined) last = { symbol, us: point.us, number: point.number };
    if (taken.length < points.length && last !== undefined) {
      return { rows, nextToken: encodeToken(last) };
    }
  }
  return { rows, nextToken: null };
}

function pointsAfter(
  query: PageQuery,
  symbol: string,
  ascending: readonly Point[],
): readonly Point[] {
  const points = query.isDescending ? ascending.toReversed() : ascending;
  const { after } = query;
  if (after === undefined || after.symbol !== symbol) return points;
  const sign = query.isDescending ? -1 : 1;
  const from = points.findIndex(
    ({ us, number }) => sign * (us - after.us || number - after.number) > 0,
  );
  return from < 0 ? [] : points.slice(from);
}
