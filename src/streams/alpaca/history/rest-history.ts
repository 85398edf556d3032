import { doubled } from '../../../core/doubling.ts';
import { errors, marketData } from '@alpacahq/alpaca-trade-api';
import { MS, parseTime } from '../../../core/time.ts';
import { FaultList } from '../../../domain/market/data-fault.ts';
import type { Clock, Timers } from '../../../ports/clock.ts';
import { isGone, parseExactly, readBar, readPage, readTrade } from './history-pages.ts';
import type {
  HistoryBar,
  HistorySpan,
  HistoryTrade,
  MarketHistory,
} from '../../market/market-history.ts';
import { pause, RequestBudget } from '../../market/request-budget.ts';
import { field, text } from '../../wire/own-fields.ts';
import { type NewsWords, readNews } from '../venue-words.ts';

export interface RestHistoryOptions {
  /** `https://data.alpaca.markets`; another venue's address in a simulation. */
  readonly url: string;
  readonly keyId: string;
  readonly secret: string;
  /** Always said: the plan's default is not ours to guess. */
  readonly feed: 'iex' | 'sip';
  readonly clock: Clock;
  readonly timers: Timers;
  /** Of the data plan, in market time. */
  readonly requestsPerMinute: number;
  /** Of each request, in wall time. */
  readonly timeoutMs?: number;
}

/** Symbols in one request: their names must fit an address, and 20 days of each a page. */
const SYMBOLS_MAX = 400;
const POINTS_MAX = 10_000;
/** Pages of one request: a token that comes again and again must end. */
const PAGES_MAX = 10_000;
const ATTEMPTS_MAX = 3;
const RETRY_MS = 500;
const RETRY_MS_MAX = 10_000;
const TIMEOUT_MS = 10_000;
const NEWS_PAGE = 50;

export type Timeframe = '1Min' | '1Day';

/** The request could not be answered, or not be read. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly code = 'HISTORY_FAILED';
}

/**
 * Past market data over the official SDK: its addresses, keys, deadlines and errors. The bodies are
 * read here, because the SDK's own rows cut times to milliseconds.
 */
export class RestHistory implements MarketHistory {
  readonly faults = new FaultList();
  readonly #options: RestHistoryOptions;
  readonly #stocks: marketData.StockApi;
  readonly #stories: marketData.NewsApi;
  readonly #budget: RequestBudget;

  constructor(options: RestHistoryOptions) {
    this.#options = options;
    const configuration = new marketData.Configuration({
      basePath: options.url,
      keyId: options.keyId,
      secret: options.secret,
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    });
    this.#stocks = new marketData.StockApi(configuration);
    this.#stories = new marketData.NewsApi(configuration);
    this.#budget = new RequestBudget(options.clock, options.timers, options.requestsPerMinute);
  }

  minuteBars(
    span: HistorySpan,
    take: (name: string, bars: readonly HistoryBar[]) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    return this.bars('1Min', span, take, signal);
  }

