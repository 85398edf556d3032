import { PRICE_SCALE } from '../../core/money.ts';
import { DAY, MINUTE } from '../../core/time.ts';
import { newYorkDate } from '../../domain/market/calendar.ts';
import { FaultList } from '../../domain/market/data-fault.ts';
import { BAR, BAR_FINAL, type EventBatch } from '../../domain/market/event-batch.ts';
import type { MarketSource } from '../../ports/market-source.ts';
import { stepAt, type Steps, stepsBefore } from '../../store/reading/adjustments.ts';
import { readSteps, type Source } from '../../store/reading/known-actions.ts';
import { readBars } from '../../store/reading/read-market.ts';
import { listingOf } from '../../streams/recorded/listing.ts';
import { sessionInputs } from '../../streams/recorded/session-inputs.ts';
import { TrainError } from './train-error.ts';

/** Bars of the store, as a market that can be heard as often as one likes. */
export interface StoredMarket {
  readonly name: string;
  /** In shares of today: a split between two days is no fall of the price. */
  readonly open: () => MarketSource;
  /** In shares of before a moment: no split of then, or later, is known. */
  readonly openBefore: (untilUs: number) => MarketSource;
}

export interface StoredMarketOptions {
  readonly source: Source;
  readonly feed: string;
  readonly timeframe: '1m' | '1d';
  /** Left out: all that there are. */
  readonly symbols?: readonly string[];
}

/**
 * Reads closed bars. What was told of a bar last is what is learned from; each is heard when its
 * time was over.
 */
export async function storedMarket(options: StoredMarketOptions): Promise<StoredMarket> {
  const { source, feed, timeframe, symbols } = options;
  const spanUs = timeframe === '1d' ? DAY : MINUTE;
  const bars: Heard[] = [];
  const names = new Set<string>();
  const wanted = symbols?.length === 0 ? undefined : symbols;
  const query = {
    feed,
    timeframe,
    fromUs: 0,
    untilUs: Number.MAX_SAFE_INTEGER,
    ...(wanted === undefined ? {} : { symbols: wanted }),
  };
  for await (const rows of readBars(source, query)) {
    for (let row = 0; row < rows.rows; row += 1) {
      const symbol = rows.symbols[row] ?? '';
      names.add(symbol);
      const prices = [rows.open, rows.high, rows.low, rows.close].map((column) => {
        return column[row] ?? Number.NaN;
      });
      const [volume, startUs] = [rows.volume[row] ?? 0, rows.startUs[row] ?? 0];
      // A bar that was taken back stands there with nothing in it.
      if (volume > 0) bars.push({ symbol, startUs, prices, volume });
    }
  }
  if (bars.length === 0) {
    const message =
      `the store has no bars of ${timeframe} of the feed ${feed}; strata query "select distinct ` +
      'feed from bars" lists the feeds, --source store:FEED takes one';
    throw new TrainError('TRAIN_SOURCE', message);
  }
  const places = new Map([...names].toSorted().map((name, at) => [name, at]));
  const dates = [
    ...new Set(bars.map(({ startUs }) => newYorkDate(startUs + NOON * daily(spanUs)))),
  ];
  dates.sort((left, right) => left - right);
  const listed = [...places.keys()].map(listingOf);
  const calendar = sessionInputs(dates);
  const asOfUs = Number.MAX_SAFE_INTEGER;
  const steps = await readSteps(source, {
    symbols: wanted,
    feed,
    fromUs: 0,
    asOfUs,
    adjust: 'splits',
  });
  const openBefore = (untilUs: number) => {
    const known = new Map([...steps].map(([name, own]) => [name, stepsBefore(own, untilUs)]));
    return replayed(bars, places, { symbols: listed, calendar, spanUs, steps: known });
  };
  return { name: `store, feed ${feed}`, open: () => openBefore(Infinity), openBefore };
}

const NOON = DAY / 2;

/** A bar of a day begins at midnight in UTC, which is the evening before in New York. */
function daily(spanUs: number): 0 | 1 {
  return spanUs === DAY ? 1 : 0;
}

interface Heard {
  readonly symbol: string;
  readonly startUs: number;
  /** Dollars, as they were paid. */
  readonly prices: readonly number[];
  readonly volume: number;
}

function replayed(
  bars: readonly Heard[],
  places: ReadonlyMap<string, number>,
  about: Pick<MarketSource, 'symbols' | 'calendar'> & {
    readonly spanUs: number;
    readonly steps: ReadonlyMap<string, Steps>;
  },
): MarketSource {
  const { symbols, calendar, spanUs, steps } = about;
  let next = 0;
  return {
    name: 'store',
    symbols,
    calendar,
    faults: new FaultList(),
    next(batch) {
      batch.clear();
      while (next < bars.length && !batch.isFull) {
        const startUs = bars[next]?.startUs ?? 0;
        for (let bar = bars[next]; bar?.startUs === startUs && batch.count < batch.eventsMax;) {
          const at = batch.add(BAR, places.get(bar.symbol) ?? -1, bar.startUs, BAR_FINAL, 0);
          fill(batch, at, bar, steps.get(bar.symbol));
          batch.f[at] = spanUs;
          next += 1;
          bar = bars[next];
        }
        batch.endFrame(startUs + spanUs);
      }
      return batch.frames > 0;
    },
    close: () => undefined,
  };
}

function fill(batch: EventBatch, at: number, bar: Heard, steps: Steps | undefined): void {
  const step = steps === undefined ? 0 : stepAt(steps, bar.startUs);
  const factor = steps?.price[step] ?? 1;
  const price = (place: number) =>
    Math.round((bar.prices[place] ?? Number.NaN) * factor * PRICE_SCALE);
  batch.a[at] = price(0);
  batch.b[at] = price(1);
  batch.c[at] = price(2);
  batch.d[at] = price(3);
  batch.e[at] = bar.volume * (steps?.size[step] ?? 1);
}
