import type { Config } from '../../cli/config-schema.ts';
import { DAY, type DateNumber, MINUTE } from '../../core/time.ts';
import { newYorkDate, newYorkToUs } from '../../domain/market/calendar.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import type { HistoryBar } from '../../streams/alpaca/market-history.ts';
import { RestHistory } from '../../streams/alpaca/rest-history.ts';
import type { LivePlace } from './live-place.ts';

export interface HistoryRequest {
  readonly place: LivePlace;
  readonly config: Config;
  readonly symbols: readonly ListedSymbol[];
  /** The day that is traded: what is fetched ends before it. */
  readonly date: DateNumber;
  readonly progress: (text: string) => void;
}

/** Twenty trading days, with the weekends and holidays between them. */
const DAYS = 32;
const PRICE_SCALE = 10_000;
const PROGRESS_SYMBOLS = 1_000;

/** Past market data of a place, by the plan's limits. */
export function historyAt({ urls, credentials, clock, timers }: LivePlace, config: Config) {
  const { feed } = config.market;
  return new RestHistory({
    url: urls.data,
    ...credentials,
    feed: feed === 'sip' ? 'sip' : 'iex',
    clock,
    timers,
    requestsPerMinute: config.broker.requestsPerMinute,
  });
}

/** Daily bars of every symbol before the day, for layer 1. Rejects where they are not to be had. */
export async function fetchHistory(
  request: HistoryRequest,
): Promise<ReadonlyMap<string, readonly DailyBar[]>> {
  const { place, config, symbols, date, progress } = request;
  const history = historyAt(place, config);
  const found = new Map<string, readonly DailyBar[]>();
  const toUs = newYorkToUs(date, 0);
  const span = { symbols: symbols.map(({ name }) => name), fromUs: toUs - DAYS * DAY, toUs };
  progress(`fetching ${DAYS} days of ${symbols.length} symbols`);
  await history.bars('1Day', span, (name, bars) => {
    found.set(
      name,
      bars.map(dayOf).filter((bar) => bar.date < date),
    );
    if (found.size % PROGRESS_SYMBOLS === 0) progress(`${found.size} symbols have their history`);
  });
  return found;
}

/** A daily bar begins at midnight in New York; noon of it is the same day everywhere. */
function dayOf({ startUs, open, high, low, close, volume }: HistoryBar): DailyBar {
  const date = newYorkDate(startUs + 12 * 60 * MINUTE);
  const ticks = (dollars: number): number => Math.round(dollars * PRICE_SCALE);
  return {
    date,
    open: ticks(open),
    high: ticks(high),
    low: ticks(low),
    close: ticks(close),
    volume,
  };
}
