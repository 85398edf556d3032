import { PRICE_SCALE } from '../../../core/money.ts';
import { formatTime } from '../../../core/time.ts';
import type { CorporateAction, SplitAction } from '../../archive/corporate-actions.ts';
import type { MarketArchive } from '../../archive/market-archive.ts';
import type { Story } from '../../archive/news-shelf.ts';
import type { Answer } from '../../rest/answer.ts';
import { dateText } from '../../rest/market-hours.ts';
import { polygonPage } from './polygon-cursor.ts';
import { PolygonQuery } from './polygon-query.ts';
import { get, okBody, type PolygonRequest, type PolygonRoute } from './polygon-route.ts';

/** What companies do and what is written about them (venues.md 6.2). */
export function companyRoutes(archive: MarketArchive): readonly PolygonRoute[] {
  return [
    get('/v3/reference/splits', (request) => splits(archive, request)),
    get('/v3/reference/dividends', (request) => dividends(archive, request)),
    get('/v2/reference/news', (request) => news(archive, request)),
  ];
}

const LIMIT_STANDARD = 10;
const LIMIT_MAX = 1_000;

function splits(archive: MarketArchive, request: PolygonRequest): Answer {
  const query = new PolygonQuery(request);
  const isNamed = query.textWithin('ticker');
  const isThen = query.dateWithin('execution_date');
  const reverse = query.reader.text('reverse_split');
  query.reader.choice('reverse_split', ['true', 'false'] as const, 'true');
  const by = query.reader.choice('sort', ['execution_date', 'ticker'] as const, 'execution_date');
  const rows = archive.actions
    .filter((action) => isSplit(action))
    .map((action) => ({
      id: action.id,
      execution_date: dateText(action.exDate),
      split_from: action.oldRate,
      split_to: action.newRate,
      ticker: action.symbol,
    }))
    .filter((row) => isNamed(row.ticker) && isThen(row.execution_date))
    .filter((row) => reverse === undefined || String(row.split_from > row.split_to) === reverse);
  return listed(request, query, rows, { by, standard: 'desc' });
}

function isSplit(action: CorporateAction): action is SplitAction {
  return action.group !== 'cash_dividends';
}

function dividends(archive: MarketArchive, request: PolygonRequest): Answer {
  const query = new PolygonQuery(request);
  const isNamed = query.textWithin('ticker');
  const isEx = query.dateWithin('ex_dividend_date');
  const isPaid = query.dateWithin('pay_date');
  const isRecorded = query.dateWithin('record_date');
  const isDeclared = query.dateWithin('declaration_date');
  const type = query.reader.text('dividend_type');
  const frequency = query.reader.text('frequency');
  const by = query.reader.choice('sort', DIVIDEND_SORTS, 'ex_dividend_date');
  const rows = archive.actions
    .flatMap((action) => (isSplit(action) ? [] : action))
    .map((action) => ({
      id: action.id,
      cash_amount: action.rate / PRICE_SCALE,
      currency: 'USD',
      declaration_date: dateText(action.exDate),
      dividend_type: 'CD',
      ex_dividend_date: dateText(action.exDate),
      frequency: QUARTERLY,
      pay_date: dateText(action.payableDate),
      record_date: dateText(action.exDate),
      ticker: action.symbol,
    }))
    .filter((row) => isNamed(row.ticker) && isEx(row.ex_dividend_date) && isPaid(row.pay_date))
    .filter((row) => isRecorded(row.record_date) && isDeclared(row.declaration_date))
    .filter(
      (row) =>
        (type === undefined || row.dividend_type === type) &&
        (frequency === undefined || String(row.frequency) === frequency),
    );
  return listed(request, query, rows, { by, standard: 'desc' });
}

const QUARTERLY = 4;
const DIVIDEND_SORTS = [
  'ex_dividend_date',
  'pay_date',
  'declaration_date',
  'record_date',
  'cash_amount',
  'ticker',
] as const;

/** One page of rows, ordered by one of their keys and then by their ids. */
function listed<Row extends { readonly id: string }, Key extends keyof Row>(
  request: PolygonRequest,
  query: PolygonQuery,
  rows: readonly Row[],
  how: { readonly by: Key; readonly standard: 'asc' | 'desc' },
): Answer {
  const isDescending = query.isDescending(how.standard);
  const limit = query.reader.integer('limit', LIMIT_MAX, LIMIT_STANDARD);
  const { refusal } = query;
  if (refusal !== undefined) return refusal;
  const sorted = rows.toSorted((left, right) => {
    if (left[how.by] === right[how.by]) return left.id < right.id ? -1 : 1;
    return left[how.by] < right[how.by] ? -1 : 1;
  });
  const ordered = isDescending ? sorted.toReversed() : sorted;
  const page = polygonPage(request, query.paged, ordered, { limit, keyOf: ({ id }) => id });
  return okBody(request, { results: page.rows, ...page.next });
}

function news(archive: MarketArchive, request: PolygonRequest): Answer {
  const query = new PolygonQuery(request);
  const isNamed = query.textWithin('ticker');
  const { fromUs, toUs } = query.spanOf('published_utc');
  query.reader.choice('sort', ['published_utc'], 'published_utc');
  const isDescending = query.isDescending('desc');
  const limit = query.reader.integer('limit', LIMIT_MAX, LIMIT_STANDARD);
  const { refusal } = query;
  if (refusal !== undefined) return refusal;
  const stories = archive.news
    .read(fromUs, Math.min(toUs, request.nowUs))
    .filter((story) => story.symbols.some((name) => isNamed(name)));
  const ordered = isDescending ? stories.toReversed() : stories;
  const keyOf = ({ id }: Story) => String(id);
  const page = polygonPage(request, query.paged, ordered, { limit, keyOf });
  const results = page.rows.map((story) => newsRow(story));
  return okBody(request, { count: results.length, results, ...page.next });
}

const HOME = 'https://example.invalid';
const PUBLISHER = {
  name: 'Desk',
  homepage_url: HOME,
  logo_url: `${HOME}/logo.svg`,
  favicon_url: `${HOME}/favicon.ico`,
} as const;

function newsRow(story: Story) {
  const insights = insightsOf(story);
  const url = `${HOME}/news/${story.id}`;
  return {
    id: String(story.id),
    publisher: PUBLISHER,
    title: story.headline,
    author: 'Desk',
    published_utc: `${formatTime(story.atUs).slice(0, 19)}Z`,
    article_url: url,
    amp_url: `${url}/amp`,
    image_url: `${url}/image.png`,
    tickers: story.symbols,
    keywords: KEYWORDS,
    description: story.headline,
    ...(insights.length === 0 ? {} : { insights }),
  };
}

const KEYWORDS = ['markets'] as const;

/** What nobody has scored has no insights. */
function insightsOf({ symbols, sentiment, headline }: Story): readonly object[] {
  if (Number.isNaN(sentiment)) return [];
  return symbols.map((ticker) => ({
    ticker,
    sentiment: wordOf(sentiment),
    sentiment_reasoning: headline,
  }));
}

function wordOf(sentiment: number): 'positive' | 'neutral' | 'negative' {
  if (Math.abs(sentiment) < NEUTRAL_BELOW) return 'neutral';
  return sentiment > 0 ? 'positive' : 'negative';
}

const NEUTRAL_BELOW = 0.1;
