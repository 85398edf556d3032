import { assert, present } from '../../core/assert.ts';
import { exp } from '../../core/math.ts';
import { Random } from '../../core/random.ts';
import type { DateNumber } from '../../core/time.ts';
import { previousTradingDay } from '../../domain/market/calendar.ts';
import type { DailyBar } from '../../domain/market/daily-bar.ts';
import { MARKET_DAY, OVERNIGHT_SHARE, SECTOR_DAY } from './market-model.ts';
import { completeOptions, type SeededMarketOptions } from './seeded-options.ts';
import { SECTORS, type SeededUniverse, seededUniverse } from './seeded-universe.ts';
import { dailyShares, wholeCents } from './trade-size.ts';

/**
 * The trading days before the market's first one, per symbol, oldest first. Prices end where the
 * session begins (but for the night), volume is what the session will have on average.
 */
export function seededHistory(
  options: SeededMarketOptions,
  days = 20,
): ReadonlyMap<string, readonly DailyBar[]> {
  assert(days >= 1 && days <= 400, 'a history has 1 to 400 days');
  const { seed, symbols, date, tradesPerDay } = completeOptions(options);
  const universe = seededUniverse(seed, symbols);
  const random = new Random(seed, HISTORY_STREAM);
  const dates = datesBefore(date, days);
  const factors = drawFactors(random, days);
  const history = new Map<string, readonly DailyBar[]>();
  for (let at = 0; at < universe.symbols.length; at += 1) {
    const name = present(universe.symbols[at], 'a symbol of the universe').name;
    const symbolRandom = random.fork(at);
    history.set(name, walkBack({ universe, at, dates, factors, tradesPerDay }, symbolRandom));
  }
  return history;
}

const HISTORY_STREAM = 2;
const VOLUME_DEVIATION = 0.3;
const FACTORS = 1 + SECTORS.length;

function datesBefore(date: DateNumber, days: number): readonly DateNumber[] {
  const dates: DateNumber[] = [];
  let at = date;
  for (let back = 0; back < days; back += 1) {
    at = present(previousTradingDay(at), 'a trading day before the market begins').date;
    dates.push(at);
  }
  return dates.toReversed();
}

/** Per day: the market's return, then each sector's. */
function drawFactors(random: Random, days: number): Float64Array {
  const factors = new Float64Array(days * FACTORS);
  for (let at = 0; at < factors.length; at += 1) {
    factors[at] = (at % FACTORS === 0 ? MARKET_DAY : SECTOR_DAY) * random.normal();
  }
  return factors;
}

type Walk = {
  readonly universe: SeededUniverse;
  readonly at: number;
  readonly dates: readonly DateNumber[];
  readonly factors: Float64Array;
  readonly tradesPerDay: number;
};

function walkBack(walk: Walk, random: Random): readonly DailyBar[] {
  const { universe, at, dates, factors } = walk;
  const own = universe.ownDay[at] ?? 0;
  const usual = dailyShares(universe.liquidity[at] ?? 0, walk.tradesPerDay);
  const bars: DailyBar[] = [];
  let close = universe.level[at] ?? 0;
  for (let day = dates.length - 1; day >= 0; day -= 1) {
    const market = (universe.beta[at] ?? 0) * (factors[day * FACTORS] ?? 0);
    const sectorAt = day * FACTORS + 1 + (universe.sector[at] ?? 0);
    const sector = (universe.gamma[at] ?? 0) * (factors[sectorAt] ?? 0);
    const open = close - (market + sector + own * random.normal());
    const reach = own + MARKET_DAY;
    const high = Math.max(open, close) + reach * 0.5 * Math.abs(random.normal());
    const low = Math.min(open, close) - reach * 0.5 * Math.abs(random.normal());
    const busy = exp(
      VOLUME_DEVIATION * random.normal() - (VOLUME_DEVIATION * VOLUME_DEVIATION) / 2,
    );
    bars.push({
      date: present(dates[day], 'a date of the history'),
      open: wholeCents(exp(open)),
      high: wholeCents(exp(high)),
      low: wholeCents(exp(low)),
      close: wholeCents(exp(close)),
      volume: Math.round(usual * busy),
    });
    const night = Math.sqrt(OVERNIGHT_SHARE);
    close = open - night * (own + MARKET_DAY) * 0.7 * random.normal();
  }
  return bars.toReversed();
}
