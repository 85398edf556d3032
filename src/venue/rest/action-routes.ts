import { hashText } from '../../core/hash.ts';
import { PRICE_SCALE } from '../../core/money.ts';
import type { DateNumber } from '../../core/time.ts';
import { newYorkDate } from '../../domain/market/calendar.ts';
import type { CorporateAction } from '../archive/corporate-actions.ts';
import type { MarketArchive } from '../archive/market-archive.ts';
import { type Answer, notFound, ok } from './answer.ts';
import { dateText } from './market-hours.ts';
import { decodeToken, encodeToken } from './page-token.ts';
import { QueryReader } from './query-reader.ts';
import type { RestRequest, Route } from './route.ts';

/** Corporate actions on the data host, and the older announcements on the trading host. */
export function actionRoutes(archive: MarketArchive): readonly Route[] {
  const old = '/v2/corporate_actions/announcements';
  return [
    {
      method: 'GET',
      path: '/v1/corporate-actions',
      side: 'data',
      handle: (request) => corporateActions(archive, request),
    },
    {
      method: 'GET',
      path: old,
      side: 'trading',
      handle: (request) => announcements(archive, request),
    },
    {
      method: 'GET',
      path: `${old}/{}`,
      side: 'trading',
      handle: (_, [id = '']) => {
        const found = archive.actions.find((action) => action.id === id);
        if (found === undefined) return notFound(`announcement not found for ${id}`);
        return ok(announcementRow(found));
      },
    },
  ];
}

/** Those of venues.md 5, as `types` names them; a group is the same word with an `s`. */
const TYPES: ReadonlySet<string> = new Set([
  'reverse_split',
  'forward_split',
  'unit_split',
  'stock_dividend',
  'cash_dividend',
  'spin_off',
  'cash_merger',
  'stock_merger',
  'stock_and_cash_merger',
  'redemption',
  'name_change',
  'worthless_removal',
  'rights_distribution',
  'partial_call',
  'reorganization',
]);

function corporateActions(archive: MarketArchive, { query, nowUs }: RestRequest): Answer {
  const reader = new QueryReader(query);
  const [symbols, cusips, ids] = [
    reader.list('symbols'),
    reader.list('cusips'),
    reader.list('ids'),
  ];
  const types = reader.list('types');
  for (const type of types) {
    if (!TYPES.has(type)) reader.refuse(`invalid types: ${type}`);
  }
  const today = newYorkDate(nowUs);
  const from = reader.date('start') ?? today;
  const to = reader.date('end') ?? today;
  const limit = reader.integer('limit', LIMIT_MAX, LIMIT_STANDARD);
  const isDescending = reader.choice('sort', ['asc', 'desc'], 'asc') === 'desc';
  const token = reader.text('page_token');
  const mark = token === undefined ? undefined : decodeToken(token);
  if (token !== undefined && mark === undefined) reader.refuse('invalid page_token');
  if (reader.fault !== undefined) return reader.fault;
  const wanted = archive.actions
    .filter((action) => {
      const date = processDate(action);
      // Ids are looked up on their own, whatever the span.
      if (ids.length > 0) return ids.includes(action.id);
      const isNamed = symbols.length === 0 || symbols.includes(action.symbol);
      const isMarked = cusips.length === 0 || cusips.includes(cusipOf(action.symbol));
      const isOfType = types.length === 0 || types.includes(action.group.slice(0, -1));
      return date >= from && date <= to && isNamed && isMarked && isOfType;
    })
    .toSorted((left, right) => processDate(left) - processDate(right));
  const ordered = isDescending ? wanted.toReversed() : wanted;
  const begin = Math.max(0, mark?.number ?? 0);
  const page = ordered.slice(begin, begin + limit);
  const next = begin + page.length;
  return ok({
    corporate_actions: grouped(page),
    next_page_token:
      next < ordered.length ? encodeToken({ symbol: '', us: 0, number: next }) : null,
  });
}

const LIMIT_STANDARD = 100;
const LIMIT_MAX = 1_000;

function grouped(actions: readonly CorporateAction[]): Readonly<Record<string, readonly object[]>> {
  const groups = new Map<string, object[]>();
  for (const action of actions) {
    const known = groups.get(action.group);
    if (known === undefined) groups.set(action.group, [actionRow(action)]);
    else known.push(actionRow(action));
  }
  return Object.fromEntries(groups);
}

/** Splits are booked on their day, dividends when they are paid. */
function processDate(action: CorporateAction): DateNumber {
  return action.group === 'cash_dividends' ? action.payableDate : action.exDate;
}

function actionRow(action: CorporateAction): object {
  const { id, symbol } = action;
  const exDate = dateText(action.exDate);
  const dates = { ex_date: exDate, process_date: dateText(processDate(action)) };
  switch (action.group) {
    case 'cash_dividends':
      return {
        id,
        symbol,
        cusip: cusipOf(symbol),
        rate: action.rate / PRICE_SCALE,
        special: false,
        foreign: false,
        ...dates,
        record_date: exDate,
        payable_date: dateText(action.payableDate),
      };
    case 'forward_splits':
      return {
        id,
        symbol,
        cusip: cusipOf(symbol),
        new_rate: action.newRate,
        old_rate: action.oldRate,
        ...dates,
        record_date: exDate,
        payable_date: exDate,
      };
    case 'reverse_splits':
      return {
        id,
        symbol,
        old_cusip: cusipOf(symbol),
        new_cusip: cusipOf(`${symbol}+`),
        new_rate: action.newRate,
        old_rate: action.oldRate,
        ...dates,
        record_date: exDate,
        payable_date: exDate,
      };
  }
}

/** Nine characters, as the real ones; nobody's. */
function cusipOf(symbol: string): string {
  return hashText(symbol).slice(0, 9).toUpperCase();
}

function announcements(archive: MarketArchive, { query }: RestRequest): Answer {
  const reader = new QueryReader(query);
  const types = reader.list('ca_types').map((type) => type.toLowerCase());
  if (types.length === 0) reader.refuse('ca_types is required');
  const since = reader.date('since');
  const until = reader.date('until');
  if (since === undefined || until === undefined) reader.refuse('since and until are required');
  const symbol = reader.text('symbol');
  if (reader.fault !== undefined) return reader.fault;
  return ok(
    archive.actions
      .filter((action) => types.includes(announcementType(action)))
      .filter(({ exDate }) => exDate >= (since ?? 0) && exDate <= (until ?? 0))
      .filter((action) => symbol === undefined || action.symbol === symbol)
      .map((action) => announcementRow(action)),
  );
}

function announcementType(action: CorporateAction): 'dividend' | 'split' {
  return action.group === 'cash_dividends' ? 'dividend' : 'split';
}

function announcementRow(action: CorporateAction) {
  const isDividend = action.group === 'cash_dividends';
  return {
    id: action.id,
    corporate_action_id: `${cusipOf(action.symbol)}_${action.exDate}`,
    ca_type: announcementType(action),
    ca_sub_type: isDividend ? 'cash' : action.group.slice(0, -1),
    initiating_symbol: action.symbol,
    initiating_original_cusip: cusipOf(action.symbol),
    target_symbol: action.symbol,
    target_original_cusip: cusipOf(action.symbol),
    declaration_date: dateText(action.exDate),
    ex_date: dateText(action.exDate),
    record_date: dateText(action.exDate),
    payable_date: dateText(processDate(action)),
    cash: isDividend ? String(action.rate / PRICE_SCALE) : '0',
    old_rate: isDividend ? '1' : String(action.oldRate),
    new_rate: isDividend ? '1' : String(action.newRate),
  };
}
