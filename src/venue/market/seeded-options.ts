import { assert } from '../../core/assert.ts';
import type { DateNumber } from '../../core/time.ts';
import { nextTradingDay, type TradingDay, tradingDay } from '../../domain/market/calendar.ts';

export type SeededMarketOptions = {
  readonly seed: number;
  /** Equities, 1 to 10,000; two funds and an index come on top. Default 500. */
  readonly symbols?: number | undefined;
  /** The first day; it must be a trading day. Default 20240603. */
  readonly date?: DateNumber | undefined;
  /** Trading days in a row. Default 1. */
  readonly days?: number | undefined;
  /**
   * Trades of the average equity in a full core session: the scale of everything, as four quotes
   * come with each. Default 2,000, which makes about five million events of 500 symbols.
   */
  readonly tradesPerDay?: number | undefined;
  /** Only one-minute bars and halts, for the core session: fast, for long histories. */
  readonly minuteBarsOnly?: boolean | undefined;
  /** Whether there are (few) events before the open and after the close. Default true. */
  readonly extendedHours?: boolean | undefined;
};

export type CompleteOptions = { readonly [K in keyof SeededMarketOptions]-?: Value<K> };

/** Options are chosen by our own code, so a bad one breaks an invariant. */
export function completeOptions(options: SeededMarketOptions): CompleteOptions {
  const complete = {
    seed: options.seed,
    symbols: options.symbols ?? 500,
    date: options.date ?? 20240603,
    days: options.days ?? 1,
    tradesPerDay: options.tradesPerDay ?? 2_000,
    minuteBarsOnly: options.minuteBarsOnly ?? false,
    extendedHours: options.extendedHours ?? true,
  };
  const { seed, symbols, days, tradesPerDay } = complete;
  assert(Number.isSafeInteger(seed) && seed >= 0, 'a seed is a whole number from zero');
  assert(Number.isInteger(symbols) && symbols >= 1 && symbols <= 10_000, 'symbols are 1 to 10,000');
  assert(Number.isInteger(days) && days >= 1 && days <= 1_000, 'days are 1 to 1,000');
  assert(tradesPerDay > 0 && tradesPerDay <= 1_000_000, 'trades per day are up to a million');
  return complete;
}

export function sessionDays(options: CompleteOptions): readonly TradingDay[] {
  let day = tradingDay(options.date);
  assert(day !== undefined, `${options.date} is a trading day`);
  const days: TradingDay[] = [];
  for (let at = 0; at < options.days; at += 1) {
    assert(day !== undefined, 'the calendar reaches to the last day');
    days.push(day);
    day = nextTradingDay(day.date);
  }
  return days;
}

type Value<K extends keyof SeededMarketOptions> = Exclude<SeededMarketOptions[K], undefined>;
