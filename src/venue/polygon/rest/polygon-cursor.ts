import type { PolygonRequest } from './polygon-route.ts';

/** What a request asks for: its own words, or those of the first page that a cursor brings back. */
export interface PagedQuery {
  readonly query: URLSearchParams;
  /** The key of the last row that was told before. */
  readonly after: string | undefined;
}

/** Undefined for a cursor that is none of ours. */
export function pagedQuery({ query }: PolygonRequest): PagedQuery | undefined {
  const cursor = query.get('cursor');
  if (cursor === null) return { query, after: undefined };
  const first = new URLSearchParams(Buffer.from(cursor, 'base64url').toString('utf8'));
  const after = first.get(MARK);
  if (after === null) return undefined;
  return { query: first, after: after === '' ? undefined : after };
}

/** Back to where it was asked: what a page that leads nowhere says. */
export function sameUrl(request: PolygonRequest): string {
  const cursor = request.query.get('cursor');
  if (cursor === null) return nextUrl(request, { query: request.query, after: undefined }, '');
  return `${request.origin}${request.path}?cursor=${cursor}`;
}

/** Absolute, with a question mark in it, and without the key (venues.md 6.2). */
export function nextUrl(
  { origin, path }: PolygonRequest,
  { query }: PagedQuery,
  last: string,
): string {
  const words = new URLSearchParams(query);
  for (const name of SECRET) words.delete(name);
  words.set(MARK, last);
  return `${origin}${path}?cursor=${Buffer.from(words.toString()).toString('base64url')}`;
}

const MARK = 'ap';
const SECRET = ['apiKey', 'apikey', 'cursor'];

export interface PolygonPage<Row> {
  readonly rows: readonly Row[];
  readonly next: { readonly next_url?: string };
}

/** The next rows after those that were told; rows come in the order that was asked for. */
export function polygonPage<Row>(
  request: PolygonRequest,
  paged: PagedQuery,
  rows: readonly Row[],
  how: { readonly limit: number; readonly keyOf: (row: Row) => string },
): PolygonPage<Row> {
  const { after } = paged;
  const at = after === undefined ? -1 : rows.findIndex((row) => how.keyOf(row) === after);
  // The row is gone: what is left of the list is not known either.
  if (after !== undefined && at < 0) return { rows: [], next: {} };
  const page = rows.slice(at + 1, at + 1 + how.limit);
  const last = page.at(-1);
  const isMore = at + 1 + page.length < rows.length && last !== undefined;
  return { rows: page, next: isMore ? { next_url: nextUrl(request, paged, how.keyOf(last)) } : {} };
}
