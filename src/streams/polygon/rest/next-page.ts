import { isRecord } from '../../../core/json.ts';
import { PolygonError } from './polygon-error.ts';

/** Where an answer goes on: what `next_url` changes of the request. */
export interface NextPage {
  /** The last two parts of the path: of aggregates, from and to. */
  readonly from: string;
  readonly to: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Stands for the host of an address that has none. */
const NOWHERE = 'https://nowhere.invalid';

/**
 * The next page of an answer; undefined after the last. Its host is not taken from the answer: the
 * key goes to the address that was configured and to no other. Throws a `PolygonError` for what
 * leads nowhere: taken for the end, it would leave out the rest of the answer in silence.
 */
export function nextPage(body: unknown): NextPage | undefined {
  const told = isRecord(body) ? body['next_url'] : undefined;
  if (!told) return undefined;
  if (typeof told !== 'string' || !URL.canParse(told, NOWHERE)) {
    throw new PolygonError('POLYGON_FAILED', "Polygon's REST: the next page has no address");
  }
  const { pathname, searchParams } = new URL(told, NOWHERE);
  const [from = '', to = ''] = pathname.split('/').slice(-2);
  searchParams.delete('apiKey');
  return { from, to, query: Object.fromEntries(searchParams) };
}
