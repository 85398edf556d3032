import { hashText } from '../../../core/hash.ts';
import { PRICE_SCALE } from '../../../core/money.ts';
import { newYorkDate } from '../../../domain/market/calendar.ts';
import { SPLITS_ADJUSTED } from '../../archive/read-bars.ts';
import type { MarketArchive } from '../../archive/market-archive.ts';
import type { Tape } from '../../archive/wire-codes.ts';
import type { Answer } from '../../rest/answer.ts';
import { dateText } from '../../rest/market-hours.ts';
import { polygonPage } from './polygon-cursor.ts';
import { PolygonQuery } from './polygon-query.ts';
import {
  get,
  notFoundAnswer,
  okBody,
  type PolygonRequest,
  type PolygonRoute,
} from './polygon-route.ts';
import { findShare, shareNumbers } from './shares.ts';

const PATH = '/v3/reference/tickers';

/** What is listed, page by page, and what is known of one company (venues.md 6.2). */
export function tickerRoutes(archive: MarketArchive): readonly PolygonRoute[] {
  return [
    get(PATH, (request) => tickers(archive, request)),
    get(`${PATH}/types`, (request) => okBody(request, { count: TYPES.length, results: TYPES })),
    get(`${PATH}/{}`, (request, [ticker = '']) => {
      const symbol = findShare(archive, ticker);
      const row = symbol < 0 ? undefined : tickerRow(archive, symbol, request.nowUs);
      if (row === undefined) return notFoundAnswer(request.requestId, 'Ticker not found.');
      return okBody(request, { results: { ...row, ...details(archive, symbol, row.ticker) } });
    }),
  ];
}

const TYPES = [
  { code: 'CS', description: 'Common Stock', asset_class: 'stocks', locale: 'us' },
  { code: 'ETF', description: 'Exchange Traded Fund', asset_class: 'stocks', locale: 'us' },
] as const;

const EXCHANGES: Readonly<Record<Tape, string>> = { A: 'XNYS', B: 'ARCX', C: 'XNAS' };

type TickerRow = NonNullable<ReturnType<typeof tickerRow>>;

function tickers(archive: MarketArchive, request: PolygonRequest): Answer {
  const query = new PolygonQuery(request);
  const isWithin = query.textWithin('ticker');
  const market = query.reader.choice(
    'market',
    ['stocks', 'crypto', 'fx', 'otc', 'indices'] as const,
    'stocks',
  );
  const isActive = query.reader.truth('active', true);
  const [type, exchange, cik] = [
    query.reader.text('type'),
    query.reader.text('exchange'),
    query.reader.text('cik'),
  ];
  const search = query.reader.text('search')?.toLowerCase();
  query.reader.date('date'); // Nothing is listed or delisted in a session of ours.
  const by = query.reader.choice('sort', SORTS, 'ticker');
  const isDescending = query.isDescending('asc');
  const limit = query.reader.integer('limit', LIMIT_MAX, LIMIT_STANDARD);
  const { refusal } = query;
  if (refusal !== undefined) return refusal;
  const listed = market === 'stocks' ? shareNumbers(archive) : [];
  const rows = listed
    .flatMap((symbol) => tickerRow(archive, symbol, request.nowUs) ?? [])
    .filter(
      (row) =>
        isWithin(row.ticker) &&
        row.active === isActive &&
        (type === undefined || row.type === type) &&
        (exchange === undefined || row.primary_exchange === exchange) &&
        (cik === undefined || row.cik === cik) &&
        (search === undefined || `${row.ticker} ${row.name}`.toLowerCase().includes(search)),
    )
    .toSorted((left, right) => compare(left, right, by));
  const ordered = isDescending ? rows.toReversed() : rows;
  const page = polygonPage(request, query.paged, ordered, { limit, keyOf: ({ ticker }) => ticker });
  return okBody(request, { count: page.rows.length, results: page.rows, ...page.next });
}

const LIMIT_STANDARD = 100;
const LIMIT_MAX = 1_000;
const SORTS = [
  'ticker',
  'name',
  'market',
  'locale',
  'primary_exchange',
  'type',
  'currency_name',
  'cik',
  'composite_figi',
  'share_class_figi',
  'last_updated_utc',
] as const;

function compare(left: TickerRow, right: TickerRow, by: (typeof SORTS)[number]): number {
  const [one, other] = [left[by] ?? '', right[by] ?? ''];
  if (one === other) return left.ticker < right.ticker ? -1 : 1;
  return one < other ? -1 : 1;
}

function tickerRow(archive: MarketArchive, symbol: number, nowUs: number) {
  const listing = archive.symbols[symbol];
  if (listing === undefined) return undefined;
  const isFund = listing.assetClass === 'fund';
  const ticker = listing.name;
  return {
    ticker,
    name: isFund ? `${ticker} Fund` : `${ticker} Common Stock`,
    market: 'stocks',
    locale: 'us',
    primary_exchange: EXCHANGES[archive.tapes[symbol] ?? 'C'],
    type: isFund ? 'ETF' : 'CS',
    active: listing.isTradable,
    currency_name: 'usd',
    ...(isFund ? {} : { cik: String(draw(ticker, 'cik', 2_000_000)).padStart(10, '0') }),
    composite_figi: figi(ticker, 'composite', 'BBG000'),
    share_class_figi: figi(ticker, 'class', 'BBG001'),
    last_updated_utc: `${dateText(newYorkDate(nowUs))}T00:00:00Z`,
  };
}

/** A company of the seeded market, invented from its name: the same each time. */
function details(archive: MarketArchive, symbol: number, ticker: string) {
  const day = archive.days.read(symbol, SPLITS_ADJUSTED, 1).at(-1);
  const price = archive.trades.latest(symbol)?.price ?? day?.close ?? 0;
  const shares = 10_000_000 + draw(ticker, 'shares', 900_000_000);
  const sector = archive.symbols[symbol]?.sector ?? '';
  const home = `https://example.invalid/${ticker.toLowerCase()}`;
  return {
    market_cap: Math.round((price / PRICE_SCALE) * shares),
    share_class_shares_outstanding: shares,
    weighted_shares_outstanding: shares,
    description: `${ticker} is a company of a seeded market.`,
    phone_number: '(555) 010-0100',
    address: { address1: '1 Example Way', city: 'Example', state: 'NY', postal_code: '10001' },
    sic_code: String(1_000 + draw(ticker, 'sic', 8_999)),
    sic_description: sector.toUpperCase(),
    ticker_root: ticker.split('.')[0] ?? ticker,
    homepage_url: home,
    total_employees: 50 + draw(ticker, 'employees', 100_000),
    list_date: '2001-01-02',
    branding: { logo_url: `${home}/logo.svg`, icon_url: `${home}/icon.png` },
    round_lot: 100,
  };
}

/** Below `most`, from the ticker and what it is for. */
function draw(ticker: string, what: string, most: number): number {
  return Number.parseInt(hashText(`${what} ${ticker}`).slice(0, 8), 16) % most;
}

/** Twelve characters, as the real ones; nobody's. */
function figi(ticker: string, what: string, begin: string): string {
  return `${begin}${hashText(`${what} ${ticker}`).slice(0, 6).toUpperCase()}`;
}