  async bars(
    timeframe: Timeframe,
    span: HistorySpan,
    take: (name: string, bars: readonly HistoryBar[]) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const { feed } = this.#options;
    for (const symbols of portions(span.symbols)) {
      const request = { symbols, timeframe, feed, limit: POINTS_MAX, ...spanOf(span) };
      await this.#pages('bars', readBar, take, signal, (token, init) =>
        // Split-adjusted, so that past and present prices are of the same shares.
        this.#stocks.stockBarsRaw({ ...request, ...token, adjustment: 'split' }, init),
      );
    }
  }

  async trades(
    span: HistorySpan,
    take: (name: string, trades: readonly HistoryTrade[]) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const { feed } = this.#options;
    const readRow = (row: unknown) => (isGone(row) ? 'gone' : readTrade(row));
    const takeRows = (name: string, rows: readonly (HistoryTrade | 'gone')[]) =>
      take(
        name,
        rows.filter((row) => row !== 'gone'),
      );
    for (const symbols of portions(span.symbols)) {
      const request = { symbols, feed, limit: POINTS_MAX, ...spanOf(span) };
      await this.#pages('trades', readRow, takeRows, signal, (token, init) =>
        this.#stocks.stockTradesRaw({ ...request, ...token }, init),
      );
    }
  }

  async latestTrades(
    names: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, number>> {
    const { feed } = this.#options;
    const init = signal === undefined ? {} : { signal };
    await this.#budget.take();
    const symbols = names.join(',');
    const response = await this.#stocks.stockLatestTradesRaw({ symbols, feed }, init);
    const listed = field(parseExactly(await response.raw.text()), 'trades');
    const latest = new Map<string, number>();
    for (const name of names) {
      const us = parseTime(text(field(field(listed, name), 't')) ?? '');
      if (us !== undefined) latest.set(name, us);
    }
    return latest;
  }

  /** Stories since a moment, oldest first. */
  async news(fromUs: number, take: (news: NewsWords) => void, signal?: AbortSignal): Promise<void> {
    const start = new Date(Math.floor(fromUs / MS));
    await this.#walk(signal, async (token, init) => {
      const request = { start, limit: NEWS_PAGE, sort: 'asc' as const, ...token };
      const response = await this.#stories.newsRaw(request, init);
      const page: unknown = JSON.parse(await response.raw.text());
      const listed = field(page, 'news');
      for (const item of Array.isArray(listed) ? listed : []) {
        const news = readNews(item);
        if (news !== undefined) take(news);
      }
      return text(field(page, 'next_page_token'));
    });
  }

  /** A symbol's rows are handed on when the next one's begin: it may go on over several pages. */
  async #pages<Row>(
    key: 'bars' | 'trades',
    readRow: (row: unknown) => Row | undefined,
    take: (name: string, rows: readonly Row[]) => void,
    signal: AbortSignal | undefined,
    ask: (token: PageToken, init: RequestInit) => Promise<{ readonly raw: Response }>,
  ): Promise<void> {
    const open = new Map<string, Row[]>();
    await this.#walk(signal, async (token, init) => {
      const response = await ask(token, init);
      const page = readPage(parseExactly(await response.raw.text()), key, readRow, this.faults);
      for (const [name, rows] of page.rows) {
        const known = open.get(name);
        if (known === undefined) open.set(name, [...rows]);
        else for (const row of rows) known.push(row);
      }
      return page.nextToken;
    });
    for (const [name, rows] of open) take(name, rows);
  }

  /** Page after page, until there is none, a token repeats, or somebody gave up. */
  async #walk(
    signal: AbortSignal | undefined,
    read: (token: PageToken, init: RequestInit) => Promise<string | undefined>,
  ): Promise<void> {
    let pageToken: string | undefined;
    const seen = new Set<string>();
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const token = pageToken === undefined ? {} : { pageToken };
      const next = await this.#retried(() => read(token, signal === undefined ? {} : { signal }));
      if (signal?.aborted === true) throw new HistoryError('given up');
      if (next === undefined || next === '') return;
      if (seen.has(next)) throw new HistoryError('the venue repeats a page');
      seen.add(next);
      pageToken = next;
    }
    throw new HistoryError(`more than ${PAGES_MAX} pages`);
  }

  async #retried<T>(ask: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#budget.take();
      try {
        return await ask();
      } catch (error) {
        const waitMs = waitAfter(error, attempt);
        if (waitMs === undefined || attempt >= ATTEMPTS_MAX) {
          const what = error instanceof Error ? error.message : String(error);
          throw new HistoryError(`past market data: ${what}`, { cause: error });
        }
        await pause(this.#options.timers, waitMs);
      }
    }
  }
}

type PageToken = { readonly pageToken?: string };

/** How long to wait before another try; undefined where that would not help. */
function waitAfter(error: unknown, attempt: number): number | undefined {
  const waitMs = doubled(RETRY_MS, attempt, RETRY_MS_MAX);
  if (!(error instanceof errors.ApiError)) {
    // No answer at all may be another the next time; a body that is no JSON will not.
    return error instanceof SyntaxError || error instanceof HistoryError ? undefined : waitMs;
  }
  if (error.status === 429) return Math.min(RETRY_MS_MAX, error.retryAfterMs ?? waitMs);
  return error.status >= 500 ? waitMs : undefined;
}

function portions(symbols: readonly string[]): readonly string[] {
  const count = Math.ceil(symbols.length / SYMBOLS_MAX);
  return Array.from({ length: count }, (_, at) =>
    symbols.slice(at * SYMBOLS_MAX, (at + 1) * SYMBOLS_MAX).join(','),
  );
}

/** The venue's end is inclusive, ours is not; its resolution is what a Date holds. */
function spanOf({ fromUs, toUs }: HistorySpan): { readonly start: Date; readonly end: Date } {
  return { start: new Date(Math.floor(fromUs / MS)), end: new Date(Math.ceil(toUs / MS) - 1) };
}
