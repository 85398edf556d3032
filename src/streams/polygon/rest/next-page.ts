import { isRecord } from '../../../core/json.ts';

/** Where an answer goes on: what `next_url` changes of the request. */
export interface NextPage {
  /** The last two parts of the path: of aggregates, from and to. */
  readonly from: string;
  readonly to: string;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * The next page of an answer; undefined after the last. Its host is not taken from the answer: the
 * key goes to the address that was configured and to no other.
 */
export function nextPage(body: unknown): NextPage | undefined {
  const told = isRecord(body) ? body['next_url'] : undefined;
  if (typeof told !== 'string' || !URL.canParse(told)) return undefined;
  const { pathname, searchParams } = new URL(told);
  const [from = '', to = ''] = pathname.split('/').slice(-2);
  searchParams.delete('apiKey');
  return { from, to, query: Object.fromEntries(searchParams) };
}
