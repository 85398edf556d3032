import type { Config } from '../../cli/config-schema.ts';
import { plural } from '../../cli/figures.ts';
import type { DateNumber } from '../../core/time.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import { describeFault } from '../../domain/market/data-fault.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import { fetchDailyBars } from '../../streams/market/past-bars.ts';
import { RestHistory } from '../../streams/alpaca/history/rest-history.ts';
import { fetchGroupedDays } from '../../streams/polygon/rest/grouped-days.ts';
import { listTickers } from '../../streams/polygon/rest/listed-tickers.ts';
import { PolygonHistory } from '../../streams/polygon/rest/polygon-history.ts';
import type { LivePlace } from './live-place.ts';

export interface HistoryRequest {
  readonly place: LivePlace;
  readonly config: Config;
  readonly symbols: readonly ListedSymbol[];
  /** The day that is traded: what is fetched ends before it. */
  readonly date: DateNumber;
  readonly progress: (text: string) => void;
}

const DAYS = 20;
const PROGRESS_SYMBOLS = 2_000;

/** Alpaca's past market data of a place, by the plan's limits. */
export function historyAt(place: LivePlace, config: Config): RestHistory {
  const { urls, credentials, clock, timers } = place;
  const { feed } = config.market;
  return new RestHistory({
    url: urls.data,
    ...credentials,
    // The past of the delayed feed is that of the whole market; one exchange's is no stand-in.
    feed: feed === 'iex' ? 'iex' : 'sip',
    clock,
    timers,
    requestsPerMinute: config.broker.requestsPerMinute,
  });
}

/** Polygon's. */
export function polygonHistoryAt(place: LivePlace, { market }: Config): PolygonHistory {
  const { urls, polygonKey, clock, timers } = place;
  return new PolygonHistory({
    url: urls.polygonRest,
    key: polygonKey,
    clock,
    timers,
    requestsPerMinute: market.polygon.requestsPerMinute,
  });
}

/** Daily bars of every symbol before the day, for layer 1. Rejects where they are not to be had. */
export function fetchHistory(
  request: HistoryRequest,
): Promise<ReadonlyMap<string, readonly DailyBar[]>> {
  const { place, config, symbols, date, progress } = request;
  progress(`fetching ${DAYS} days of ${symbols.length} symbols`);
  if (config.market.provider === 'polygon') return fetchPolygonDays(request);
  let told = 0;
  return fetchDailyBars(historyAt(place, config), {
    symbols: symbols.map(({ name }) => name),
    days: DAYS,
    before: date,
    onProgress: (done, of) => {
      if (done < told + PROGRESS_SYMBOLS) return;
      told = done;
      progress(`${done} of ${of} symbols have their history`);
    },
  });
}

const PROGRESS_DAYS = 10;

/** The broker says what can be traded, Polygon what it knows: who is only in one hears nothing. */
async function fetchPolygonDays({
  place,
  config,
  symbols,
  date,
  progress,
}: HistoryRequest): Promise<ReadonlyMap<string, readonly DailyBar[]>> {
  const history = polygonHistoryAt(place, config);
  const listed = await listTickers(history.rest);
  const names = symbols.map(({ name }) => name);
  const strangers = names.filter((name) => !listed.has(name));
  if (strangers.length > 0) {
    const some = strangers.slice(0, 5).join(', ');
    const what = `${plural(strangers.length, 'symbol')} of the broker's not at Polygon`;
    progress(`${what}, and so without market data: ${some}${strangers.length > 5 ? ', ...' : ''}`);
  }
  const daily = await fetchGroupedDays(
    history.rest,
    {
      symbols: names,
      days: DAYS,
      before: date,
      onProgress: (done, of) => {
        if (done % PROGRESS_DAYS === 0) progress(`${done} of ${of} days of the market`);
      },
    },
    history.faults,
  );
  const { count, first } = history.faults;
  const [fault] = first;
  if (fault !== undefined) {
    progress(`${plural(count, 'row')} could not be read, the first: ${describeFault(fault)}`);
  }
  return daily;
}
