import { MINUTE } from '../../core/time.ts';
import { newYorkDate, newYorkToUs } from '../../domain/market/calendar.ts';
import { isSymbolName } from '../../domain/market/symbols.ts';
import { type Answer, badParameter, RECENT_SIP } from './answer.ts';
import { decodeToken } from './page-token.ts';
import type { PageQuery } from './paging.ts';
import type { QueryReader } from './query-reader.ts';

/** What the account may see (venues.md 2.4): the newest 15 minutes of SIP only on the paid plan. */
export type DataPlan = 'basic' | 'plus';

export const SIP_DELAY_US = 15 * MINUTE;

const HISTORICAL_FEEDS = ['iex', 'sip', 'otc', 'boats'] as const;
const LATEST_FEEDS = ['iex', 'sip', 'otc', 'boats', 'overnight'] as const;

export interface SpanQuery extends PageQuery {
  readonly fromUs: number;
  readonly toUs: number;
  readonly currency: string | undefined;
}

export interface LatestQuery {
  readonly symbols: readonly string[];
  readonly currency: string | undefined;
}

/** The symbol of the path, or the list of the query: sorted, each once. */
function readSymbols(reader: QueryReader, symbol: string | undefined): readonly string[] {
  const names = symbol === undefined ? reader.list('symbols') : [symbol];
  if (names.length === 0) reader.refuse('symbols is required');
  for (const name of names) {
    const isGood = isSymbolName(name) && /^[A-Z0-9./]+$/.test(name);
    if (!isGood) reader.refuse(`invalid symbol: ${name}`);
  }
  return [...new Set(names)].toSorted();
}

function readCurrency(reader: QueryReader): string | undefined {
  const currency = reader.text('currency');
  if (currency !== undefined && currency !== 'USD') reader.refuse(`invalid currency: ${currency}`);
  return currency;
}

/**
 * Symbols, span, limit and place of a paged request. Without `start` only the current day comes
 * back; without `end`, all that the plan may see.
 */
export function readSpan(
  reader: QueryReader,
  symbol: string | undefined,
  nowUs: number,
  plan: DataPlan,
): SpanQuery | Answer {
  const symbols = readSymbols(reader, symbol);
  const feed = reader.choice('feed', HISTORICAL_FEEDS, plan === 'basic' ? 'iex' : 'sip');
  const isLate = feed === 'sip' && plan === 'basic';
  const askedEndUs = reader.time('end', 'end');
  const toUs = askedEndUs ?? (isLate ? nowUs - SIP_DELAY_US : nowUs);
  const fromUs = reader.time('start', 'begin') ?? newYorkToUs(newYorkDate(nowUs), 0);
  const limit = reader.integer('limit', LIMIT_MAX, LIMIT_STANDARD);
  const isDescending = reader.choice('sort', ['asc', 'desc'], 'asc') === 'desc';
  const currency = readCurrency(reader);
  const token = reader.text('page_token');
  const after = token === undefined ? undefined : decodeToken(token);
  if (token !== undefined && after === undefined) reader.refuse('invalid page_token');
  if (reader.fault !== undefined) return reader.fault;
  if (isLate && toUs > nowUs - SIP_DELAY_US) return RECENT_SIP;
  if (fromUs > toUs && askedEndUs !== undefined) {
    return badParameter('end should not be before start');
  }
  // Nobody trades over the counter or overnight here.
  const isEmpty = feed === 'otc' || feed === 'boats';
  return { symbols: isEmpty ? [] : symbols, fromUs, toUs, limit, isDescending, after, currency };
}

const LIMIT_STANDARD = 1_000;
const LIMIT_MAX = 10_000;

/** Symbols of a request for what is newest. */
export function readLatest(
  reader: QueryReader,
  symbol: string | undefined,
  plan: DataPlan,
): LatestQuery | Answer {
  const symbols = readSymbols(reader, symbol);
  const feed = reader.choice('feed', LATEST_FEEDS, plan === 'basic' ? 'iex' : 'sip');
  const currency = readCurrency(reader);
  if (reader.fault !== undefined) return reader.fault;
  if (feed === 'sip' && plan === 'basic') return RECENT_SIP;
  const isEmpty = feed === 'otc' || feed === 'boats' || feed === 'overnight';
  return { symbols: isEmpty ? [] : symbols, currency };
}

export function isAnswer(value: object): value is Answer {
  return 'status' in value;
}
