import { assert, present } from '../../core/assert.ts';
import { Random } from '../../core/random.ts';
import { type DateNumber, DAY, daysOfDate } from '../../core/time.ts';
import { nextTradingDay, newYorkDate } from '../../domain/market/calendar.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';

/** One share of before becomes `newRate / oldRate`; prices of before are divided by it. */
export type SplitAction = {
  readonly group: 'forward_splits' | 'reverse_splits';
  readonly id: string;
  readonly symbol: string;
  readonly newRate: number;
  readonly oldRate: number;
  readonly exDate: DateNumber;
};

export type DividendAction = {
  readonly group: 'cash_dividends';
  readonly id: string;
  readonly symbol: string;
  /** Ten-thousandths of a dollar a share. */
  readonly rate: number;
  readonly exDate: DateNumber;
  readonly payableDate: DateNumber;
};

export type CorporateAction = SplitAction | DividendAction;

export type ActionOptions = {
  readonly seed: number;
  readonly symbols: readonly ListedSymbol[];
  readonly history: ReadonlyMap<string, readonly DailyBar[]>;
};

/**
 * A small table of what companies did in the days before the session: one dividend for twenty
 * companies, one split for two hundred, at least one of each. The market's prices are in shares of
 * today, so a split makes the raw prices before it jump, as they do in real data.
 */
export function seededActions(options: ActionOptions): readonly CorporateAction[] {
  const { symbols, history } = options;
  const random = new Random(options.seed, ACTIONS_STREAM);
  const equities = symbols.filter(({ assetClass }) => assetClass === 'equity');
  const actions: CorporateAction[] = [];
  const splitAt = random.below(SPLIT_EVERY);
  const dividendAt = random.below(DIVIDEND_EVERY);
  for (let at = 0; at < equities.length; at += 1) {
    const symbol = present(equities[at], 'an equity').name;
    const days = history.get(symbol) ?? [];
    const isOnly = equities.length < SPLIT_EVERY && at === equities.length - 1;
    if (days.length >= DAYS_MIN) {
      if (at % SPLIT_EVERY === splitAt || isOnly) actions.push(drawSplit(random, symbol, days));
      if (at % DIVIDEND_EVERY === dividendAt || at === 0) {
        actions.push(drawDividend(random, symbol, days));
      }
    }
  }
  return actions.toSorted(
    (left, right) => left.exDate - right.exDate || (left.symbol < right.symbol ? -1 : 1),
  );
}

const ACTIONS_STREAM = 5;
const SPLIT_EVERY = 200;
const DIVIDEND_EVERY = 20;
const DAYS_MIN = 2;

function drawSplit(random: Random, symbol: string, days: readonly DailyBar[]): SplitAction {
  const exDate = drawExDay(random, days).date;
  const isForward = random.chance(0.75);
  const factor = random.pick([2, 3, 4, 10]);
  return {
    group: isForward ? 'forward_splits' : 'reverse_splits',
    id: drawId(random),
    symbol,
    newRate: isForward ? factor : 1,
    oldRate: isForward ? 1 : factor,
    exDate,
  };
}

function drawDividend(random: Random, symbol: string, days: readonly DailyBar[]): DividendAction {
  const day = drawExDay(random, days);
  // A quarter of two per cent a year, in whole cents.
  const rate = Math.max(1, Math.round((day.close * 0.005) / CENT)) * CENT;
  return {
    group: 'cash_dividends',
    id: drawId(random),
    symbol,
    rate,
    exDate: day.date,
    payableDate: present(nextTradingDay(dateAfter(day.date, 14)), 'a trading day').date,
  };
}

const CENT = 100;

/** Not the first day: there must be a price before it. */
function drawExDay(random: Random, days: readonly DailyBar[]): DailyBar {
  return present(days[1 + random.below(days.length - 1)], 'a day of the history');
}

function dateAfter(date: DateNumber, days: number): DateNumber {
  // Noon in London is the same day in New York.
  return newYorkDate((daysOfDate(date) + days) * DAY + DAY * 0.7);
}

/** Shaped as a UUID of version 4, drawn from the seed. */
function drawId(random: Random): string {
  let digits = '';
  for (let part = 0; part < 4; part += 1) digits += random.u32().toString(16).padStart(8, '0');
  assert(digits.length === 32, 'an id has 32 digits');
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
}

export type Adjustment = { readonly splits: boolean; readonly dividends: boolean };

/** What prices and volumes of a symbol's past days are multiplied with. */
export class AdjustmentTable {
  readonly #bySymbol = new Map<string, CorporateAction[]>();

  constructor(actions: readonly CorporateAction[]) {
    for (const action of actions) {
      const known = this.#bySymbol.get(action.symbol);
      if (known === undefined) this.#bySymbol.set(action.symbol, [action]);
      else known.push(action);
    }
  }

  /** The bar as it is asked for; `bar` is in shares of today and without dividends taken out. */
  adjust(symbol: string, bars: readonly DailyBar[], at: number, how: Adjustment): DailyBar {
    const bar = present(bars[at], 'a daily bar');
    let prices = 1;
    let shares = 1;
    for (const action of this.#bySymbol.get(symbol) ?? []) {
      if (action.exDate <= bar.date) continue;
      if (action.group !== 'cash_dividends') {
        if (how.splits) continue;
        prices *= action.newRate / action.oldRate;
        shares *= action.oldRate / action.newRate;
      } else if (how.dividends) {
        prices *= 1 - action.rate / closeBefore(bars, action.exDate);
      }
    }
    if (prices === 1 && shares === 1) return bar;
    return {
      date: bar.date,
      open: Math.round(bar.open * prices),
      high: Math.round(bar.high * prices),
      low: Math.round(bar.low * prices),
      close: Math.round(bar.close * prices),
      volume: Math.max(1, Math.round(bar.volume * shares)),
    };
  }
}

function closeBefore(bars: readonly DailyBar[], exDate: DateNumber): number {
  const before = bars.findLast(({ date }) => date < exDate);
  return present(before, 'a close before the dividend').close;
}
