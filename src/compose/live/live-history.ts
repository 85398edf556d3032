import type { Config } from '../../cli/config-schema.ts';
import type { DateNumber } from '../../core/time.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import { fetchDailyBars } from '../../streams/market/past-bars.ts';
import { RestHistory } from '../../streams/alpaca/history/rest-history.ts';
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

/** Past market data of a place, by the plan's limits. */
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

/** Daily bars of every symbol before the day, for layer 1. Rejects where they are not to be had. */
export function fetchHistory(
  request: HistoryRequest,
): Promise<ReadonlyMap<string, readonly DailyBar[]>> {
  const { place, config, symbols, date, progress } = request;
  progress(`fetching ${DAYS} days of ${symbols.length} symbols`);
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
