import { PRICE_SCALE } from '../../core/money.ts';
import type { MarketView } from '../../domain/risk/market-view.ts';
import { STATUS_HALTED, STATUS_QUOTING, STATUS_TRADING } from '../../domain/market/event-batch.ts';
import { BEST_ASK, BEST_BID } from '../../domain/market/nbbo.ts';
import {
  ROW_BAND_HIGH,
  ROW_BAND_LOW,
  ROW_BAR_US,
  ROW_HALT,
  ROW_HAS_QUOTES,
  ROW_LAST,
  ROW_LAST_US,
  ROW_NBBO,
  ROW_QUOTE_US,
} from '../../domain/market/symbol-row.ts';

/** Value of `ROW_HALT` while the symbol trades. */
export const HALT_NONE = 0;
const HALT_STOPPED = 1;
/** Trading again, but the quote is still from before. */
export const HALT_RESUMED = 2;

const BASIS_POINTS = 10_000;

/**
 * A copy of what risk and strategies look at, prices in ten-thousandths. `rangeAt`: where the
 * average true range stands, in dollars as all indicators.
 */
export function marketView(values: Float64Array, at: number, rangeAt: number): MarketView {
  return {
    bid: values[at + ROW_NBBO + BEST_BID] ?? Number.NaN,
    ask: values[at + ROW_NBBO + BEST_ASK] ?? Number.NaN,
    quoteUs: values[at + ROW_QUOTE_US] ?? 0,
    isBarOnly: values[at + ROW_HAS_QUOTES] !== 1,
    last: values[at + ROW_LAST] ?? Number.NaN,
    barUs: values[at + ROW_BAR_US] ?? 0,
    isHalted: values[at + ROW_HALT] !== HALT_NONE,
    bandLow: values[at + ROW_BAND_LOW] ?? Number.NaN,
    bandHigh: values[at + ROW_BAND_HIGH] ?? Number.NaN,
    averageRange: (values[rangeAt] ?? Number.NaN) * PRICE_SCALE,
  };
}

/** What the venue says of trading in the symbol; answers whether it stopped. */
export function takeStatus(values: Float64Array, at: number, status: number): boolean {
  switch (status) {
    case STATUS_HALTED:
    case STATUS_QUOTING: // Not tradable yet: the venue says so by STATUS_TRADING.
      values[at + ROW_HALT] = HALT_STOPPED;
      return true;
    case STATUS_TRADING:
      values[at + ROW_HALT] = values[at + ROW_HAS_QUOTES] === 1 ? HALT_RESUMED : HALT_NONE;
      return false;
    default:
      return false;
  }
}

/** A last price of that time, unless a later one is known: trades and bars overtake one another. */
export function takeLast(values: Float64Array, at: number, price: number, venueUs: number): void {
  if (venueUs < (values[at + ROW_LAST_US] ?? 0)) return;
  values[at + ROW_LAST_US] = venueUs;
  values[at + ROW_LAST] = price;
}

/** Between the best quotes; NaN unless both are there. */
export function middlePrice(values: Float64Array, at: number): number {
  const bid = values[at + ROW_NBBO + BEST_BID] ?? Number.NaN;
  return (bid + (values[at + ROW_NBBO + BEST_ASK] ?? Number.NaN)) / 2;
}

/** Of the middle, in basis points; negative where the quote is crossed, NaN without one. */
export function spreadBps(values: Float64Array, at: number): number {
  const bid = values[at + ROW_NBBO + BEST_BID] ?? Number.NaN;
  const ask = values[at + ROW_NBBO + BEST_ASK] ?? Number.NaN;
  return ((ask - bid) / ((ask + bid) / 2)) * BASIS_POINTS;
}

/** Deviations of a raw price from a mean in dollars; NaN until ready and where nothing moves. */
export function zScoreOf(price: number, upper: number, middle: number): number {
  // Bollinger's upper band stands two deviations above the middle.
  const deviation = (upper - middle) / 2;
  return deviation > 0 ? (price / PRICE_SCALE - middle) / deviation : Number.NaN;
}
